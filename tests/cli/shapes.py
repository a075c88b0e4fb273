"""The contract's documents as shapes: which keys they have, and of which type each value is."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

Check = Callable[[Any], bool]

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\Z")
STATES = {"planned", "applied", "verified", "unchanged", "failed", "skipped", "unknown"}


def text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def whole(value: Any) -> bool:
    return type(value) is int and value >= 0


def truth(value: Any) -> bool:
    return type(value) is bool


def scalar(value: Any) -> bool:
    return value is None or isinstance(value, str | int | bool)


def moment(value: Any) -> bool:
    return isinstance(value, str) and bool(_MOMENT.match(value)) and datetime.fromisoformat(value).tzinfo is not None


def maybe(check: Check) -> Check:
    return lambda value: value is None or check(value)


def among(*words: str | None) -> Check:
    return lambda value: value in words


def matching(pattern: str) -> Check:
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def each(check: Check) -> Check:
    return lambda value: isinstance(value, list) and all(check(item) for item in value)


def shaped(shape: dict[str, Check]) -> Check:
    return lambda value: isinstance(value, dict) and not faults(value, shape)


def faults(document: dict[str, Any], shape: dict[str, Check]) -> list[str]:
    """What is missing or of the wrong type; a document may hold more than the contract promises."""
    missing = [f"{key} is missing" for key in shape if key not in document]
    return missing + [f"{key}: {document[key]!r}" for key, check in shape.items() if key in document and not check(document[key])]


_HEAD: dict[str, Check] = {"profile": text, "mode": among("test", "live"), "account": maybe(matching(r"acct_\w+")), "at": moment}
_RULE = matching(r"PBF-\d{3}")
_SURE = among("high", "medium", "low", None)

DIAGNOSIS: dict[str, Check] = _HEAD | {
    "schema": among("billing-tui/diagnosis/1"),
    "query": text,
    "subject": shaped(
        {
            "user_id": maybe(matching(r"user_\w+")),
            "organization_id": maybe(matching(r"org_\w+")),
            "emails": each(text),
            "customer_ids": each(matching(r"cus_\w+")),
        }
    ),
    "verdict": shaped(
        {
            "primary": maybe(_RULE),
            "also": each(_RULE),
            "symptoms": each(_RULE),
            "ours": truth,
            "confidence": _SURE,
            "headline": text,
        }
    ),
    "expected_plan": maybe(text),
    "layers": shaped(dict.fromkeys(("stripe", "clerk", "database", "token"), maybe(text))),
    "rules": each(
        shaped(
            {
                "id": _RULE,
                "result": among("match", "no", "unknown"),
                "confidence": _SURE,
                "evidence": each(
                    shaped({"source": text, "id": maybe(text), "field": maybe(text), "value": scalar, "says": text})
                ),
                "missing": each(text),
            }
        )
    ),
    "remedies": each(
        shaped(
            {
                "key": among("r", "e", "b", "m", "w", "l", "s", "g", "c", None),
                "name": text,
                "automatic": truth,
                "allowed": truth,
                "why_not": maybe(text),
                "steps": each(text),
                "command": maybe(text),
            }
        )
    ),
    "cost": shaped(
        dict.fromkeys(
            (
                "stripe_requests",
                "clerk_requests",
                "database_queries",
                "configuration_requests",
                "probe_requests",
                "sequential_round_trips",
                "elapsed_ms",
            ),
            whole,
        )
        | {"from_cache": truth}
    ),
}

PLAN: dict[str, Check] = _HEAD | {
    "schema": among("billing-tui/plan/1"),
    "plan_id": text,
    "action": text,
    "applied": truth,
    "steps": each(
        shaped(
            {
                "target": among("clerk", "database", "stripe"),
                "object": text,
                "field": text,
                "before": scalar,
                "after": scalar,
                "call": lambda value: isinstance(value, str),
                "state": among(*STATES),
                "request_id": maybe(text),
                "error": maybe(text),
            }
        )
    ),
    "confirm": maybe(text),
    "warnings": each(text),
    "refused": maybe(text),
    "undo": maybe(text),
}

ERROR: dict[str, Check] = {"code": matching(r"[a-z_]+"), "message": text, "hint": lambda value: isinstance(value, str)}
