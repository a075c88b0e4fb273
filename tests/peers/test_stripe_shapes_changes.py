"""Every answer to a change, and what the change leaves behind, against the `stripe` package's own types."""

from typing import Any

import pytest

from tests.peers import schemas
from tests.peers.paths import LISTS, example
from tests.peers.wire import Wire

Form = dict[str, Any]

UPDATES: list[tuple[str, Form, Form]] = [
    ("customer", {"name": "Ann [/b] Other", "email": "ann@other.example"}, {"name": "Ann [/b] Other"}),
    ("customer", {"metadata[clerkUserId]": "user_2"}, {}),
    ("product", {"metadata[plan]": "pro", "name": "Pro"}, {"name": "Pro"}),
    ("price", {"nickname": "the usual", "metadata[plan]": "pro"}, {"nickname": "the usual"}),
    ("subscription", {"metadata[userId]": "user_2"}, {}),
    ("subscription", {"cancel_at_period_end": True}, {"cancel_at_period_end": True}),
    ("subscription", {"cancel_at_period_end": False}, {"cancel_at_period_end": False}),
    ("webhook_endpoint", {"description": "billing"}, {"description": "billing"}),
]


def living(stripe: Wire, kind: str) -> Any:
    """An object that can still be changed."""
    if kind == "subscription":
        return stripe.get("/v1/subscriptions", status="active", limit=1)["data"][0]
    return example(stripe, kind)


def latest(stripe: Wire, event_type: str) -> Any:
    page = stripe.get("/v1/events", type=event_type, limit=1)
    assert schemas.faults(schemas.page("event"), page) == []
    return page["data"][0]


@pytest.mark.parametrize(("kind", "form", "told"), UPDATES)
def test_updates(stripe: Wire, kind: str, form: Form, told: Form) -> None:
    path = f"{LISTS[kind]}/{living(stripe, kind)['id']}"
    answer = stripe.ok("POST", path, form)
    assert schemas.faults(schemas.one(kind), answer) == []
    assert told.items() <= answer.items()
    assert stripe.get(path) == answer


@pytest.mark.parametrize(("kind", "field"), [("customer", "name"), ("product", "name"), ("price", "nickname")])
def test_an_update_leaves_an_event_with_what_was_before(stripe: Wire, kind: str, field: str) -> None:
    row = example(stripe, kind)
    stripe.ok("POST", f"{LISTS[kind]}/{row['id']}", {field: f"{row[field]} anew"})
    event = latest(stripe, f"{kind}.updated")
    assert event["data"]["object"]["id"] == row["id"]
    assert event["data"]["previous_attributes"][field] == row[field]


def test_a_subscription_cancelled_now(stripe: Wire) -> None:
    key = living(stripe, "subscription")["id"]
    answer = stripe.ok("DELETE", f"/v1/subscriptions/{key}", {"invoice_now": False, "prorate": False})
    assert schemas.faults(schemas.one("subscription"), answer) == []
    assert (answer["status"], answer["cancellation_details"]["reason"]) == ("canceled", "cancellation_requested")
    assert latest(stripe, "customer.subscription.deleted")["data"]["object"]["id"] == key


def test_a_scheduled_cancel_in_both_forms_and_its_undoing(stripe: Wire) -> None:
    chosen = living(stripe, "subscription")
    path, end = f"/v1/subscriptions/{chosen['id']}", chosen["items"]["data"][0]["current_period_end"]
    forms: list[Form] = [{"cancel_at_period_end": True}, {"cancel_at_period_end": False}, {"cancel_at": end}]
    answers = [stripe.ok("POST", path, form) for form in [*forms, {"cancel_at": ""}]]
    assert [fault for answer in answers for fault in schemas.faults(schemas.one("subscription"), answer)] == []
    assert answers[2]["cancel_at"] == end
    assert answers[3]["cancel_at"] is None
    assert schemas.faults(schemas.one("event"), latest(stripe, "customer.subscription.updated")) == []


def test_an_expanded_answer_to_a_change(stripe: Wire) -> None:
    key = living(stripe, "subscription")["id"]
    form: Form = {"metadata[seen]": "1", "expand": ["customer", "latest_invoice.payments", "items.data.price.product"]}
    answer = stripe.ok("POST", f"/v1/subscriptions/{key}", form)
    assert schemas.faults(schemas.one("subscription"), answer) == []
    assert isinstance(answer["customer"], dict)


def test_the_life_of_a_webhook_endpoint(stripe: Wire) -> None:
    form: Form = {
        "url": "http://127.0.0.1:9/hook",
        "enabled_events": ["customer.updated"],
        "description": "short-lived",
    }
    made = stripe.ok("POST", "/v1/webhook_endpoints", form)
    assert schemas.faults(schemas.one("webhook_endpoint"), made) == []
    assert made["secret"].startswith("whsec_")
    path = f"/v1/webhook_endpoints/{made['id']}"
    assert "secret" not in stripe.get(path)
    for change in (
        {"disabled": True},
        {"disabled": False},
        {"enabled_events": ["*"]},
        {"url": "http://127.0.0.1:9/other"},
    ):
        assert schemas.faults(schemas.one("webhook_endpoint"), stripe.ok("POST", path, change)) == []
    gone = stripe.ok("DELETE", path)
    assert schemas.faults(schemas.one("webhook_endpoint"), gone) == []
    assert gone == {"id": made["id"], "object": "webhook_endpoint", "deleted": True}


def test_a_retried_event(stripe: Wire) -> None:
    endpoint, event = example(stripe, "webhook_endpoint"), example(stripe, "event")
    answer = stripe.ok("POST", f"/v1/events/{event['id']}/retry", {"webhook_endpoint": endpoint["id"]})
    assert schemas.faults(schemas.one("event"), answer) == []
    assert answer["id"] == event["id"]


@pytest.mark.parametrize("filters", [
    {"delivery_success": True}, {"delivery_success": False}, {"type": "customer.*"}, {"created[gte]": 1},
    {"types": ["customer.subscription.updated", "customer.subscription.created"]},
])  # fmt: skip
def test_events_through_filters(stripe: Wire, filters: Form) -> None:
    page = stripe.get("/v1/events", **filters, limit=100)
    assert schemas.faults(schemas.page("event"), page) == []


def test_events_backwards(stripe: Wire) -> None:
    newest = [event["id"] for event in stripe.get("/v1/events", limit=5)["data"]]
    page = stripe.get("/v1/events", ending_before=newest[-1], limit=4)
    assert schemas.faults(schemas.page("event"), page) == []
    assert [event["id"] for event in page["data"]] == newest[:-1]
