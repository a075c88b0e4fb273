"""Whom a ticket's query names in the cache, and all that the cache holds of them. Only reading; blocking, on a given connection.

Customers come by exact e-mail in any case, by id, by any object or event of theirs, or by a metadata value that names a user.
"""

import sqlite3
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from billing_tui.cache import queries
from billing_tui.cache.filters import found, sought
from billing_tui.cache.rows import CustomerRow, EventRow, SubscriptionRow
from billing_tui.cache.subjects import Sighting, sightings
from billing_tui.model.query import Kind, Query
from billing_tui.model.stripe import Price, Product, Recurring
from billing_tui.model.text import Loose

_MOST = 10
_EVENTS = 100


class Person(Struct, frozen=True, kw_only=True):
    """What the cache holds of whoever a query names. `synced_at`, in Unix seconds, is when what is Stripe's was last true.

    `sightings` are what Clerk and the database said when they were last looked at, each with its own moment. `prices` and
    `products` are the whole catalogue, by id, archived ones too.
    """

    synced_at: float
    customers: tuple[CustomerRow, ...]
    subscriptions: dict[str, tuple[SubscriptionRow, ...]]
    events: tuple[EventRow, ...]
    sightings: tuple[Sighting, ...]
    prices: dict[str, Price]
    products: dict[str, Product]


def person(database: sqlite3.Connection, query: Query) -> Person | None:
    """None where nobody is found, or more than one ticket could be about, or nothing was ever synced."""
    synced_at = queries.synced_at(database)
    ids = _customers(database, query) if synced_at else []
    if not synced_at or not ids or len(ids) > _MOST:
        return None
    prices, products = _catalogue(database)
    subscriptions = {key: tuple(queries.having(database, "subscriptions", "customer", key)) for key in ids}
    rows = [held for key in ids for held in queries.having(database, "customers", "id", key)]
    return Person(
        synced_at=synced_at,
        customers=tuple(rows),
        subscriptions={held.id: subscriptions[held.id] for held in rows},
        events=tuple(event for held in rows for event in queries.events_of(database, held.id, _EVENTS)),
        sightings=sightings(database, _keys(query, rows, subscriptions), ids, [held.email for held in rows if held.email]),
        prices=prices,
        products=products,
    )


def _keys(query: Query, customers: Sequence[CustomerRow], subscriptions: dict[str, tuple[SubscriptionRow, ...]]) -> list[str]:
    """Whatever may name a subject: what was asked for, and every metadata value."""
    bags = [held.metadata for held in customers]
    bags += [held.metadata for found in subscriptions.values() for held in found]
    return list(dict.fromkeys([query.text, *(value for bag in bags for value in bag.values())]))


def _customers(database: sqlite3.Connection, query: Query) -> list[str]:
    """Ids of the customers that a query leads to."""
    if query.kind is Kind.EMAIL:
        return _first(database, "select id from customers where email = ? collate nocase", [query.text])
    if query.kind is Kind.CUSTOMER:
        return _first(database, "select id from customers where id = ?", [query.text])
    if query.kind is Kind.SUBSCRIPTION:
        return _first(database, "select customer from subscriptions where id = ?", [query.text])
    if query.kind in (Kind.USER, Kind.ORGANIZATION):
        return _naming(database, query.text)
    if query.kind in (Kind.NUMBER, Kind.UNKNOWN):
        return []
    sql = "select customer from events where id = ?1 union select customer from events where object_id = ?1"
    return [held for held in _first(database, sql, [query.text]) if held]


def _naming(database: sqlite3.Connection, subject: str) -> list[str]:
    """Customers that hold this text among their metadata values, or whose subscriptions do."""
    held: list[str] = []
    for table, column in (("customers", "id"), ("subscriptions", "customer")):
        sql = f"select {column} from {table} where n in ({found(table)}) limit ?"  # noqa: S608 - constants
        held += _first(database, sql, [*sought(table, subject), _MOST + 1])
    return list(dict.fromkeys(held))


def _first(database: sqlite3.Connection, sql: str, values: Sequence[str | int]) -> list[str]:
    return [row[0] for row in database.execute(sql, values)]


def _catalogue(database: sqlite3.Connection) -> tuple[dict[str, Price], dict[str, Product]]:
    products = {row["id"]: _product(row) for row in database.execute("select * from products")}
    prices = {row["id"]: _price(row) for row in database.execute("select * from prices")}
    return prices, products


def _product(row: sqlite3.Row) -> Product:
    metadata = msgspec.json.decode(row["metadata"])
    return Product(id=row["id"], name=Loose(row["name"]), active=bool(row["active"]), metadata=metadata, created=row["created"])


def _price(row: sqlite3.Row) -> Price:
    return Price(
        id=row["id"],
        created=row["created"],
        active=bool(row["active"]),
        currency=row["currency"],
        unit_amount=row["amount"],
        lookup_key=row["lookup_key"] or None,
        nickname=Loose(row["nickname"]) if row["nickname"] else None,
        metadata=msgspec.json.decode(row["metadata"]),
        recurring=Recurring(row["interval"], row["interval_count"]) if row["interval"] else None,
        product=row["product"],
    )
