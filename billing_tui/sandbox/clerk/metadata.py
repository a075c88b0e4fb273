"""The two ways to write metadata: PATCH merges deeply and `null` removes, PUT replaces each bag that is given.

Kept apart from the routes because a mistake here would hide, or invent, a whole class of causes.
"""

from typing import Any

import msgspec

from billing_tui.sandbox.clerk.errors import ClerkRefusalError, invalid, unknown_parameter

LIMIT_BYTES = 8 * 1024


def merged(old: dict[str, Any], patch: dict[str, Any]) -> dict[str, Any]:
    """`old` with `patch` merged in at every level; a key whose new value is null goes, lists are replaced whole."""
    result = dict(old)
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict):
            before = result.get(key)
            result[key] = merged(before if isinstance(before, dict) else {}, value)
        else:
            result[key] = value
    return result


def written(owner: dict[str, Any], body: object, bags: tuple[str, ...], *, merge: bool) -> dict[str, Any]:
    """The new value of every bag that `body` names. Nothing is stored: a refusal must leave the owner untouched."""
    if not isinstance(body, dict):
        raise ClerkRefusalError(422, "request_body_invalid", "Request body invalid", "The request body is invalid.")
    result: dict[str, Any] = {}
    for bag, value in body.items():
        if bag not in bags:
            raise unknown_parameter(str(bag))
        if not isinstance(value, dict):
            raise invalid(bag, f"{bag} must be an object.")
        result[bag] = merged(owner[bag] or {}, value) if merge else value
        if len(msgspec.json.encode(result[bag])) > LIMIT_BYTES:
            why = f"{bag} exceeds the maximum allowed size of 8KB."
            raise ClerkRefusalError(422, "form_param_exceeds_allowed_size", "exceeds allowed size", why, bag)
    return result
