"""What an event says has changed. Its own copy of the object is never taken: it has the shape of the version that made it, and
may be older than what is cached; the object named is read again instead.
"""

import sqlite3

from billing_tui.cache.objects import ListedEvent, event_values
from billing_tui.cache.store import EVENT, Table

_CUSTOMER = EVENT.index("customer")
_NAMED: dict[str, Table] = {"customer": "customers", "subscription": "subscriptions", "product": "products", "price": "prices"}


def gone_of(event: ListedEvent) -> list[str]:
    """The customer that an event says was deleted: that is for good, and need not be looked at."""
    return [_id(event)] if event.type == "customer.deleted" and _id(event) else []


def marks_of(database: sqlite3.Connection, event: ListedEvent) -> list[tuple[Table, str]]:
    """What is to be read again because of an event."""
    object_id, kind = _id(event), event.data.object.get("object")
    if not object_id or not isinstance(kind, str):
        return []
    if kind == "test_helpers.test_clock":
        return _on_clock(database, object_id)
    if event.type == "customer.deleted":
        sql = "select id from subscriptions where customer = ? and not ended"
        return [("subscriptions", row["id"]) for row in database.execute(sql, [object_id])]
    table = _NAMED.get(kind)
    return [*([(table, object_id)] if table else ()), *stranger(database, event_values(event)[_CUSTOMER])]


def stranger(database: sqlite3.Connection, customer: str) -> list[tuple[Table, str]]:
    """A customer that something happens to and that is not cached: one on a test clock, or one whose own events were missed."""
    known = not customer or database.execute("select 1 from customers where id = ?", [customer]).fetchone()
    return [] if known else [("customers", customer)]


def _on_clock(database: sqlite3.Connection, clock: str) -> list[tuple[Table, str]]:
    """Everything that stands on a test clock moves with it, and goes with it."""
    tables: tuple[Table, Table] = ("customers", "subscriptions")
    return [
        (table, row["id"])
        for table in tables
        for row in database.execute(f"select id from {table} where clock = ?", [clock])  # noqa: S608 - constants
    ]


def _id(event: ListedEvent) -> str:
    held = event.data.object.get("id")
    return held if isinstance(held, str) else ""
