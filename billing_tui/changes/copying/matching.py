"""Which object of live mode stands for one of test mode's. Pure.

Products keep their ids. Prices can't, so they are known again by their lookup keys, or where they have none by all that they
ask; each price of live mode stands for one of test mode's alone.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from billing_tui.changes.copying.fields import leaves
from billing_tui.changes.stripe_fields import field_of
from billing_tui.model.change import Value

Row = dict[str, Any]
_TERMS = (
    *("currency", "billing_scheme", "unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers_mode", "tiers"),
    *("recurring", "transform_quantity"),
)
_NO_TERMS = ("recurring.meter", "recurring.usage_type", "recurring.trial_period_days")


def product_twins(products: Sequence[Row], there: Sequence[Row], prices: Sequence[Row], sold: Sequence[Row]) -> dict[str, str]:
    """For products of test mode those of live mode: by id, by a price with the same lookup key, or by a name that is alone."""
    ids = {row["id"] for row in there}
    found = {row["id"]: row["id"] for row in products if row["id"] in ids}
    keyed = {row["lookup_key"]: row.get("product") for row in sold if row.get("lookup_key")}
    for row in prices:
        other = keyed.get(row.get("lookup_key"))
        if row.get("product") not in found and other in ids and other not in found.values():
            found[row["product"]] = other
    for row in products:
        named = [one["id"] for one in there if one.get("active") and one.get("name") == row.get("name")]
        free = [name for name in named if name not in found.values()]
        alone = sum(one.get("name") == row.get("name") for one in products) == 1
        if row["id"] not in found and alone and len(free) == 1:
            found[row["id"]] = free[0]
    return found


def meter_twins(meters: Sequence[Row], there: Sequence[Row]) -> dict[str, Row]:
    """By the event that they count, which no two active ones share."""
    active = {row.get("event_name"): row for row in there if row.get("status") == "active"}
    return {row["id"]: active[row["event_name"]] for row in meters if row.get("event_name") in active}


def price_twins(
    prices: Sequence[Row], there: Sequence[Row], products: Mapping[str, str], meters: Mapping[str, str]
) -> dict[str, Row]:
    """For prices of test mode those of live mode that stand for them; an archived one only by its lookup key."""
    keyed = {row["lookup_key"]: row for row in there if row.get("lookup_key")}
    found = {row["id"]: keyed[row["lookup_key"]] for row in prices if row.get("lookup_key") in keyed}
    taken = {row["id"] for row in found.values()}
    shapes: dict[object, list[Row]] = {}
    for row in there:
        shapes.setdefault(_shape(row, row.get("product"), _meter(row)), []).append(row)
    for exactly in (True, False):
        for row in prices:
            if row["id"] in found:
                continue
            meter = meters.get(_meter(row) or "", _meter(row))
            alike = shapes.get(_shape(row, products.get(row["product"], row["product"]), meter), [])
            free = [one for one in alike if one["id"] not in taken and _may_stand(row, one)]
            twin = min(free, key=partial(_distance, row), default=None)
            if twin and not (exactly and any(_distance(row, twin))):
                found[row["id"]] = twin
                taken.add(twin["id"])
    return found


def _may_stand(row: Row, twin: Row) -> bool:
    """One with another lookup key is something else."""
    return bool(twin.get("active")) and not (twin.get("lookup_key") and row.get("lookup_key"))


def _distance(row: Row, twin: Row) -> tuple[bool, ...]:
    names = ("nickname", "metadata", "tax_behavior")
    return tuple(row.get(name) != twin.get(name) for name in names)


def _meter(row: Row) -> str | None:
    value = (row.get("recurring") or {}).get("meter")
    return value if isinstance(value, str) else None


def terms(row: Row) -> dict[str, Value]:
    """Everything about a price that can't be changed, its product and its meter apart."""
    return {path: field_of(row, path) for path in leaves(row, _TERMS) if path not in _NO_TERMS} | {
        name: field_of(row, name) for name in _NO_TERMS[1:]
    }


def unlike(row: Row, twin: Row) -> list[str]:
    """The terms in which two prices differ."""
    first, second = terms(row), terms(twin)
    return sorted(path for path in first.keys() | second.keys() if first.get(path) != second.get(path))


def _shape(row: Row, product: object, meter: object) -> object:
    return (product, meter, tuple(sorted(terms(row).items(), key=str)))
