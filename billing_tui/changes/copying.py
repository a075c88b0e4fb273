"""Copy the catalogue from test to live mode: products under the ids they have, prices found again by lookup key or terms.

What live mode has already is left alone; an amount that differs can't be changed there and is said. A second run makes nothing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.places import NEW, field_of
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.problem import Refused
from billing_tui.model.text import plural, short
from billing_tui.services.stripe import Stripe

Row = dict[str, Any]
_MOST_PAGES = 30
_SHOWN = 5
_PRODUCT = ("name", "description", "unit_label", "statement_descriptor", "tax_code")
_PRICE = ("currency", "unit_amount", "lookup_key", "nickname", "tax_behavior")
_RECURRING = ("interval", "interval_count")


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """What live mode lacks of test mode's active products and prices.

    Raises:
        Refused: This is not live mode, or there is no key for test mode.
        KeyRefused, OutOfReach: One of the catalogues could not be read.
    """
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    test = await _test_mode(desk)
    (products, prices), (there, sold) = await asyncio.gather(_catalogue(test), _catalogue(desk.stripe))
    known = {row["id"] for row in there}
    missing = [row for row in products if row.get("active") and row["id"] not in known]
    copied = known | {row["id"] for row in missing}
    offered = [row for row in prices if row.get("active") and row.get("product") in copied]
    steps = [step for row in missing for step in _product_steps(row)]
    warnings: list[str] = []
    made = 0
    for row in offered:
        odd = _uncopiable(row)
        twin = _twin(row, sold)
        if twin is not None and _differs(row, twin):
            warnings.append(
                f"{short(row['id'])} and live mode's {short(twin['id'])} differ in the amount, which can't be changed."
            )
        elif twin is None and odd:
            warnings.append(f"{short(row['id'])} is {odd}: make it by hand.")
        elif twin is None:
            made += 1
            steps += _price_steps(row)
    more = (f"{len(warnings) - _SHOWN} more like these.",) if len(warnings) > _SHOWN else ()
    whose = draft.account or desk.profile.name
    draft = structs.replace(draft, subject=desk.profile.name, targets=("stripe",), confirm=whose[-4:])
    if draft.refused:
        return draft
    return structs.replace(
        draft,
        title=f"Copy {plural(len(missing), 'product')} and {plural(made, 'price')} from test to live mode",
        because=f"Live mode has {len(known)} products, and {len(offered) - made} of the prices that test mode offers.",
        steps=tuple(steps),
        warnings=(*warnings[:_SHOWN], *more, "The app needs the new price ids, where it holds any."),
    )


async def _test_mode(desk: Desk) -> Stripe:
    if desk.profile.mode != "live":
        raise Refused("The catalogue is copied into live mode.", "Run it with --mode live.", code="mode_mismatch")
    other = await desk.services.elsewhere.open() if desk.services.elsewhere else None
    if other is None or not isinstance(other.stripe, Stripe):
        problem = other.stripe if other is not None and not isinstance(other.stripe, Stripe) else None
        raise problem or Refused("Test mode can't be read, so there is nothing to copy.", "Set its key for Stripe.")
    return other.stripe


async def _catalogue(stripe: Stripe) -> tuple[list[Row], list[Row]]:
    """Every product, and every price with its tiers and other currencies."""
    products, prices = await asyncio.gather(
        _all(stripe, "/v1/products"), _all(stripe, "/v1/prices", expand=["data.tiers", "data.currency_options"])
    )
    return products, prices


async def _all(stripe: Stripe, path: str, **params: Any) -> list[Row]:
    rows: list[Row] = []
    for _ in range(_MOST_PAGES):
        more = {"starting_after": rows[-1]["id"]} if rows else {}
        page = await stripe.api.get(path, Row, limit=100, **params, **more)
        rows += page.get("data", ())
        if not page.get("has_more") or not page.get("data"):
            break
    return rows


def _product_steps(row: Row) -> Iterator[Step]:
    values: Row = {name: row.get(name) for name in _PRODUCT if row.get(name)}
    values |= {f"metadata.{name}": value for name, value in (row.get("metadata") or {}).items()}
    for number, (field, value) in enumerate(values.items()):
        params = {_said(field): str(value)} | ({"id": row["id"]} if not number else {})
        yield _step("products", row["id"], field, value, params)


def _price_steps(row: Row) -> Iterator[Step]:
    recurring = row.get("recurring") or {}
    values: Row = {"product": row["product"]} | {name: row.get(name) for name in _PRICE if row.get(name) is not None}
    values |= {f"recurring.{name}": recurring[name] for name in _RECURRING if recurring.get(name)}
    values |= {f"metadata.{name}": value for name, value in (row.get("metadata") or {}).items()}
    for field, value in values.items():
        if (field, value) != ("tax_behavior", "unspecified"):
            yield _step("prices", f"{NEW} {row['id']}", field, value, {_said(field): str(value)})


def _step(kind: str, name: str, field: str, value: Any, params: dict[str, str]) -> Step:
    return Step(target="stripe", object=name, field=field, before=None, after=value, call=f"POST /v1/{kind}", params=params)


def _said(field: str) -> str:
    """`metadata.plan` as Stripe's form has it."""
    head, dot, rest = field.partition(".")
    return f"{head}[{rest}]" if dot else head


def _uncopiable(row: Row) -> str:
    """What about a price this does not copy; "" where it copies all of it."""
    recurring = row.get("recurring") or {}
    if row.get("billing_scheme") == "tiered" or row.get("tiers"):
        return "in tiers"
    if recurring.get("usage_type") == "metered":
        return "metered"
    if row.get("unit_amount") is None or row.get("custom_unit_amount"):
        return "without a plain amount"
    others = set(row.get("currency_options") or {}) - {row.get("currency")}
    return "in several currencies" if others else ""


def _twin(row: Row, sold: Sequence[Row]) -> Row | None:
    """The price of live mode that stands for this one: by lookup key, else by product and terms."""
    key = row.get("lookup_key")
    if key:
        found = next((one for one in sold if one.get("lookup_key") == key), None)
        if found is not None:
            return found
    same = ("product", "currency", "recurring.interval", "recurring.interval_count", "unit_amount")
    terms = [field_of(row, name) for name in same]
    return next((one for one in sold if one.get("active") and [field_of(one, name) for name in same] == terms), None)


def _differs(row: Row, twin: Row) -> bool:
    return any(field_of(row, name) != field_of(twin, name) for name in ("currency", "unit_amount", "recurring.interval"))
