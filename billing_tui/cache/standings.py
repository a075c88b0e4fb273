"""Which tier each cached price and subscription stands for, settled anew when the catalogue or the profile's chain changes.

Blocking, on a connection in a transaction that the caller gives.
"""

import hashlib
import sqlite3

import msgspec

from billing_tui.cache.objects import Standing, standing
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Price, Product


def fingerprint(profile: Profile) -> str:
    """What of the profile decides over tiers: another fingerprint, other tiers perhaps."""
    chain = [profile.tiers, profile.paid_statuses, profile.plan_from, sorted(profile.prices.items())]
    return hashlib.sha256(msgspec.json.encode(chain)).hexdigest()[:32]


def is_settled(database: sqlite3.Connection, profile: Profile) -> bool:
    """Whether the tiers are those of this profile's chain."""
    row = database.execute("select value from meta where name = 'chain'").fetchone()
    return row is not None and row[0] == fingerprint(profile)


def standings(database: sqlite3.Connection) -> dict[str, Standing]:
    """What each cached price stands for."""
    rows = database.execute("select id, tier, rank, path, value from prices")
    return {row["id"]: Standing(row["tier"], row["rank"], row["path"], row["value"]) for row in rows}


def settle(database: sqlite3.Connection, profile: Profile) -> None:
    """Brings prices, and the subscriptions on those that now stand for something else, to the profile's chain."""
    before = standings(database)
    after = _read(database, profile)
    changed = [key for key, held in after.items() if before[key] != held]
    sql = "update prices set tier = ?, rank = ?, path = ?, value = ? where id = ?"
    database.executemany(sql, [(*after[key], key) for key in changed])
    if not is_settled(database, profile):
        _settle_payment(database, profile)
        changed = list(after)
    _settle_subscriptions(database, changed)
    told = {"chain": fingerprint(profile), "tiers": msgspec.json.encode(profile.tiers).decode()}
    database.executemany("insert or replace into meta values (?, ?)", list(told.items()))


def _read(database: sqlite3.Connection, profile: Profile) -> dict[str, Standing]:
    products = {
        row["id"]: Product(
            id=row["id"], name=row["name"], active=bool(row["active"]), metadata=msgspec.json.decode(row["metadata"])
        )
        for row in database.execute("select * from products")
    }
    found = {}
    for row in database.execute("select * from prices"):
        price = Price(
            id=row["id"],
            product=row["product"],
            lookup_key=row["lookup_key"] or None,
            metadata=msgspec.json.decode(row["metadata"]),
        )
        found[price.id] = standing(price, products.get(row["product"]), profile)
    return found


def _settle_payment(database: sqlite3.Connection, profile: Profile) -> None:
    marks = ", ".join("?" * len(profile.paid_statuses))
    sql = f"update subscriptions set paid = status in ({marks}) where paid <> (status in ({marks}))"  # noqa: S608
    database.execute(sql, [*profile.paid_statuses, *profile.paid_statuses])


def _settle_subscriptions(database: sqlite3.Connection, prices: list[str]) -> None:
    """Each subscription's tier is its best item's."""
    if not prices:
        return
    database.execute("create temp table if not exists moved (price text primary key) without rowid")
    database.execute("delete from moved")
    database.executemany("insert into moved values (?)", [(price,) for price in prices])
    database.execute(
        """update subscriptions set (tier, rank) = (select prices.tier, prices.rank from json_each(subscriptions.items) as item
        join prices on prices.id = item.value ->> 0 order by prices.tier is null, prices.rank desc limit 1)
        where (several or price in (select price from moved)) and items <> '[]' and exists
        (select 1 from json_each(subscriptions.items) as item join prices on prices.id = item.value ->> 0)"""
    )
