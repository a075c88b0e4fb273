"""Where the app keeps the plan in Clerk: a key of the metadata that people really carry, and what is written beside it."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from billing_tui.detection.findings import Found, counted, some
from billing_tui.model.clerk import JwtTemplate, Organization, User
from billing_tui.settings.checks import STATUSES

_PLAN_KEYS = ("plan", "planKey", "plan_key", "tier", "subscriptionTier", "subscription_tier", "planName", "subscription")
_BAGS = ("public_metadata", "private_metadata", "unsafe_metadata")
_PREFIXES = {"customer_id": "cus_", "subscription_id": "sub_", "price_id": "price_"}
_SHORT = 40
Subject = User | Organization
Carried = Mapping[str, Sequence[str]]


def carried(subjects: Sequence[Subject]) -> Carried:
    """Every path in the metadata of these subjects, and the texts that stand there."""
    found: dict[str, list[str]] = defaultdict(list)
    for subject in subjects:
        for bag in _BAGS:
            for path, value in _leaves(bag, getattr(subject, bag, None), 2):
                found[path].append(value)
    return found


def plan_path(held: Carried) -> str:
    """The path that holds the plan; "" where none does."""
    named = [path for path in held if path.rsplit(".", 1)[-1] in _PLAN_KEYS and all(len(value) < _SHORT for value in held[path])]
    order = sorted(named, key=lambda path: (_BAGS.index(path.partition(".")[0]), -len(held[path]), path.count(".")))
    return order[0] if order else ""


def detect_clerk(subjects: Sequence[Subject], templates: Sequence[JwtTemplate], who: str) -> list[Found]:
    """`clerk_plan_field`, `clerk_fields` and `clerk_jwt_template`; `who` names the subjects: users or organizations."""
    held = carried(subjects)
    path = plan_path(held)
    if not path:
        return []
    evidence = f"{path} {counted(len(held[path]), len(subjects), who)}: {some(held[path])}"
    found = [Found("clerk_plan_field", path, evidence)]
    fields = _fields({other: values for other, values in held.items() if other != path})
    if fields:
        found.append(Found("clerk_fields", fields, f"written beside the plan: {some(fields.values(), 5)}"))
    for template in templates:
        claims = json.dumps(template.claims)
        if f"{{{{user.{path}" in claims or (path.rsplit(".", 1)[-1] in claims and "metadata" in claims):
            found.append(Found("clerk_jwt_template", template.name, f"the claims of the template {template.name} hold the plan"))
            break
    return found


def _leaves(at: str, value: object, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict) and depth:
        for key, inner in value.items():
            if key and not any(letter.isspace() or letter == "." for letter in key):
                yield from _leaves(f"{at}.{key}", inner, depth - 1)


def _fields(held: Carried) -> dict[str, str]:
    found: dict[str, str] = {}
    for path, values in held.items():
        for field, prefix in _PREFIXES.items():
            if all(value.startswith(prefix) for value in values):
                found.setdefault(field, path)
        if "status" in path.lower() and all(value in STATUSES for value in values):
            found.setdefault("status", path)
    return found
