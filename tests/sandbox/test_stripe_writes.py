"""Writes to the sandbox's Stripe: idempotency, metadata, the two forms of a scheduled cancel, and their events."""

from itertools import count
from typing import Any

import pytest

from tests.peers.wire import Params, Wire

_used = count()


@pytest.fixture
def subscription(stripe: Wire) -> dict[str, Any]:
    """An active monthly subscription that no other test of this process was given."""
    rows = stripe.get("/v1/subscriptions", status="active", limit=100)["data"]
    free = [row for row in rows if row["cancel_at"] is None and len(row["items"]["data"]) == 1]
    row: dict[str, Any] = free[next(_used) % len(free)]
    return row


def latest(stripe: Wire, kind: str) -> dict[str, Any]:
    event: dict[str, Any] = stripe.get("/v1/events", type=kind, limit=1)["data"][0]
    return event


def test_a_repeated_key_replays_the_first_answer(stripe: Wire) -> None:
    headers = {"Idempotency-Key": "replay-1"}
    first = stripe.send("POST", "/v1/customers", {"email": "twice@x.example"}, headers=headers)
    again = stripe.send("POST", "/v1/customers", {"email": "twice@x.example"}, headers=headers)
    assert again.json() == first.json()
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["original-request"] == first.headers["request-id"]
    assert len(stripe.get("/v1/customers", email="twice@x.example")["data"]) == 1


def test_a_key_is_good_for_one_request_only(stripe: Wire) -> None:
    headers = {"Idempotency-Key": "replay-2"}
    row = stripe.send("POST", "/v1/customers", {"email": "once@x.example"}, headers=headers).json()
    for path in ("/v1/customers", f"/v1/customers/{row['id']}"):
        answer = stripe.send("POST", path, {"email": "other@x.example"}, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["type"] == "idempotency_error"
    assert stripe.get(f"/v1/customers/{row['id']}")["email"] == "once@x.example"


def test_metadata_is_merged_emptied_and_cleared(stripe: Wire) -> None:
    row = stripe.ok("POST", "/v1/customers", {"metadata[a]": "1", "metadata[b]": "2"})
    path = f"/v1/customers/{row['id']}"
    assert stripe.ok("POST", path, {"metadata[b]": "", "metadata[c]": "3"})["metadata"] == {"a": "1", "c": "3"}
    event = latest(stripe, "customer.updated")
    assert event["data"]["previous_attributes"] == {"metadata": {"b": "2", "c": None}}
    assert stripe.ok("POST", path, {"metadata": ""})["metadata"] == {}
    assert stripe.send("POST", path, {"metadata[k]": "x" * 501}).status_code == 400


def test_a_write_that_changes_nothing_makes_no_event(stripe: Wire) -> None:
    row = stripe.ok("POST", "/v1/customers", {"name": "Same"})
    before = stripe.get("/v1/events", limit=1)["data"][0]["id"]
    stripe.ok("POST", f"/v1/customers/{row['id']}", {"name": "Same"})
    assert stripe.get("/v1/events", limit=1)["data"][0]["id"] == before


def test_events_name_the_request_that_caused_them(stripe: Wire) -> None:
    answer = stripe.send("POST", "/v1/customers", {"name": "Cause"}, headers={"Idempotency-Key": "cause-1"})
    event = latest(stripe, "customer.created")
    assert event["data"]["object"] == answer.json()
    assert event["request"] == {"id": answer.headers["request-id"], "idempotency_key": "cause-1"}


def test_cancel_at_period_end_and_back(stripe: Wire, subscription: dict[str, Any]) -> None:
    path, end = f"/v1/subscriptions/{subscription['id']}", subscription["items"]["data"][0]["current_period_end"]
    row = stripe.ok("POST", path, {"cancel_at_period_end": True})
    assert (row["cancel_at_period_end"], row["cancel_at"], row["status"]) == (True, end, "active")
    assert row["canceled_at"] is not None
    previous = latest(stripe, "customer.subscription.updated")["data"]["previous_attributes"]
    assert previous["cancel_at_period_end"] is False
    assert previous["cancel_at"] is None
    undone = stripe.ok("POST", path, {"cancel_at_period_end": False})
    assert (undone["cancel_at_period_end"], undone["cancel_at"], undone["canceled_at"]) == (False, None, None)


def test_the_flexible_form_leaves_the_flag_alone(stripe: Wire, subscription: dict[str, Any]) -> None:
    path, end = f"/v1/subscriptions/{subscription['id']}", subscription["items"]["data"][0]["current_period_end"]
    row = stripe.ok("POST", path, {"cancel_at": "min_period_end"})
    assert (row["cancel_at_period_end"], row["cancel_at"]) == (False, end)
    assert stripe.ok("POST", path, {"cancel_at_period_end": False})["cancel_at"] == end
    assert stripe.ok("POST", path, {"cancel_at": ""})["cancel_at"] is None


def test_cancel_now_ends_it_for_good(stripe: Wire, subscription: dict[str, Any]) -> None:
    path = f"/v1/subscriptions/{subscription['id']}"
    row = stripe.ok("DELETE", path, {"prorate": True, "cancellation_details[feedback]": "unused"})
    assert (row["status"], row["cancellation_details"]["feedback"]) == ("canceled", "unused")
    event = latest(stripe, "customer.subscription.deleted")
    assert event["data"]["object"]["id"] == subscription["id"]
    assert "previous_attributes" not in event["data"]
    assert stripe.send("DELETE", path).status_code == 404
    assert stripe.send("POST", path, {"cancel_at_period_end": True}).status_code == 400
    assert stripe.ok("POST", path, {"metadata[note]": "late"})["metadata"]["note"] == "late"


def test_an_item_changes_its_price(stripe: Wire, subscription: dict[str, Any]) -> None:
    item = subscription["items"]["data"][0]
    prices = stripe.get("/v1/prices", active=True, type="recurring", limit=100)["data"]
    other = next(price for price in prices if price["id"] != item["price"]["id"])
    path = f"/v1/subscriptions/{subscription['id']}"
    row = stripe.ok("POST", path, {"items[0][id]": item["id"], "items[0][price]": other["id"]})
    assert row["items"]["data"][0]["price"] == other
    assert row["items"]["data"][0]["plan"]["id"] == other["id"]


def test_a_deleted_customer_stays_as_a_stub(stripe: Wire) -> None:
    row = stripe.ok("POST", "/v1/customers", {"email": "gone@x.example"})
    path = f"/v1/customers/{row['id']}"
    stub = {"id": row["id"], "object": "customer", "deleted": True}
    assert stripe.ok("DELETE", path) == stub
    assert stripe.get(path) == stub
    assert stripe.get("/v1/customers", email="gone@x.example")["data"] == []


def test_products_keep_ids_and_prices_hand_over_lookup_keys(stripe: Wire) -> None:
    product = stripe.ok("POST", "/v1/products", {"id": "prod_own", "name": "Own", "metadata[plan]": "pro"})
    assert product["id"] == "prod_own"
    assert stripe.send("POST", "/v1/products", {"id": "prod_own", "name": "Own"}).status_code == 400
    sent: Params = {
        "product": "prod_own",
        "currency": "usd",
        "unit_amount": 500,
        "lookup_key": "own",
        "recurring[interval]": "year",
    }
    first = stripe.ok("POST", "/v1/prices", sent)
    assert stripe.send("POST", "/v1/prices", sent).status_code == 400
    second = stripe.ok("POST", "/v1/prices", {**sent, "transfer_lookup_key": True})
    assert stripe.get("/v1/prices", lookup_keys=["own"])["data"][0]["id"] == second["id"]
    assert stripe.get(f"/v1/prices/{first['id']}")["lookup_key"] is None


def test_portal_features_are_merged(stripe: Wire) -> None:
    row = stripe.get("/v1/billing_portal/configurations", is_default=True)["data"][0]
    path = f"/v1/billing_portal/configurations/{row['id']}"
    changed = stripe.ok("POST", path, {"features[subscription_cancel][enabled]": False})
    expected = row["features"]["subscription_cancel"] | {"enabled": False}
    assert changed["features"] == row["features"] | {"subscription_cancel": expected}
    assert stripe.send("POST", path, {"features[teleport][enabled]": True}).status_code == 400
