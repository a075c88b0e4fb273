"""What an answer of Stripe must look like, from the installed `stripe` package: a validator for each kind of answer.

The package says which fields exist and what they hold. It cannot say which may be missing (it writes Optional for null
and for missing alike): that comes from data/stripe-absent.json. Fields that the package does not know are refused.
"""

import importlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from stripe._error_object import ErrorObject
from stripe._object_classes import OBJECT_CLASSES, V2_OBJECT_CLASSES

from tests.peers.annotations import SCALARS, Deriver, Schema, annotations_of, closed, one_by_object

ABSENT_FILE = Path(__file__).parent / "data" / "stripe-absent.json"

RESOURCES = (
    "account", "balance", "billing.meter", "billing_portal.configuration", "billing_portal.session", "charge",
    "checkout.session", "coupon", "customer", "event", "invoice", "invoice_payment", "payment_intent", "price", "product",
    "promotion_code", "subscription", "subscription_item", "v2.core.event_destination", "webhook_endpoint",
)  # fmt: skip
_NOT_IN_EVENTS = {"balance", "billing_portal.session", "event", "v2.core.event_destination", "webhook_endpoint"}
IN_EVENTS = (
    *(kind for kind in RESOURCES if kind not in _NOT_IN_EVENTS),
    "discount", "dispute", "invoiceitem", "payment_method", "refund", "setup_intent", "subscription_schedule",
)  # fmt: skip
ERROR_TYPES = ["api_error", "card_error", "idempotency_error", "invalid_request_error"]


def resource_class(kind: str) -> type:
    """The package's class for what says `kind` in its `object` field."""
    module, name = (V2_OBJECT_CLASSES if kind.startswith("v2.") else OBJECT_CLASSES)[kind]
    found = getattr(importlib.import_module(module), name)
    assert isinstance(found, type)
    return found


def may_be_absent() -> Mapping[str, frozenset[str]]:
    known = json.loads(ABSENT_FILE.read_text(encoding="utf-8"))
    return {name: frozenset(fields) for name, fields in known.items()}


@cache
def deriver() -> Deriver:
    """One for the process: the schemas share their definitions."""
    made = Deriver(may_be_absent())
    for kind in RESOURCES:
        made.reference(resource_class(kind))
    carried = {kind: made.reference(resource_class(kind)) for kind in IN_EVENTS}
    made.definitions["stripe._event.Event.Data"]["properties"]["object"] = one_by_object(carried)
    return made


def compiled(schema: Schema) -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for({**schema, "$defs": deriver().definitions})


@cache
def one(kind: str) -> jsonschema_rs.Validator:
    """For a single object, deleted or not."""
    return compiled(deriver().reference(resource_class(kind)))


@cache
def page(kind: str) -> jsonschema_rs.Validator:
    """For a list with cursors."""
    return compiled(deriver().page(deriver().reference(resource_class(kind))))


@cache
def search_page(kind: str) -> jsonschema_rs.Validator:
    """For a result of a search, whose cursor is a page token, null on the last page."""
    listed = deriver().page(deriver().reference(resource_class(kind)))["properties"]
    named: Schema = {"object": {"const": "search_result"}, "next_page": {"type": ["string", "null"]}}
    return compiled(closed({**listed, **named, "total_count": SCALARS[int]}, {"total_count"}))


@cache
def v2_page(kind: str) -> jsonschema_rs.Validator:
    """For a list of the second API version, which has no `object` and pages by addresses."""
    address: Schema = {"type": ["string", "null"], "pattern": "^/v2/"}
    data: Schema = {"type": "array", "items": deriver().reference(resource_class(kind))}
    return compiled(closed({"data": data, "next_page_url": address, "previous_page_url": address}))


@cache
def error(*, logged: bool = True) -> jsonschema_rs.Validator:
    """For a refusal. What does not apply is left out, never null; an unknown caller has no log to be linked to."""
    fields = {name: deriver().schema(annotation, ErrorObject) for name, annotation in annotations_of(ErrorObject)}
    fields = {name: schema.get("else", schema) for name, schema in fields.items()}
    needed = {"type", "message", *(["request_log_url"] if logged else [])}
    body = closed({**fields, "type": {"enum": ERROR_TYPES}}, fields.keys() - needed)
    return compiled(closed({"error": body}))


def faults(validator: jsonschema_rs.Validator, answer: Any) -> list[str]:
    """What is wrong with an answer, a line each, the same fault of many rows only once."""
    found: dict[str, str] = {}
    for fault in validator.iter_errors(answer):
        where = "/".join(str(step) for step in fault.instance_path)
        alike = "/".join("*" if isinstance(step, int) else step for step in fault.instance_path)
        found.setdefault(f"{alike} {fault.message}", f"{where or '(top)'}: {fault.message[:300]}")
    return list(found.values())
