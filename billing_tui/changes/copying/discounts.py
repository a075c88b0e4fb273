"""Coupons under the ids that they have, and the words that customers type for them; what has run out is left."""

from collections.abc import Iterable, Mapping
from typing import Any

from billing_tui.changes.copying.fields import leaves, making, new, told
from billing_tui.changes.copying.part import Part
from billing_tui.changes.copying.stock import Stock
from billing_tui.changes.stripe_fields import field_of

Row = dict[str, Any]
_COUPON = (
    *("name", "percent_off", "amount_off", "currency", "duration", "duration_in_months", "max_redemptions", "redeem_by"),
    *("applies_to", "currency_options", "metadata"),
)
_TERMS = ("percent_off", "amount_off", "currency", "duration", "duration_in_months")
_CODE = ("code", "promotion", "expires_at", "max_redemptions", "restrictions", "metadata")


def discounts(test: Stock, live: Stock, ids: Mapping[str, str]) -> Part:
    """`ids` are live mode's products for test mode's."""
    part = Part()
    there = {row["id"]: row for row in live.coupons}
    for row in test.coupons:
        twin, whose = there.get(row["id"]), f"coupon {row['id']}"
        if twin is not None:
            part.has += 1
            different = [path for path in _TERMS if field_of(row, path) != field_of(twin, path)]
            part.warnings += [f"The {whose} takes off something else in live mode, which can't be changed."] if different else []
        elif row.get("valid"):
            part.steps += making("coupons", row["id"], whose, _values(row, ids), {"id": row["id"]})
            part.counted("coupon", 1)
    _codes(part, test, live)
    return part


def _values(row: Row, ids: Mapping[str, str]) -> Iterable[tuple[str, Any, str]]:
    for path, value, sent in told(row, leaves(row, _COUPON)):
        if path.startswith("applies_to.products."):
            value = sent = ids.get(str(value), str(value))
        yield path, value, sent


def _codes(part: Part, test: Stock, live: Stock) -> None:
    usable = {row["id"] for row in [*live.coupons, *(one for one in test.coupons if one.get("valid"))]}
    active = {str(row.get("code")).casefold() for row in live.codes if row.get("active")}
    for row in test.codes:
        coupon = field_of(row, "promotion.coupon")
        if not row.get("active") or coupon not in usable:
            continue
        if str(row["code"]).casefold() in active:
            part.has += 1
        elif row.get("customer"):
            part.warnings.append(f"The code {row['code']} is for one customer of test mode alone, and is left.")
        else:
            paths = [path for path in leaves(row, _CODE) if field_of(row, path) is not False]
            part.steps += making("promotion_codes", new(row["id"]), f"code {row['code']}", told(row, paths), {})
            part.counted("promotion code", 1)
