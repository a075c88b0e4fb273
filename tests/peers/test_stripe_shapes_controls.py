"""The negative control: a real answer, spoilt in one field, has to be refused by the schema that let it through."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.peers import schemas
from tests.peers.annotations import class_name
from tests.peers.paths import example
from tests.peers.wire import Wire

IMPOSSIBLE: dict[type, Any] = {str: 17, bool: "yes", int: "17", float: "0.5", dict: [1], list: {"0": 1}}
IMPOSSIBLE[type(None)] = {"no such field": [1]}


def with_field(row: dict[str, Any], field: str, value: Any) -> dict[str, Any]:
    return {**row, field: value}


def words(schema: Any) -> bool:
    """Whether a field's schema lists the words that it admits."""
    return isinstance(schema, dict) and ("enum" in schema or words(schema.get("else")))


def spoilt(row: dict[str, Any], definition: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The object with each of its fields left out, of a wrong type, or saying a word that is not in the list."""
    for field in definition["required"]:
        yield f"{field} left out", {name: value for name, value in row.items() if name != field}
    for field, value in row.items():
        yield f"{field} of a wrong type", with_field(row, field, IMPOSSIBLE[type(value)])
        if words(definition["properties"][field]):
            yield f"{field} with a wrong word", with_field(row, field, "no such word")
    yield "a field that nobody knows", with_field(row, "no_such_field", None)


@pytest.mark.parametrize("kind", schemas.RESOURCES)
def test_a_spoilt_object_is_refused(stripe: Wire, kind: str) -> None:
    row, validator = example(stripe, kind), schemas.one(kind)
    assert validator.is_valid(row)
    definition = schemas.deriver().definitions[class_name(schemas.resource_class(kind))]
    cases = dict(spoilt(row, definition))
    assert len(cases) > len(row)
    assert [what for what, case in cases.items() if validator.is_valid(case)] == []


@pytest.mark.parametrize("kind", [kind for kind in schemas.RESOURCES if kind not in {"account", "balance"}])
def test_one_spoilt_row_spoils_a_page(stripe: Wire, kind: str) -> None:
    row = example(stripe, kind)
    del row["id"]
    good = {"object": "list", "url": "/v1/x", "has_more": False, "data": []}
    assert schemas.page(kind).is_valid(good)
    assert not schemas.page(kind).is_valid({**good, "data": [row]})
    assert not schemas.page(kind).is_valid({**good, "has_more": None})
    assert not schemas.search_page(kind).is_valid(good)


def test_a_spoilt_part_deep_inside_is_refused(stripe: Wire) -> None:
    row, validator = example(stripe, "subscription"), schemas.one("subscription")
    row["items"]["data"][0]["price"]["recurring"]["interval"] = "fortnight"
    assert schemas.faults(validator, row) != []
    expanded = stripe.get(f"/v1/subscriptions/{row['id']}", expand=["customer"])
    assert schemas.faults(validator, expanded) == []
    del expanded["customer"]["email"]
    assert schemas.faults(validator, expanded) == ['customer: "email" is a required property']


def test_the_shape_of_another_version_is_refused(stripe: Wire) -> None:
    """Periods stood on the subscription, and payments on the invoice, until 2025-03-31."""
    subscription, invoice = example(stripe, "subscription"), example(stripe, "invoice")
    assert not schemas.one("subscription").is_valid({**subscription, "current_period_end": subscription["created"]})
    assert not schemas.one("invoice").is_valid({**invoice, "payment_intent": None})


def test_a_spoilt_object_inside_an_event_is_refused(stripe: Wire) -> None:
    event, validator = example(stripe, "event"), schemas.one("event")
    carried = event["data"]["object"]
    for spoilt_object in ({**carried, "object": "nothing"}, {**carried, "id": 1}, {"id": carried["id"]}):
        assert not validator.is_valid({**event, "data": {**event["data"], "object": spoilt_object}})


def test_a_deleted_object_is_nothing_but_that() -> None:
    deleted = {"id": "cus_1", "object": "customer", "deleted": True}
    assert schemas.one("customer").is_valid(deleted)
    for wrong in ({**deleted, "deleted": False}, {**deleted, "email": None}, {**deleted, "object": "product"}):
        assert not schemas.one("customer").is_valid(wrong)


def test_a_spoilt_error_is_refused() -> None:
    body = {
        "type": "invalid_request_error",
        "message": "No such customer",
        "request_log_url": "https://dashboard.example",
    }
    assert schemas.error().is_valid({"error": body})
    for field in body:
        assert not schemas.error().is_valid({"error": {name: body[name] for name in body if name != field}})
    for wrong in ({"type": "strange_error"}, {"param": None}, {"status": 404}):
        assert not schemas.error().is_valid({"error": {**body, **wrong}})
    assert not schemas.error().is_valid(body)
