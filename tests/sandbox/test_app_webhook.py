"""The customer's app over real HTTP: what it verifies, what it writes, what it leaves, and its switchable faults."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from billing_tui.sandbox.app import Faults
from billing_tui.sandbox.commerce import Link, Purchase, buy
from billing_tui.sandbox.stripe import objects
from tests.sandbox.app_client import Json, Wire, signed, wires

REFUSED = "Webhook Error: No signatures found matching the expected signature for payload"


@pytest.fixture(scope="module")
def running() -> Iterator[Wire]:
    with wires() as both:
        yield both["test"]


@pytest.fixture
def wire(running: Wire) -> Iterator[Wire]:
    app = running.sandbox.world.app("test")
    app.faults = Faults()
    yield running
    app.faults = Faults()


def event(kind: str = "billing_tui.probe", about: Json | None = None, key: str = "evt_probe_1") -> bytes:
    body = {"id": key, "object": "event", "type": kind, "livemode": False, "data": {"object": about or {}}}
    return json.dumps(body).encode()


class Buyer:
    """Somebody whose purchase nobody has told the app of yet."""

    def __init__(self, wire: Wire, *, tag: str, metadata: Json | None = None, link: Link | None = None) -> None:
        world = wire.sandbox.world
        email = f"{tag}@buyers.example"
        self.wire, self.user_id = wire, f"user_{tag}"
        world.clerk("test").add_user(email=email, user_id=self.user_id, public_metadata={"theme": "dark"})
        world.app("test").add_row(self.user_id, email, at=time.time() - 3600)
        customer = objects.customer(wire.account, email=email, metadata=metadata or {})
        self.purchase: Purchase = buy(wire.account, customer, price_of(wire), link=link, hearing="settled")

    def event(self, kind: str) -> tuple[str, bytes]:
        found = next(e for e in self.purchase.events if e["type"] == kind)
        shown = self.wire.stripe(f"/events/{found['id']}")
        return found["id"], json.dumps(shown).encode()

    def deliver(self, kind: str = "customer.subscription.created") -> Any:
        return self.wire.post(body := self.event(kind)[1], signed(body, self.wire.secret))

    def state(self) -> tuple[Any, Any]:
        """The plan in Clerk and in the database; other metadata must have stayed."""
        metadata = self.wire.clerk(f"/users/{self.user_id}")["public_metadata"]
        assert metadata["theme"] == "dark"
        return metadata.get("plan"), self.wire.row(self.user_id)["plan"]


def price_of(wire: Wire, plan: str = "pro") -> Json:
    for price in wire.account.table("price"):
        product = wire.account.get("product", price["product"])
        if price["active"] and price["recurring"] and product["metadata"].get("plan") == plan:
            return price
    raise AssertionError(f"no price for {plan}")


def linked(wire: Wire, tag: str) -> Buyer:
    return Buyer(wire, tag=tag, link=Link.to(f"user_{tag}"))


def test_the_four_probes_of_a_sound_app(wire: Wire) -> None:
    body = event()
    answers = [
        wire.post(b"{}", None),
        wire.post(body, signed(body, wire.secret)),
        wire.post(body, signed(body, "whsec_other")),
        wire.post(body, signed(body, wire.secret, time.time() - 3600)),
    ]
    assert [(a.status_code, a.text) for a in answers] == [
        (400, "Webhook Error: No stripe-signature header value was provided."),
        (200, "ok"),
        (400, REFUSED),
        (400, "Webhook Error: Timestamp outside the tolerance zone"),
    ]


@pytest.mark.parametrize("header", ["t=,v1=", "v1=abc", "t=1", "t=x,v1=é", "nonsense", "t=1,v0=ab"])
def test_a_strange_signature_header_is_refused_plainly(wire: Wire, header: str) -> None:
    answer = wire.http.post(wire.webhook_url, content=b"{}", headers={b"Stripe-Signature": header.encode()})
    assert answer.status_code == 400


def test_the_signature_covers_the_raw_body_and_any_v1_may_fit(wire: Wire) -> None:
    body = event()
    header = signed(body, wire.secret)
    moment, _, digest = header.partition(",v1=")
    assert wire.post(body.replace(b": ", b":"), header).status_code == 400
    assert wire.post(body, f"{moment},v1={'0' * 64},v1={digest},v0=x").status_code == 200


def test_an_event_writes_clerk_the_row_and_the_ledger_once(wire: Wire) -> None:
    buyer = linked(wire, "once")
    key, _ = buyer.event("customer.subscription.created")
    assert buyer.state() == (None, "free")
    assert buyer.deliver().text == "ok"
    row, subscription = wire.row(buyer.user_id), buyer.purchase.subscription
    assert buyer.state() == ("pro", "pro")
    assert row["stripe_subscription_id"] == subscription["id"]
    assert row["stripe_customer_id"] == buyer.purchase.customer["id"]
    assert row["subscription_status"] == "active"
    assert row["current_period_end"] > row["updated_at"]
    assert [entry["type"] for entry in wire.ledger([key])] == ["customer.subscription.created"]
    written = wire.clerk(f"/users/{buyer.user_id}")["updated_at"]
    assert buyer.deliver().text == "duplicate"
    assert wire.clerk(f"/users/{buyer.user_id}")["updated_at"] == written


@pytest.mark.parametrize("place", ["subscription", "customer", "session"])
def test_the_user_is_found_wherever_the_link_was_put(wire: Wire, place: str) -> None:
    tag = f"link{place}"
    links = {"subscription": Link(subscription_user=f"user_{tag}"), "session": Link(client_reference=f"user_{tag}")}
    metadata = {"clerkUserId": f"user_{tag}"} if place == "customer" else {}
    buyer = Buyer(wire, tag=tag, metadata=metadata, link=links.get(place))
    assert buyer.deliver().status_code == 200
    assert buyer.state() == ((None, "free") if place == "session" else ("pro", "pro"))
    assert buyer.deliver("checkout.session.completed").status_code == 200
    assert buyer.state() == ("pro", "pro")


def test_nobody_to_find_is_a_200_that_writes_nothing(wire: Wire) -> None:
    buyer = Buyer(wire, tag="nobody")
    key, _ = buyer.event("customer.subscription.created")
    assert buyer.deliver().status_code == 200
    assert buyer.state() == (None, "free")
    assert wire.ledger([key]) == []


def test_the_subscription_is_fetched_anew(wire: Wire) -> None:
    buyer = linked(wire, "anew")
    body = buyer.event("customer.subscription.created")[1]
    wire.stripe(f"/subscriptions/{buyer.purchase.subscription['id']}", "DELETE")
    wire.control("/settle")
    assert wire.post(body, signed(body, wire.secret)).status_code == 200
    assert buyer.state() == ("free", "free")
    assert wire.row(buyer.user_id)["subscription_status"] == "canceled"


def test_a_failure_on_the_way_is_a_500_that_can_be_tried_again(wire: Wire) -> None:
    buyer = linked(wire, "again")
    key, _ = buyer.event("customer.subscription.created")
    wire.control("/outage", service="clerk", kind="500")
    assert buyer.deliver().status_code == 500
    wire.control("/outage", service="clerk", kind=None)
    assert wire.ledger([key]) == []
    assert buyer.deliver().text == "ok"
    assert buyer.state() == ("pro", "pro")


def test_a_wrong_secret_refuses_what_stripe_signs(wire: Wire) -> None:
    wire.sandbox.world.app("test").faults.wrong_secret = "whsec_stale"
    body = event()
    answer = wire.post(body, signed(body, wire.secret))
    assert (answer.status_code, answer.text) == (400, REFUSED)
    assert wire.post(body, signed(body, "whsec_stale")).status_code == 200


@pytest.mark.parametrize(
    ("redirect", "change"),
    [("slash", ("/stripe", "/stripe/")), ("https", ("http://", "https://")), ("www", ("//127.", "//www.127."))],
)
def test_a_redirect_answers_before_the_app_does(wire: Wire, redirect: Any, change: tuple[str, str]) -> None:
    slashed = f"{wire.webhook_url}/"
    body = event()
    assert wire.post(body, signed(body, wire.secret), slashed).status_code == 404
    wire.sandbox.world.app("test").faults.redirect = redirect
    answer = wire.post(body, signed(body, wire.secret))
    assert answer.status_code == 308
    assert answer.headers["location"] == wire.webhook_url.replace(*change)
    followed = wire.post(body, signed(body, wire.secret), slashed)
    assert followed.status_code == (200 if redirect == "slash" else 404)


def test_a_crashing_handler_still_takes_types_it_does_not_handle(wire: Wire) -> None:
    wire.sandbox.world.app("test").faults.crash = True
    body = event()
    assert wire.post(body, signed(body, wire.secret)).status_code == 200
    assert linked(wire, "crash").deliver().status_code == 500


def test_faults_of_one_person_leave_the_next_alone(wire: Wire) -> None:
    faults = wire.sandbox.world.app("test").faults
    buyers = {name: linked(wire, name.replace("_", "")) for name in ("ignore", "mark_then_crash", "none")}
    for name in ("skip_database", "skip_clerk"):
        buyers[name] = linked(wire, name.replace("_", ""))
    for name, buyer in buyers.items():
        if name != "none":
            getattr(faults, name).add(buyer.purchase.customer["id"])
    first = {name: buyer.deliver() for name, buyer in buyers.items()}
    second = {name: buyer.deliver().text for name, buyer in buyers.items()}
    assert {name: answer.status_code for name, answer in first.items() if answer.status_code != 200} == {"mark_then_crash": 500}
    assert second["mark_then_crash"] == "duplicate"
    assert second["ignore"] == "ok"
    assert {name: buyer.state() for name, buyer in buyers.items()} == {
        "ignore": (None, "free"),
        "mark_then_crash": (None, "free"),
        "none": ("pro", "pro"),
        "skip_database": ("pro", "free"),
        "skip_clerk": (None, "pro"),
    }


def test_other_paths_and_methods(wire: Wire) -> None:
    assert wire.http.get(wire.webhook_url).status_code == 405
    assert wire.post(b"{}", None, wire.webhook_url.replace("/test/", "/staging/")).status_code == 404
    assert wire.post(b"x" * (2 * 1024 * 1024 + 1), "t=1,v1=a").status_code == 413
