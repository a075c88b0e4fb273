"""The app's tiers as the catalogue and the subscriptions have them. Only reading; blocking."""

import sqlite3
from collections import Counter
from itertools import groupby
from typing import NamedTuple

import msgspec

from billing_tui.cache.rows import PriceRow, TierRow

# How many of each interval a month has; money is rounded once, at the end.
_MONTHLY = {"month": 1.0, "year": 1 / 12, "week": 365 / 84, "day": 365 / 12}
_PAYING = "paid and status <> 'trialing' and paused = ''"


class _Sold(NamedTuple):
    subscribers: int
    units: int


def standing(database: sqlite3.Connection) -> list[TierRow]:
    """Every tier of the profile, lowest first, sold or not; then the prices that lead to none."""
    sold = _sold(database)
    rows = database.execute(
        """select prices.*, products.name as product_name, coalesce(products.active, 0) as product_active from prices
        left join products on products.id = prices.product
        order by rank, products.name, prices.currency, prices.amount, prices.id"""
    )
    prices = [_price(row, sold.get(row["id"], _Sold(0, 0))) for row in rows]
    by_tier: dict[str | None, list[PriceRow]] = {tier: [] for tier in _profile_tiers(database)}
    for price in prices:
        by_tier.setdefault(price.tier, []).append(price)
    paid = {
        row["tier"]: row["held"]
        for row in database.execute("select tier, count(*) as held from subscriptions where paid group by tier")
    }
    everyone = sum(paid.values()) or 1
    ordered = sorted(by_tier, key=lambda tier: tier is None)
    return [_tier(tier, by_tier[tier], paid.get(tier, 0), everyone) for tier in ordered]


def _profile_tiers(database: sqlite3.Connection) -> list[str]:
    row = database.execute("select value from meta where name = 'tiers'").fetchone()
    return msgspec.json.decode(row["value"], type=list[str]) if row else []


def _tier(tier: str | None, prices: list[PriceRow], subscribers: int, everyone: int) -> TierRow:
    by_currency = sorted(prices, key=lambda price: price.currency)
    revenue = {
        currency: sum(price.revenue for price in held) for currency, held in groupby(by_currency, lambda price: price.currency)
    }
    return TierRow(
        tier=tier,
        prices=tuple(prices),
        subscribers=subscribers,
        revenue={currency: amount for currency, amount in revenue.items() if amount},
        share=subscribers / everyone,
    )


def _price(row: sqlite3.Row, sold: _Sold) -> PriceRow:
    monthly = (row["amount"] or 0) * sold.units * _MONTHLY.get(row["interval"], 0.0) / max(row["interval_count"], 1)
    return PriceRow(
        id=row["id"],
        product_id=row["product"],
        product=row["product_name"] or "",
        product_active=bool(row["product_active"]),
        active=bool(row["active"]),
        nickname=row["nickname"],
        lookup_key=row["lookup_key"],
        amount=row["amount"],
        currency=row["currency"],
        interval=row["interval"],
        interval_count=row["interval_count"],
        tier=row["tier"],
        path=row["path"],
        value=row["value"],
        subscribers=sold.subscribers,
        revenue=round(monthly),
    )


def _sold(database: sqlite3.Connection) -> dict[str, _Sold]:
    """Subscribers and paid units of each price; subscriptions with one item, nearly all, need no look inside."""
    subscribers: Counter[str] = Counter()
    units: Counter[str] = Counter()
    single = f"select price, count(*), sum(quantity * ({_PAYING})) from subscriptions where paid and not several group by price"  # noqa: S608
    several = f"""select item.value ->> 0, count(distinct subscriptions.id), sum((item.value ->> 1) * ({_PAYING}))
        from subscriptions, json_each(items) as item where paid and several group by 1"""  # noqa: S608 - constants
    for sql in (single, several):
        for price, people, count in database.execute(sql):
            subscribers[price] += people
            units[price] += count or 0
    return {price: _Sold(subscribers[price], units[price]) for price in subscribers}
