"""The questions behind the shelf, each on a connection that the caller gives. Only reading; blocking.

Column names and conditions come from tables in the code, values always as question marks.
"""

import sqlite3
from array import array
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec

from billing_tui.cache import state
from billing_tui.cache.condition import Condition
from billing_tui.cache.filters import escaped, holding, looked_through, phrase, sought, understood, unindexed
from billing_tui.cache.rows import CustomerRow, EventRow, ItemRow, Kind, Match, SubscriptionRow, View
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, listed, quoted

_AT_ONCE = 500
_NUMBER = itemgetter(0)
_FETCH = 4_000
_LEAST = -(1 << 62)
_NEWEST = 2000
# Fewer among the newest than one in so many of those wanted: then all that the index yields are sooner sorted.
_SPARSE = 14


class _Sort(NamedTuple):
    """A column to sort by, as its index has it; rows that lack it come last, whichever way the others go."""

    by: str
    has: str = ""
    lacks: str = ""


def _text(column: str) -> _Sort:
    return _Sort(f"{column} collate nocase", f"{column} > '' collate nocase", f"{column} = '' collate nocase")


def _word(column: str) -> _Sort:
    return _Sort(column, f"{column} > ''", f"({column} is null or {column} = '')")


def _figure(column: str) -> _Sort:
    return _Sort(column, f"{column} >= {_LEAST}", f"{column} is null")


_SORTS: dict[Kind, dict[str, _Sort]] = {
    "customers": {
        "created": _Sort("customers.created"),
        "email": _text("customers.email"),
        "name": _text("customers.name"),
        "plan": _figure("customers.rank"),
        "status": _word("customers.status"),
        "id": _Sort("customers.id"),
    },
    "subscriptions": {
        "created": _Sort("subscriptions.created"),
        "customer": _text("subscriptions.owner"),
        "plan": _figure("subscriptions.rank"),
        "status": _word("subscriptions.status"),
        "amount": _figure("subscriptions.amount"),
        "currency": _word("subscriptions.currency"),
        "period_end": _figure("subscriptions.period_end"),
        "ends": _figure("subscriptions.ends_at"),
        "trial": _figure("subscriptions.trial_end"),
        "drift": _Sort(
            "subscriptions.id",
            "subscriptions.id in (select subscription from drift)",
            "subscriptions.id not in (select subscription from drift)",
        ),
        "id": _Sort("subscriptions.id"),
    },
    "events": {
        "created": _Sort("events.created"),
        "type": _word("events.type"),
        "customer": _word("events.customer"),
        "object": _word("events.object_id"),
        "pending": _figure("events.pending"),
        "id": _Sort("events.id"),
    },
}
_ALIASES = {"period": "period_end", "ends_at": "ends", "tier": "plan", "trial_end": "trial"}
_NEWEST_FIRST = frozenset({"created"})
_OWNER = {
    "subscriptions": "left join customers on customers.id = subscriptions.customer",
    "events": "left join customers on customers.id = events.customer",
}


_DRIFT = (", drift.cause, drift.clerk, drift.database", "left join drift on drift.subscription = subscriptions.id")


def sorts_of(kind: Kind) -> tuple[str, ...]:
    """The columns that a list can be sorted by."""
    return tuple(_SORTS[kind])


def count(database: sqlite3.Connection, kind: Kind, where: Condition) -> int:
    """How many rows there are."""
    sql = f"select count(*) from {kind} where {where.sql}"  # noqa: S608 - tables of this module
    return int(database.execute(sql, where.values).fetchone()[0])


def numbers(database: sqlite3.Connection, view: View, now: datetime, limit: int | None) -> "array[int]":
    """Row numbers in order; rows without a value come last, whichever way it is sorted.

    Raises `BadUsage` naming the filter word or column that is not understood.
    """
    where = understood(view, now)
    name = _ALIASES.get(view.sort, view.sort) or "created"
    column = _SORTS[view.kind].get(name)
    if column is None:
        raise BadUsage(
            f"{view.kind.capitalize()} have no column {quoted(clean(view.sort))}.", f"It is one of {listed(sorts_of(view.kind))}."
        )
    first = _among_the_newest(database, view, now, limit) if limit and name == "created" and not view.reverse else None
    if first is not None:
        return first
    way = "desc" if (name in _NEWEST_FIRST) != view.reverse else "asc"
    found = _in_order(database, view.kind, _both(where, column.has), f"{column.by} {way}, {view.kind}.id {way}", limit)
    if column.lacks and (limit is None or len(found) < limit):
        rest = None if limit is None else limit - len(found)
        found += _in_order(database, view.kind, _both(where, column.lacks), f"{view.kind}.id {way}", rest)
    return found


def _among_the_newest(database: sqlite3.Connection, view: View, now: datetime, limit: int) -> "array[int] | None":
    """The first rows with a text that many have, found by looking at the newest: sorting every hit would take far longer.

    None where they do not hold enough of them, and the index has to be asked.
    """
    kind = view.kind
    where = understood(view, now) if kind == "events" and view.words.strip() else looked_through(view, now)
    if where is None:
        return None
    newest = f"select * from {kind} order by created desc, id desc limit ?"  # noqa: S608 - ours
    sql = f"select n from ({newest}) as {kind} where {where.sql} order by created desc, id desc limit ?"  # noqa: S608 - ours
    among = _NEWEST
    for _ in range(2):
        found = array("I", (row[0] for row in database.execute(sql, [among, *where.values, limit])))
        if len(found) >= limit:
            return found
        if len(found) * _SPARSE < limit:
            return None
        among = among * limit * 5 // (len(found) * 4)
    return None


def _both(where: Condition, also: str) -> Condition:
    return Condition(f"{where.sql} and {also}", where.values) if also else where


def _in_order(database: sqlite3.Connection, kind: Kind, where: Condition, order: str, limit: int | None) -> "array[int]":
    sql = f"select {kind}.n from {kind} where {where.sql} order by {order}"  # noqa: S608 - of this module
    cursor = database.execute(sql if limit is None else f"{sql} limit {limit}", where.values)
    cursor.row_factory = None
    found: array[int] = array("I")
    while batch := cursor.fetchmany(_FETCH):
        found.extend(map(_NUMBER, batch))
    return found


def by_number(database: sqlite3.Connection, kind: Kind, wanted: Sequence[int]) -> list[Any]:
    """Those of these rows that are there, in no order."""
    found: list[Any] = []
    rest = iter(wanted)
    while batch := list(islice(rest, _AT_ONCE)):
        marks = ",".join("?" * len(batch))
        found += _rows(database, kind, f"{kind}.n in ({marks})", batch)
    return found


def having(database: sqlite3.Connection, kind: Kind, column: str, value: str) -> list[Any]:
    """Rows with this value in an indexed column, newest first."""
    return _rows(database, kind, f"{kind}.{column} = ? order by {kind}.created desc, {kind}.id desc", [value])


def events_of(database: sqlite3.Connection, object_id: str, limit: int) -> list[EventRow]:
    """Events about an object, or about what belongs to it, newest first."""
    where = """events.n in (select n from events where customer = ?1 union select n from events where object_id = ?1
        union select n from events where subscription = ?1 and subscription <> '')
        order by events.created desc, events.id desc limit ?2"""
    return _rows(database, "events", where, [object_id, limit])


def _rows(database: sqlite3.Connection, kind: Kind, where: str, values: Sequence[str | int]) -> list[Any]:
    if kind == "customers":
        return _customers(database, where, values)
    more, join = _DRIFT if kind == "subscriptions" else ("", "")
    tables = f"{kind} {_OWNER[kind]} {join}"
    sql = f"select {kind}.*, customers.email, customers.name{more} from {tables} where {where}"  # noqa: S608 - of this module
    made = _event if kind == "events" else _Subscriptions(database).row
    return [made(row) for row in database.execute(sql, values)]


def _customers(database: sqlite3.Connection, where: str, values: Sequence[str | int]) -> list[CustomerRow]:
    sql = f"select customers.* from customers where {where}"  # noqa: S608 - of this module
    return [
        CustomerRow(
            n=row["n"],
            id=row["id"],
            email=row["email"],
            name=row["name"],
            created=row["created"],
            delinquent=bool(row["delinquent"]),
            clock=row["clock"],
            metadata=_metadata(row["metadata"]),
            tier=row["tier"] or "",
            status=row["status"] or "",
            live=row["live"],
        )
        for row in database.execute(sql, values)
    ]


class _Subscriptions:
    """Makes rows; looks each price up once."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._prices: dict[str, sqlite3.Row | None] = {}
        at, _ = state.surveyed(database)
        self._compared = int(at.timestamp()) if at else None

    def row(self, row: sqlite3.Row) -> SubscriptionRow:
        """A subscription with its items."""
        items = tuple(self._item(item) for item in msgspec.json.decode(row["items"]))
        same = {name: row[name] for name in _AS_THEY_ARE}
        return SubscriptionRow(
            **same,
            customer_id=row["customer"],
            email=row["email"] or "",
            name=row["name"] or "",
            paid=bool(row["paid"]),
            mixed=bool(row["mixed"]),
            items=items,
            metadata=_metadata(row["metadata"]),
            drift=None if self._compared is None else row["cause"] or "",
            clerk=row["clerk"],
            database=row["database"],
            compared_at=self._compared,
        )

    def _item(self, item: list[Any]) -> ItemRow:
        price_id, quantity, start, end = item
        if price_id not in self._prices:
            tables = "prices left join products on products.id = prices.product"
            sql = f"select prices.*, products.name from {tables} where prices.id = ?"  # noqa: S608 - constants
            self._prices[price_id] = self._database.execute(sql, [price_id]).fetchone()
        price = self._prices[price_id]
        return ItemRow(
            price_id=price_id,
            product_id=price["product"] if price else "",
            product=(price["name"] or "") if price else "",
            nickname=price["nickname"] if price else "",
            quantity=quantity,
            amount=price["amount"] if price else None,
            currency=price["currency"] if price else "",
            interval=price["interval"] if price else "",
            interval_count=price["interval_count"] if price else 1,
            period_start=start,
            period_end=end,
            tier=price["tier"] if price else None,
        )


_AS_THEY_ARE = (
    "n", "id", "status", "tier", "amount", "currency", "interval", "interval_count", "created", "period_end", "ends_at",
    "ends_by", "trial_end", "canceled_at", "ended_at", "paused", "pause_reason", "resumes_at", "clock",
)  # fmt: skip


def _event(row: sqlite3.Row) -> EventRow:
    return EventRow(
        n=row["n"],
        id=row["id"],
        type=row["type"],
        created=row["created"],
        object_id=row["object_id"],
        object=row["object"],
        customer_id=row["customer"],
        subscription_id=row["subscription"],
        email=row["email"] or "",
        pending=row["pending"],
        api_version=row["api_version"],
        arrived=row["arrived"],
    )


def _metadata(text: str) -> dict[str, str]:
    found: dict[str, str] = msgspec.json.decode(text)
    return found


def find(database: sqlite3.Connection, text: str, limit: int) -> list[Match]:
    """Whoever is called so before the @, then prefixes of e-mails, then everything that holds the text, each of its words.

    What is typed as an e-mail is looked for elsewhere only where no e-mail begins like that; one or two letters nowhere else.
    """
    words = clean(text).split()
    if not words:
        return []
    found: dict[int, None] = {}
    if len(words) == 1:
        sql = "select n from customers where email >= ? collate nocase and email < ? collate nocase limit ?"
        for begun in (f"{words[0]}@", words[0]):
            found |= dict.fromkeys(row["n"] for row in database.execute(sql, [begun, begun + "\U0010ffff", limit]))
    if len(found) < limit and not (found and "@" in text):
        found |= dict.fromkeys(_anywhere(database, words, limit))
    matched = {row.n: row for row in by_number(database, "customers", list(found)[:limit])}
    return [_match(matched[number]) for number in found if number in matched]


def _anywhere(database: sqlite3.Connection, words: list[str], limit: int) -> list[int]:
    """Numbers of customers that hold all of the words: the first that the index yields, then the newest, not yet in it."""
    long = [word for word in words if len(word) >= 3]
    if not long:
        return []
    short = [f"%{escaped(word)}%" for word in words if len(word) < 3]
    also = "".join(" and (email like ? escape '\\' or name like ? escape '\\')" for _ in short)
    values: list[str | int] = [value for word in short for value in (word, word)]
    rare = [_rare_part(word) for word in long]
    wholly = [word for word, part in zip(long, rare, strict=True) if part != word]
    checked = "".join(f" and ({holding('customers')})" for _ in wholly)
    sql = f"select rowid as n from customers_text where customers_text match ? {also}{checked} limit ?"  # noqa: S608 - our own words
    held = [*values, *(value for word in wholly for value in sought("customers", word)[1:])]
    numbers = [row["n"] for row in database.execute(sql, [" AND ".join(map(phrase, rare)), *held, limit])]
    if len(numbers) < limit:
        within = " and ".join(f"({unindexed('customers')})" for _ in long)
        values = [value for word in long for value in sought("customers", word)[1:]] + values
        sql = f"select n from customers where {within} {also} limit ?"  # noqa: S608 - our own words
        numbers += [row["n"] for row in database.execute(sql, [*values, limit - len(numbers)])]
    return numbers


def _rare_part(word: str) -> str:
    """What of a word to ask the index for: of an e-mail not its domain, which many share, so that its letters are long lists."""
    head = word[: word.index("@") + 2] if "@" in word and word.isascii() else word
    return head if len(head) >= 3 else word


def _match(row: CustomerRow) -> Match:
    return Match(customer_id=row.id, email=row.email, name=row.name, tier=row.tier, status=row.status)


def totals(database: sqlite3.Connection) -> dict[str, int]:
    """Rows of each kind."""
    kinds = ("customers", "subscriptions", "products", "prices", "events")
    return {kind: database.execute(f"select count(*) from {kind}").fetchone()[0] for kind in kinds}  # noqa: S608 - constants


def synced_at(database: sqlite3.Connection) -> float | None:
    """Unix seconds of the last sync that came to its end."""
    row = database.execute("select value from meta where name = 'synced_at'").fetchone()
    return float(row["value"]) if row else None
