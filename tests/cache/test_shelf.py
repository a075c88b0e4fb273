"""What the shelf answers: filter words, orders, search, related objects, completion; and rows of every shape of subscription."""

import json
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from billing_tui.cache import schema, standings, store
from billing_tui.cache.objects import (
    ListedCustomer,
    ListedEvent,
    ListedSubscription,
    customer_values,
    event_values,
    price_values,
    product_values,
    subscription_values,
)
from billing_tui.cache.rows import Heard, Sent
from billing_tui.cache.shelf import Shelf, SubscriptionRow, View, open_shelf
from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Price, Product
from billing_tui.model.text import loosely

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = 86400
PROFILE = Profile(name="acme", mode="test", tiers=("free", "starter", "pro", "enterprise"))
Json = dict[str, Any]


def at(days: float) -> int:
    return int((NOW + timedelta(days=days)).timestamp())


PRODUCTS: list[Json] = [{"id": f"prod_{plan}", "name": plan.title(), "metadata": {"plan": plan}} for plan in ("starter", "pro")]
PRODUCTS.append({"id": "prod_odd", "name": "Odd", "metadata": {"plan": "Pro "}})


def price(plan: str, amount: int | None, currency: str = "usd", interval: str = "month", count: int = 1) -> Json:
    return {
        "id": f"price_{plan}_{currency}_{interval}",
        "product": f"prod_{plan}",
        "unit_amount": amount,
        "currency": currency,
        "recurring": {"interval": interval, "interval_count": count},
    }


PRO, STARTER, PRO_EUR = price("pro", 2900), price("starter", 900), price("pro", 2700, "eur")
YEARLY, ODD = price("pro", 29000, interval="year"), price("odd", 500)
PEOPLE: list[Json] = [
    {
        "id": "cus_lena",
        "email": "lena@kornfeld.example",
        "name": "Lena Kornfeld",
        "created": at(-40),
        "metadata": {"u": "user_2xk"},
    },
    {"id": "cus_ben", "email": "Ben@Carter.example", "name": "Ben 100% [/b]", "created": at(-3), "delinquent": True},
    {"id": "cus_nil", "email": None, "name": None, "created": at(-1)},
    {"id": "cus_jp", "email": "hello@日本語.jp", "name": "日本語 太郎", "created": at(-2)},
]


def item(of: Json, quantity: int | None = 1, end: float | None = 10) -> Json:
    return {"id": f"si_{of['id']}", "price": of, "quantity": quantity, "current_period_end": at(end) if end is not None else None}


def subscription(name: str, *items: Json, **more: Any) -> Json:
    held = {"id": f"sub_{name}", "customer": "cus_lena", "status": "active", "created": at(-30), "items": {"data": items}}
    return {**held, **more}


def cached(path: Path, subscriptions: list[Json], events: list[Json] | None = None) -> Shelf:
    """A shelf on a cache with these objects, decoded from JSON as they come over the wire."""

    def decoded(held: list[Json], kind: type[Any]) -> list[Any]:
        return msgspec.json.decode(json.dumps(held), type=list[kind], dec_hook=loosely)  # type: ignore[valid-type]  # msgspec reads it at run time

    with closing(schema.connect(path)) as database:
        prices = decoded([PRO, STARTER, PRO_EUR, YEARLY, ODD], Price)
        store.put(database, "products", [product_values(one) for one in decoded(PRODUCTS, Product)], 1)
        store.put(database, "prices", [price_values(one) for one in prices], 1)
        standings.settle(database, PROFILE)
        known = standings.standings(database)
        store.put(database, "customers", [customer_values(one) for one in decoded(PEOPLE, ListedCustomer)], 1)
        rows = [subscription_values(one, known, PROFILE) for one in decoded(subscriptions, ListedSubscription)]
        store.put(database, "subscriptions", rows, 1)
        store.put(database, "events", [event_values(one) for one in decoded(events or [], ListedEvent)], 1)
    return open_shelf(path, profile=PROFILE, now=lambda: NOW)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return cached(
        tmp_path / "cache.db",
        [
            subscription("plain", item(PRO)),
            subscription("ends", item(PRO_EUR, end=3), cancel_at_period_end=True, customer="cus_ben"),
            subscription("due", item(STARTER), status="past_due", customer="cus_jp", metadata={"seat": "blue-42"}),
            subscription("over", item(PRO), status="canceled", ended_at=at(-5), customer="cus_ben"),
            subscription("trial", item(STARTER), status="trialing", trial_end=at(2), customer="cus_nil"),
            subscription("several", item(STARTER), item(PRO, 3), customer="cus_jp", created=at(-20)),
        ],
        [
            {
                "id": "evt_1",
                "type": "customer.subscription.updated",
                "created": at(-1),
                "data": {"object": {"id": "sub_plain", "object": "subscription", "customer": {"id": "cus_lena"}}},
            },
            {
                "id": "evt_2",
                "type": "invoice.paid",
                "created": at(-2),
                "pending_webhooks": 1,
                "data": {"object": {"id": "in_1", "object": "invoice", "customer": "cus_lena", "subscription": "sub_plain"}},
            },
        ],
    )


def names(shelf: Shelf, view: View) -> list[str]:
    rows = shelf.rows(view.kind, shelf.ids(view))
    assert shelf.count(view) == len(rows)
    return [row.id.partition("_")[2] for row in rows if row]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", {"lena", "ben", "nil", "jp"}),
        ("created:>30d", {"lena"}),
        ("created:<7d", {"ben", "nil", "jp"}),
        ("created:2026-11-17", {"ben"}),
        ("created:>=2026-11", {"ben", "nil", "jp"}),
        ("kornfeld", {"lena"}),
        ("LENA korn", {"lena"}),
        ("user_2xk", {"lena"}),
        ("us_le", {"lena"}),
        ("日本語", {"jp"}),
        ("100% [/b]", {"ben"}),
        ("be", {"ben"}),
        ("ca", set()),
        ("status:past_due", {"jp"}),
        ("plan:pro", {"lena", "ben", "jp"}),
        ("plan:starter paying:yes", {"nil"}),
        ("delinquent:yes", {"ben"}),
        ("currency:eur carter", {"ben"}),
        ('"Lena Korn"', {"lena"}),
        ("nobody'\"--", set()),
    ],
)
def test_filter_words_of_customers(shelf: Shelf, words: str, expected: set[str]) -> None:
    assert set(names(shelf, View("customers", words))) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("status:active plan:pro", {"plain", "ends", "several"}),
        ("ends:<7d", {"ends"}),
        ("ends:yes", {"ends"}),
        ("ended:yes", {"over"}),
        ("trial:<7d", {"trial"}),
        ("items:>1", {"several"}),
        (f"price:{PRO['id']}", {"plain", "over", "several"}),
        ("period:<7d", {"ends"}),
        ("lena", {"plain"}),
        ("blue-42", {"due"}),
        ("sub_sev", {"several"}),
        ("currency:EUR", {"ends"}),
        ("amount:>5000", {"several"}),
        ("created:<25d", {"several"}),
    ],
)
def test_filter_words_of_subscriptions(shelf: Shelf, words: str, expected: set[str]) -> None:
    assert set(names(shelf, View("subscriptions", words))) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("type:invoice.*", {"2"}), ("pending:>0", {"2"}), ("lena", {"1", "2"}), ("sub_plain", {"1", "2"}), ("object:in_1", {"2"})],
)
def test_filter_words_of_events(shelf: Shelf, words: str, expected: set[str]) -> None:
    assert set(names(shelf, View("events", words))) == expected


SENT = Sent(
    (
        Heard("we_own", "https://app.example/hook", ("invoice.paid", "customer.subscription.created"), 0, enabled=True, own=True),
        Heard("we_late", "https://other.example", ("*",), 1 << 40, enabled=True, own=False),
    ),
    retries=3 * 86400,
)
STATES = ("delivered", "pending", "failed", "unsubscribed", "unknown")


@pytest.mark.parametrize("sent", [SENT, Sent(SENT.endpoints[1:], SENT.retries), Sent((), 0)])
def test_every_event_is_in_one_state(shelf: Shelf, sent: Sent) -> None:
    everything = names(shelf, View("events"))
    found = [name for state in STATES for name in names(shelf, View("events", f"state:{state}", sent=sent))]
    assert sorted(found) == sorted(everything)


def test_events_by_endpoint(shelf: Shelf) -> None:
    assert names(shelf, View("events", "endpoint:we_late", sent=SENT)) == []
    heard = {row.type for row in shelf.rows("events", shelf.ids(View("events", "endpoint:app.example", sent=SENT))) if row}
    assert heard <= {"invoice.paid", "customer.subscription.created"}
    with pytest.raises(BadUsage, match="we_other"):
        shelf.count(View("events", "endpoint:we_other", sent=SENT))
    with pytest.raises(BadUsage, match="not known here"):
        shelf.count(View("events", "state:failed"))


@pytest.mark.parametrize(
    "word", ["created:>banana", "status:frobnicate", "ends:", "created:2026-13", "items:many", "paused:perhaps"]
)
def test_a_word_that_makes_no_sense_is_named(shelf: Shelf, word: str) -> None:
    with pytest.raises(BadUsage) as told:
        shelf.count(View("subscriptions", f"lena {word}"))
    assert word.split(":")[1] in told.value.message


def test_a_column_that_there_is_not_is_named(shelf: Shelf) -> None:
    with pytest.raises(BadUsage, match="colour"):
        shelf.ids(View("customers", sort="colour"))


def test_orders(shelf: Shelf) -> None:
    assert names(shelf, View("customers")) == ["nil", "jp", "ben", "lena"]
    assert names(shelf, View("customers", reverse=True)) == ["lena", "ben", "jp", "nil"]
    assert names(shelf, View("customers", sort="email")) == ["ben", "jp", "lena", "nil"]
    assert names(shelf, View("customers", sort="email", reverse=True)) == ["lena", "jp", "ben", "nil"]
    assert names(shelf, View("subscriptions", "ends:yes", sort="ends")) == ["ends"]
    assert shelf.ids(View("customers"), limit=2) == shelf.ids(View("customers"))[:2]


def test_what_is_gone_is_told_and_its_number_is_never_given_again(shelf: Shelf, tmp_path: Path) -> None:
    numbers = shelf.ids(View("customers"))
    newest = max(numbers)
    with closing(schema.connect(tmp_path / "cache.db")) as database:
        (gone,) = database.execute("select id from customers where n = ?", [newest]).fetchone()
        store.remove(database, "customers", [gone])
        store.put(database, "customers", [customer_values(ListedCustomer(id="cus_new", email="new@x.example"))], 1)
    rows = dict(zip(numbers, shelf.rows("customers", numbers), strict=True))
    assert rows.pop(newest) is None
    assert all(rows.values())
    assert shelf.find(gone) == []
    assert [match.customer_id for match in shelf.find("new@")] == ["cus_new"]


def test_finding_as_one_types(shelf: Shelf) -> None:
    assert [match.customer_id for match in shelf.find("l")] == ["cus_lena"]
    assert [match.customer_id for match in shelf.find("kornf")] == ["cus_lena"]
    assert {match.customer_id for match in shelf.find("example")} == {"cus_lena", "cus_ben"}
    assert [match.tier for match in shelf.find("ben@CARTER")] == ["pro"]
    assert shelf.find("  ") == shelf.find('"; drop') == shelf.find("zz") == []


def test_related_objects(shelf: Shelf) -> None:
    assert [row.id for row in shelf.subscriptions_of("cus_ben")] == ["sub_over", "sub_ends"]
    customer = shelf.customer_of("sub_plain")
    assert customer
    assert (customer.id, customer.tier, customer.status, customer.live) == ("cus_lena", "pro", "active", 1)
    assert [row.id for row in shelf.events_of("cus_lena")] == ["evt_1", "evt_2"]
    assert [row.id for row in shelf.events_of("sub_plain")] == ["evt_1", "evt_2"]
    assert [row.id for row in shelf.events_of("in_1")] == ["evt_2"]


def test_completion(shelf: Shelf) -> None:
    assert shelf.complete("subscriptions", "sta") == ["status:"]
    assert shelf.complete("subscriptions", "status:pa") == ["status:past_due", "status:paused"]
    assert shelf.complete("subscriptions", "plan:") == ["plan:starter", "plan:pro"]
    assert shelf.complete("events", "type:inv") == ["type:invoice.paid"]
    assert shelf.complete("customers", "lena") == shelf.complete("customers", "") == shelf.complete("customers", "no:") == []


def test_tiers_with_subscribers_and_revenue_for_each_currency(shelf: Shelf) -> None:
    tiers = {row.tier: row for row in shelf.tiers()}
    assert list(tiers) == ["free", "starter", "pro", "enterprise", None]
    assert (tiers["starter"].subscribers, tiers["pro"].subscribers) == (2, 3)
    assert tiers["pro"].revenue == {"usd": 2900 + 3 * 2900, "eur": 2700}
    assert tiers["starter"].revenue == {"usd": 900 + 900}, "a trial brings nothing yet"
    assert sum(row.share for row in tiers.values()) == pytest.approx(1)
    (odd,) = tiers[None].prices
    assert (odd.path, odd.value) == ("product.metadata.plan", "Pro ")


SHAPES: list[tuple[str, Json, Json]] = [
    ("plain", subscription("x", item(PRO)), {"tier": "pro", "amount": 2900, "interval": "month", "period_end": at(10)}),
    ("acacia", subscription("x", item(PRO, end=None), current_period_end=at(9)), {"period_end": at(9), "mixed": False}),
    (
        "cancel_at alone, as the portal writes it",
        subscription("x", item(PRO), cancel_at=at(10), cancel_at_period_end=False),
        {"ends_at": at(10), "ends_by": "cancel_at"},
    ),
    (
        "the boolean alone",
        subscription("x", item(PRO), cancel_at_period_end=True),
        {"ends_at": at(10), "ends_by": "cancel_at_period_end"},
    ),
    ("not scheduled", subscription("x", item(PRO)), {"ends_at": None, "ends_by": ""}),
    (
        "items that end apart",
        subscription("x", item(STARTER, end=20), item(YEARLY, end=5)),
        {"mixed": True, "period_end": at(5), "amount": None, "tier": "pro"},
    ),
    ("two of one kind", subscription("x", item(STARTER, 2), item(PRO, 3)), {"amount": 1800 + 8700, "tier": "pro"}),
    ("two currencies", subscription("x", item(PRO), item(PRO_EUR)), {"amount": None, "currency": "usd"}),
    ("metered", subscription("x", item(price("pro", None), None)), {"amount": None}),
    (
        "collection paused",
        subscription("x", item(PRO), pause_collection={"behavior": "void", "resumes_at": at(7)}),
        {"paused": "collection", "pause_reason": "void", "resumes_at": at(7), "status": "active", "paid": True},
    ),
    (
        "wholly paused",
        subscription("x", item(PRO), status="paused", status_details={"paused": {"subscription": {"type": "pause_requested"}}}),
        {"paused": "whole", "pause_reason": "pause_requested", "paid": False},
    ),
    ("paused before endive", subscription("x", item(PRO), status="paused"), {"paused": "whole", "pause_reason": ""}),
    ("trial", subscription("x", item(PRO), status="trialing", trial_end=at(4)), {"trial_end": at(4), "paid": True}),
    ("a price that leads nowhere", subscription("x", item(ODD)), {"tier": None}),
    ("a price nobody knows", subscription("x", item(price("gone", 100))), {"tier": None, "amount": 100}),
    ("no items", subscription("x"), {"tier": None, "amount": None, "items": ()}),
    ("on a clock", subscription("x", item(PRO), test_clock="clock_1"), {"clock": "clock_1"}),
    ("customer expanded", subscription("x", item(PRO), customer={"id": "cus_ben"}), {"customer_id": "cus_ben"}),
    ("ended", subscription("x", item(PRO), status="canceled", cancel_at=at(-1), ended_at=at(-1)), {"ends_by": "", "paid": False}),
]


@pytest.mark.parametrize(("held", "expected"), [shape[1:] for shape in SHAPES], ids=[shape[0] for shape in SHAPES])
def test_every_shape_of_subscription(tmp_path: Path, held: Json, expected: Json) -> None:
    (row,) = cached(tmp_path / "cache.db", [held]).subscriptions_of(expected.get("customer_id", "cus_lena"))
    assert isinstance(row, SubscriptionRow)
    assert {name: getattr(row, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"object": "invoice", "id": "in_1", "subscription": "sub_1", "customer": "cus_1"}, ("cus_1", "sub_1")),
        ({"object": "invoice", "id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}, ("", "sub_1")),
        ({"object": "invoice", "customer": "cus_1"}, ("cus_1", "")),
        ({"object": "subscription", "id": "sub_1", "customer": {"id": "cus_1"}}, ("cus_1", "sub_1")),
        ({"object": "checkout.session", "id": "cs_1", "customer": None, "subscription": {"id": "sub_1"}}, ("", "sub_1")),
        ({"object": "customer", "id": "cus_1"}, ("cus_1", "")),
        ({"object": 7, "id": ["x"], "customer": 3, "parent": "x", "subscription": False}, ("", "")),
        ({}, ("", "")),
    ],
)
def test_events_of_every_shape_name_whose_they_are(about: Json, expected: tuple[str, str]) -> None:
    event = msgspec.json.decode(json.dumps({"id": "evt_1", "data": {"object": about}}), type=ListedEvent, dec_hook=loosely)
    values = dict(zip(store.EVENT, event_values(event), strict=True))
    assert (values["customer"], values["subscription"]) == expected


@pytest.mark.parametrize("before", [True, False])
def test_the_search_index_stays_in_step(tmp_path: Path, before: bool) -> None:
    path = tmp_path / "cache.db"
    shelf = cached(path, [])
    moved = customer_values(ListedCustomer(id="cus_lena", email="moved@elsewhere.example"))
    with closing(schema.connect(path)) as database:
        assert not before or store.index(database, "customers") == len(PEOPLE)
        store.put(database, "customers", [moved], 2)
        store.remove_unseen(database, 2, ())
        assert store.index(database, "customers") == (0 if before else 1)
        database.execute("insert into customers_text (customers_text, rank) values ('integrity-check', 1)")
        store.put(database, "customers", [moved], 2)
    assert [match.customer_id for match in shelf.find("elsewhere")] == ["cus_lena"]
    assert shelf.find("kornfeld") == []
