"""What one mode sells and how it is set up, as Stripe tells it: every field, since every field may have to be made again."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from billing_tui.model.problem import NotThere, OutOfReach
from billing_tui.services.stripe import Stripe

Row = dict[str, Any]
_MOST_PAGES = 200
_ATTEMPTS = 3
_PORTAL_PRODUCTS = "data.features.subscription_update.products"
PARTS = ("products", "portal", "endpoint", "coupons")


@dataclass(frozen=True)
class Stock:
    """One mode; what was not asked for is empty."""

    products: list[Row] = field(default_factory=list)
    prices: list[Row] = field(default_factory=list)
    meters: list[Row] = field(default_factory=list)
    portals: list[Row] = field(default_factory=list)
    endpoints: list[Row] = field(default_factory=list)
    coupons: list[Row] = field(default_factory=list)
    codes: list[Row] = field(default_factory=list)

    @property
    def portal(self) -> Row | None:
        """The configuration that counts where nobody names one."""
        return next((row for row in self.portals if row.get("is_default") and row.get("active")), None)


async def read_stock(stripe: Stripe, parts: Sequence[str]) -> Stock:
    """Everything of these parts, read at once. Raises what `StripeApi.get` does."""
    wanted = {
        "products": ("/v1/products", ()),
        "prices": ("/v1/prices", ("data.tiers", "data.currency_options")),
        "meters": ("/v1/billing/meters", ()),
        "portals": ("/v1/billing_portal/configurations", (_PORTAL_PRODUCTS,)) if "portal" in parts else None,
        "endpoints": ("/v1/webhook_endpoints", ()) if "endpoint" in parts else None,
        "coupons": ("/v1/coupons", ("data.applies_to", "data.currency_options")) if "coupons" in parts else None,
        "codes": ("/v1/promotion_codes", ("data.restrictions.currency_options",)) if "coupons" in parts else None,
    }
    asked = {name: one for name, one in wanted.items() if one}
    rows = await asyncio.gather(*(_all(stripe, path, expand) for path, expand in asked.values()))
    stock = Stock(**dict(zip(asked, rows, strict=True)))
    await _complete(stripe, stock.prices)
    return stock


async def _all(stripe: Stripe, path: str, expand: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    more: Row = {"expand": list(expand)} if expand else {}
    for _ in range(_MOST_PAGES):
        try:
            page = await _page(stripe, path, limit=100, **more)
        except NotThere:
            return rows  # a server that does not have such a resource at all
        rows += page.get("data", ())
        if not page.get("has_more") or not page.get("data"):
            break
        more["starting_after"] = rows[-1]["id"]
    return rows


async def _page(stripe: Stripe, path: str, **params: Any) -> Row:
    """One answer of the many that a catalogue takes: one that does not come is not worth all the others."""
    for _ in range(_ATTEMPTS - 1):
        try:
            return await stripe.api.get(path, Row, **params)
        except OutOfReach as problem:
            if problem.code != "unreachable":
                raise
    return await stripe.api.get(path, Row, **params)


async def _complete(stripe: Stripe, prices: list[Row]) -> None:
    """Tiers in other currencies are told of one price at a time, by the name of the currency."""
    for place, row in enumerate(prices):
        others = [name for name, option in _options(row).items() if option.get("tiers") is None]
        if row.get("billing_scheme") == "tiered" and row.get("active") and others:
            deeper = ["tiers", *(f"currency_options.{name}.tiers" for name in others)]
            prices[place] = await _page(stripe, f"/v1/prices/{row['id']}", expand=deeper)


def _options(row: Row) -> dict[str, Row]:
    held = row.get("currency_options") or {}
    return {name: option for name, option in held.items() if isinstance(option, dict) and name != row.get("currency")}
