"""Every way in which a pair of modes can be unfit to go live, one for each check that can be told; and mended again."""

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stripe.table import Obj
from tests.cli.office import Office
from tests.cli.program import Json

Setting = dict[str, str | None]
"""What of the environment is otherwise while it is broken."""


@dataclass(frozen=True)
class Fault:
    """`expected` are the checks that fail: its own, and those that can't but fail with it."""

    name: str
    breaks: Callable[[Office], Any]
    expected: frozenset[str]


@contextmanager
def changed(row: Obj, **values: Any) -> Iterator[Setting]:
    before = {name: row[name] for name in values}
    row.update(values)
    try:
        yield {}
    finally:
        row.update(before)


@contextmanager
def without(office: Office, kind: str, row: Obj) -> Iterator[Setting]:
    table = office.sandbox.world.stripe("live").table(kind)
    table.remove(row["id"])
    try:
        yield {}
    finally:
        table.add(row)


@contextmanager
def added(office: Office, kind: str, row: Obj, mode: Any = "live") -> Iterator[Setting]:
    table = office.sandbox.world.stripe(mode).table(kind)
    table.add(row)
    try:
        yield {}
    finally:
        table.remove(row["id"])


@contextmanager
def faulty(office: Office, **faults: Any) -> Iterator[Setting]:
    app = office.sandbox.world.app("live")
    before = app.faults
    app.faults = replace(before, **faults)
    try:
        yield {}
    finally:
        app.faults = before


@contextmanager
def configured(office: Office, *changes: tuple[str, str]) -> Iterator[Setting]:
    """The file has live mode after test mode: what both have is changed in live mode alone."""
    path = office.program.configured()
    test, mark, live = path.read_text(encoding="utf-8").partition("[profiles.demo.live]")
    for old, new in changes:
        assert old in live
        live = live.replace(old, new, 1)
    path.write_text(test + mark + live, encoding="utf-8")
    yield {"BILLING_TUI_CONFIG": str(path)}


@contextmanager
def row_of(office: Office, **values: str | None) -> Iterator[Setting]:
    """A person of the live database more."""
    key = f"user_{secrets.token_hex(4)}"
    columns = {"id": key, "email": "a@b.example", "updated_at": "2026-01-01T00:00:00Z"} | values
    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
    office.execute(f"INSERT INTO users ({names}) VALUES ({marks})", *columns.values(), mode="live")
    try:
        yield {}
    finally:
        office.execute("DELETE FROM users WHERE id = ?", key, mode="live")


@contextmanager
def loose_ledger(office: Office) -> Iterator[Setting]:
    """The ledger of a database of its own, where an event may stand twice."""
    url = f"sqlite:///{office.program.home}/loose.db"
    with sqlite3.connect(office.wires["live"].database) as old, sqlite3.connect(url.removeprefix("sqlite:///")) as new:
        new.executescript("DROP TABLE IF EXISTS users; DROP TABLE IF EXISTS processed_events;")
        new.execute(old.execute("SELECT sql FROM sqlite_master WHERE name = 'users'").fetchone()[0])
        new.execute("CREATE TABLE processed_events (event_id TEXT, type TEXT, processed_at TEXT)")
    yield {"BILLING_TUI_LIVE_DATABASE_URL": url}


def live(office: Office, kind: str, **having: Any) -> Obj:
    rows = office.sandbox.world.stripe("live").table(kind)
    return next(row for row in rows if all(row[name] == value for name, value in having.items()))


def product(office: Office, plan: str, mode: Mode = "live") -> Obj:
    return next(row for row in office.sandbox.world.stripe(mode).table("product") if row["metadata"].get("plan") == plan)


def monthly(office: Office, tier: str) -> Obj:
    return live(office, "price", lookup_key=f"{tier}_monthly")


def endpoint(office: Office, mode: Mode = "live") -> Obj:
    return next(iter(office.sandbox.world.stripe(mode).table("webhook_endpoint")))


def portal(office: Office) -> Obj:
    return next(iter(office.sandbox.world.stripe("live").table("billing_portal.configuration")))


def features(office: Office, name: str, **values: Any) -> Json:
    held = portal(office)["features"]
    return {**held, name: {**held[name], **values}}


def account(office: Office) -> Obj:
    return next(iter(office.sandbox.world.stripe("live").table("account")))


def events(office: Office, *, but: str) -> list[str]:
    return [name for name in endpoint(office)["enabled_events"] if name != but]


@contextmanager
def orphaned(office: Office) -> Iterator[Setting]:
    """Somebody pays for an archived price of a product that stands for no plan."""
    seat = live(office, "product", name="Extra seat")
    price = next(row for row in office.sandbox.world.stripe("live").table("price") if row["product"] == seat["id"])
    someone = next(row for row in office.sandbox.world.stripe("live").table("subscription") if row["status"] == "active")
    item = someone["items"]["data"][0]
    with changed(price, active=False), changed(item, price=price):
        yield {}


@contextmanager
def keyed(office: Office) -> Iterator[Setting]:
    """A restricted key that may not read endpoints."""
    rights = [
        "accounts_kyc_basic_read",
        "plan_read",
        "product_read",
        "customer_portal_read",
        "subscription_read",
        "customer_read",
    ]
    sent: Json = {"mode": "live", "permissions": rights, "expired": False}
    yield {"BILLING_TUI_LIVE_STRIPE_KEY": str(office.wires["live"].control("/keys", **sent)["key"])}


@contextmanager
def template(office: Office, claims: Json, lifetime: int) -> Iterator[Setting]:
    clerk = office.sandbox.world.clerk("live")
    made = clerk.add_jwt_template(name="app", claims=claims, lifetime=lifetime)
    try:
        with configured(office, ('clerk_plan_field = "', 'clerk_jwt_template = "app"\nclerk_plan_field = "')) as setting:
            yield setting
    finally:
        del clerk.jwt_templates[made["id"]]


@contextmanager
def versioned(office: Office) -> Iterator[Setting]:
    """The app's code was written for an older version."""
    path = office.program.configured(('default_mode = "test"\n', 'default_mode = "test"\ncode_api_version = "2024-06-20"\n'))
    yield {"BILLING_TUI_CONFIG": str(path)}


@contextmanager
def wrong_account(office: Office) -> Iterator[Setting]:
    with configured(office, (account(office)["id"], "acct_another")) as setting:
        yield setting


@contextmanager
def environment(**values: str | None) -> Iterator[Setting]:
    yield dict(values)


_PLAN = {"plan": "{{user.public_metadata.plan}}"}
_OTHER = "charge.dispute.created"


def _is(name: str, breaks: Callable[[Office], Any], *expected: str) -> Fault:
    return Fault(name, breaks, frozenset(expected or (name[:5],)))


FAULTS = (
    _is("GL-01", lambda o: environment(BILLING_TUI_LIVE_STRIPE_KEY=o.program.env["BILLING_TUI_TEST_STRIPE_KEY"])),
    _is("GL-03 not activated", lambda o: changed(account(o), charges_enabled=False)),
    _is("GL-03 another account", wrong_account),
    _is("GL-04", lambda o: changed(product(o, "starter"), active=False), "GL-04", "GL-05"),
    _is("GL-05", lambda o: changed(monthly(o, "pro"), unit_amount=3900)),
    _is("GL-05 tax", lambda o: changed(monthly(o, "pro"), tax_behavior="inclusive")),
    _is("GL-06", lambda o: changed(product(o, "pro"), metadata={}, name="Everything"), "GL-06", "GL-07", "GL-04", "GL-05"),
    _is("GL-07", lambda o: changed(product(o, "pro"), metadata={"plan": "Pro "}), "GL-07", "GL-04", "GL-05"),
    _is("GL-08", lambda o: changed(live(o, "product", name="Extra seat"), metadata={"addon": "seat", "plan": "free"})),
    _is("GL-09", lambda o: configured(o, ('clerk_plan_field = "', 'prices = { price_gone = "pro" }\nclerk_plan_field = "'))),
    _is("GL-10", orphaned),
    _is("GL-11 none", lambda o: without(o, "webhook_endpoint", endpoint(o))),
    _is("GL-11 elsewhere", lambda o: changed(endpoint(o), url="https://elsewhere.example/hook")),
    _is("GL-11 nearly", lambda o: changed(endpoint(o), url=endpoint(o)["url"] + "/")),
    _is("GL-12", lambda o: changed(endpoint(o), status="disabled")),
    _is("GL-13", lambda o: changed(endpoint(o), enabled_events=events(o, but="customer.subscription.deleted"))),
    _is("GL-14", lambda o: changed(endpoint(o), enabled_events=events(o, but="charge.refunded"))),
    _is("GL-15", lambda o: changed(endpoint(o), enabled_events=["*"])),
    _is("GL-16", versioned),
    _is("GL-17", lambda o: faulty(o, redirect="slash")),
    _is("GL-17 hang up", lambda o: faulty(o, wall="hang up")),
    _is("GL-18", lambda o: faulty(o, wrong_secret="whsec_another")),
    _is("GL-19", lambda o: faulty(o, trusting=True), "GL-19", "GL-20"),
    _is("GL-20", lambda o: faulty(o, timeless=True)),
    _is("GL-21", lambda o: faulty(o, slow=1.1)),
    _is("GL-22 twice", lambda o: added(o, "webhook_endpoint", endpoint(o) | {"id": "we_twice"})),
    _is("GL-22 test", lambda o: added(o, "webhook_endpoint", endpoint(o) | {"id": "we_stray", "livemode": False}, "test")),
    _is("GL-24", lambda o: environment(BILLING_TUI_LIVE_WEBHOOK_SECRET=o.program.env["BILLING_TUI_TEST_WEBHOOK_SECRET"]),
        "GL-24", "GL-18"),
    _is("GL-25", keyed),
    _is("GL-26 none", lambda o: changed(portal(o), active=False)),
    _is("GL-26 no cancelling", lambda o: changed(portal(o), features=features(o, "subscription_cancel", enabled=False))),
    _is("GL-28 off", lambda o: changed(portal(o), features=features(o, "subscription_update", enabled=False))),
    _is("GL-28 nothing", lambda o: changed(portal(o), features=features(o, "subscription_update", products=[]))),
    _is("GL-28 strange", lambda o: changed(portal(o), features=features(
        o, "subscription_update", products=[{"product": "prod_x", "prices": ["price_x"]}]))),
    _is("GL-29", lambda o: changed(o.sandbox.world.clerk("live").instance, environment_type="development")),
    _is("GL-30", lambda o: template(o, {"role": "user"}, 60)),
    _is("GL-31", lambda o: template(o, _PLAN, 3600)),
    _is("GL-32", lambda o: faulty(o, wall="sign-in"), "GL-32", "GL-17"),
    _is("GL-34", lambda o: row_of(o, stripe_customer_id=next(iter(o.sandbox.world.stripe("test").table("customer")))["id"])),
    _is("GL-35", lambda o: row_of(o, plan="pro")),
    _is("GL-36", loose_ledger),
    _is("GL-41", lambda o: changed(account(o)["settings"]["payments"], statement_descriptor=None)),
    _is("GL-45 metadata", lambda o: changed(product(o, "pro", "test"), metadata={"plan": "pro", "seats": "4"})),
    _is("GL-45 events", lambda o: changed(endpoint(o, "test"), enabled_events=[*endpoint(o, "test")["enabled_events"], _OTHER])),
)  # fmt: skip
