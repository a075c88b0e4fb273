"""A field of one of Stripe's objects as a plan shows it, by its path: `metadata.plan`, `tiers.0.up_to`."""

from typing import Any

from billing_tui.model.change import Value
from billing_tui.model.moment import from_unix, rfc3339

MOMENTS = ("_at", "redeem_by")
"""What the names of times end with."""
OFFERED = "features.subscription_update.products"
"""What a portal lets customers change to: one field of a plan, since it is written as a whole."""


def field_of(held: dict[str, Any], path: str) -> Value:
    """A time in words, a list of names in one line, infinity as Stripe is told it."""
    if path == "delivery":
        return "outstanding" if held.get("pending_webhooks") else "delivered"
    value = _at(held, path)
    if path == OFFERED:
        return offered(value)
    if path.endswith("custom_unit_amount.enabled"):
        return isinstance(_at(held, path.removesuffix(".enabled")), dict) or None
    if path.endswith(".up_to") and value is None and _at(held, path.removesuffix(".up_to")):
        return "inf"
    if path.endswith(MOMENTS) and isinstance(value, int):
        return rfc3339(from_unix(value))
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return plain(value)


def offered(products: Any) -> Value:
    """The products of a portal, each with its prices."""
    held = [one for one in products or () if isinstance(one, dict)]
    return "; ".join(sorted(_offer(one) for one in held)) or None


def _offer(one: dict[str, Any]) -> str:
    quantity = one.get("adjustable_quantity") or {}
    how_many = f" ×{quantity.get('minimum') or 1}–{quantity.get('maximum') or ''}" if quantity.get("enabled") else ""
    return f"{one.get('product')}{how_many}: {', '.join(sorted(map(str, one.get('prices') or ())))}"


def plain(value: object) -> Value:
    """What a plan can hold of a value."""
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _at(held: Any, path: str) -> Any:
    head, _, rest = path.partition(".")
    names = [head, rest] if head == "metadata" and rest else path.split(".")
    value = held
    for name in names:
        if isinstance(value, list):
            value = value[int(name)] if name.isdecimal() and int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value
