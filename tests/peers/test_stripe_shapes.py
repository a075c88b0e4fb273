"""Every reading answer of the sandbox's Stripe, on the wire, against schemas of the `stripe` package's own types."""

from typing import Any

import pytest

from tests.peers import schemas
from tests.peers.paths import DESTINATIONS, LISTS, SINGLE, example, listing
from tests.peers.wire import Wire

STATUSES = ("active", "canceled", "incomplete", "incomplete_expired", "past_due", "paused", "trialing", "unpaid")
EXPANSIONS = [
    ("charge", "customer"),
    ("charge", "payment_intent"),
    ("charge", "refunds"),
    ("checkout.session", "customer"),
    ("checkout.session", "invoice.payments"),
    ("checkout.session", "line_items"),
    ("checkout.session", "subscription.latest_invoice"),
    ("coupon", "applies_to"),
    ("coupon", "currency_options"),
    ("customer", "subscriptions"),
    ("customer", "subscriptions.data.latest_invoice"),
    ("invoice", "customer"),
    ("invoice", "parent.subscription_details.subscription"),
    ("invoice", "payments"),
    ("invoice", "payments.data.payment.payment_intent"),
    ("invoice_payment", "invoice"),
    ("invoice_payment", "payment.payment_intent"),
    ("payment_intent", "customer"),
    ("payment_intent", "latest_charge"),
    ("payment_intent", "payment_method"),
    ("price", "currency_options"),
    ("price", "product"),
    ("product", "default_price"),
    ("promotion_code", "customer"),
    ("promotion_code", "promotion.coupon"),
    ("subscription", "customer"),
    ("subscription", "default_payment_method"),
    ("subscription", "items.data.price.product"),
    ("subscription", "latest_invoice.payments"),
    ("subscription_item", "price.product"),
]
CARRIED = {
    **{name: name for name in ("charge", "checkout.session", "coupon", "customer", "invoice", "invoice_payment")},
    **{name: name for name in ("payment_intent", "price", "product", "promotion_code")},
    "charge.dispute": "dispute",
    "charge.refund": "refund",
    "customer.discount": "discount",
    "customer.subscription": "subscription",
}
"""What an event's `data.object` is, by the event's type without its last word."""
MAY_BE_EMPTY = {("coupon", "applies_to"), ("promotion_code", "customer")}


def at(value: Any, path: list[str]) -> list[Any]:
    """What stands at a dotted path, through lists; nulls are left out."""
    if isinstance(value, list):
        return [found for item in value for found in at(item, path)]
    if value is None or not path:
        return [] if value is None else [value]
    return at(value.get(path[0]), path[1:])


@pytest.mark.parametrize("mode", ["test", "live"])
@pytest.mark.parametrize("kind", LISTS)
def test_every_page_of_every_list(stripes: dict[str, Wire], kind: str, mode: str) -> None:
    wire, rows = stripes[mode], 0
    for page in wire.pages(LISTS[kind], **listing(wire, kind), limit=100):
        assert schemas.faults(schemas.page(kind), page) == []
        assert page["url"] == LISTS[kind]
        rows += len(page["data"])
        assert all(row.get("livemode", mode == "live") == (mode == "live") for row in page["data"])
    assert rows > 0


@pytest.mark.parametrize("kind", LISTS)
def test_retrieved_objects_are_the_listed_ones(stripe: Wire, kind: str) -> None:
    listed = example(stripe, kind)
    retrieved = stripe.get(f"{LISTS[kind]}/{listed['id']}")
    assert schemas.faults(schemas.one(kind), retrieved) == []
    assert retrieved == listed


@pytest.mark.parametrize("kind", SINGLE)
def test_the_account_and_its_balance(stripe: Wire, kind: str) -> None:
    assert schemas.faults(schemas.one(kind), stripe.get(SINGLE[kind])) == []


def expanded(stripe: Wire, kind: str, field: str) -> list[Any]:
    """A hundred listed objects with one field expanded; a few retrieved ones, where `data.` is a level too many."""
    everything = listing(stripe, kind)
    if field.count(".") < 3:
        page = stripe.get(LISTS[kind], **everything, limit=100, expand=[f"data.{field}"])
        assert schemas.faults(schemas.page(kind), page) == []
        return list(page["data"])
    rows = stripe.get(LISTS[kind], **everything, limit=5)["data"]
    return [stripe.get(f"{LISTS[kind]}/{row['id']}", expand=[field]) for row in rows]


@pytest.mark.parametrize(("kind", "field"), EXPANSIONS)
def test_expanded_objects(stripe: Wire, kind: str, field: str) -> None:
    rows = expanded(stripe, kind, field)
    assert [fault for row in rows for fault in schemas.faults(schemas.one(kind), row)] == []
    found = at(rows, field.split("."))
    assert all(isinstance(item, dict) for item in found), "an id was left where an object was asked for"
    assert found or (kind, field) in MAY_BE_EMPTY, "no object has this field, so nothing was judged"
    assert stripe.get(f"{LISTS[kind]}/{rows[0]['id']}", expand=[field]) == rows[0]


@pytest.mark.parametrize("status", [*STATUSES, "all", "ended"])
def test_subscriptions_of_one_status(stripe: Wire, status: str) -> None:
    page = stripe.get("/v1/subscriptions", status=status, limit=100)
    assert schemas.faults(schemas.page("subscription"), page) == []
    wanted = {"all": {*STATUSES}, "ended": {"canceled", "incomplete_expired"}}.get(status, {status})
    assert {row["status"] for row in page["data"]} <= wanted


def test_subscriptions_through_the_other_filters(stripe: Wire) -> None:
    chosen = stripe.get("/v1/subscriptions", limit=1)["data"][0]
    line = chosen["items"]["data"][0]
    filters: list[dict[str, Any]] = [
        {"customer": chosen["customer"]},
        {"price": line["price"]["id"]},
        {"plan": line["price"]["id"]},
        {"collection_method": chosen["collection_method"]},
        {"created[gte]": chosen["created"], "created[lte]": chosen["created"]},
        {"current_period_end[lte]": line["current_period_end"]},
        {"current_period_start[gte]": line["current_period_start"]},
        {"automatic_tax[enabled]": False},
    ]
    for one in filters:
        page = stripe.get("/v1/subscriptions", **one, limit=100)
        assert schemas.faults(schemas.page("subscription"), page) == []
        assert chosen["id"] in {row["id"] for row in page["data"]} or page["has_more"], one


def test_customers_by_exact_address_and_by_search(stripe: Wire) -> None:
    customer = example(stripe, "customer")
    exact = stripe.get("/v1/customers", email=customer["email"])
    assert schemas.faults(schemas.page("customer"), exact) == []
    assert customer["id"] in {row["id"] for row in exact["data"]}
    for query in (f"email:'{customer['email']}'", "name~'the'", "email:'nobody@nowhere.example'"):
        found = stripe.get("/v1/customers/search", query=query)
        assert schemas.faults(schemas.search_page("customer"), found) == []


def test_a_search_goes_on_by_page_tokens(stripe: Wire) -> None:
    first = stripe.get("/v1/customers/search", query="created>0", limit=100)
    assert schemas.faults(schemas.search_page("customer"), first) == []
    assert first["has_more"]
    second = stripe.get("/v1/customers/search", query="created>0", limit=100, page=first["next_page"])
    assert schemas.faults(schemas.search_page("customer"), second) == []
    assert {row["id"] for row in first["data"]}.isdisjoint(row["id"] for row in second["data"])


@pytest.mark.parametrize("include", [[], ["webhook_endpoint.url"]])
def test_event_destinations(stripe: Wire, include: list[str]) -> None:
    indexed = {f"include[{index}]": name for index, name in enumerate(include)}
    page = stripe.get(DESTINATIONS, **indexed)
    assert schemas.faults(schemas.v2_page("v2.core.event_destination"), page) == []
    assert all(bool((row["webhook_endpoint"] or {}).get("url")) == bool(include) for row in page["data"])
    assert page["data"]


def test_what_events_carry(stripe: Wire) -> None:
    """The schema of a page has judged `data.object` by its kind; the kind has to be that of the type."""
    seen = set()
    for page in stripe.pages("/v1/events", limit=100):
        for event in page["data"]:
            kind = CARRIED.get(event["type"].rpartition(".")[0])
            assert kind in {None, event["data"]["object"]["object"]}, event["type"]
            changed = event["data"].get("previous_attributes")
            assert changed is None or event["type"].endswith(".updated"), event["type"]
            assert (changed or {}).keys() <= event["data"]["object"].keys()
            seen.add(kind)
    assert {"customer", "subscription", "invoice", "checkout.session", "charge"} <= seen
