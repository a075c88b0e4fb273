"""Writing rows: pages and single objects in, deleted ones out, the search index always in step. Blocking, on a connection in a
transaction that the caller gives.

Rows keep their number for as long as they are there. New ones join the search index in batches, which costs a fraction of
adding them page by page: up to which number that is done stands beside them. What did not change is not indexed again.
"""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from billing_tui.cache import filters
from billing_tui.cache.objects import Values

Table = Literal["customers", "subscriptions", "products", "prices", "events"]
TABLES: tuple[Table, ...] = ("products", "prices", "customers", "subscriptions", "events")
_AT_ONCE = 500
BATCH = 2_000

CUSTOMER = ("id", "email", "name", "words", "metadata", "created", "delinquent", "clock")
SUBSCRIPTION = (
    "id", "customer", "status", "paid", "ended", "tier", "rank", "amount", "currency", "interval", "interval_count", "price",
    "quantity", "several", "items", "created", "period_end", "mixed", "ends_at", "ends_by", "trial_end", "canceled_at",
    "ended_at", "paused", "pause_reason", "resumes_at", "words", "metadata", "clock",
)  # fmt: skip
PRODUCT = ("id", "name", "active", "metadata", "created")
PRICE = (
    "id", "product", "active", "amount", "currency", "interval", "interval_count", "lookup_key", "nickname", "metadata",
    "created",
)  # fmt: skip
EVENT = ("id", "type", "created", "object_id", "object", "customer", "subscription", "pending", "api_version")
_COLUMNS: dict[Table, tuple[str, ...]] = {
    "customers": CUSTOMER,
    "subscriptions": SUBSCRIPTION,
    "products": PRODUCT,
    "prices": PRICE,
    "events": EVENT,
}
SEARCHED: tuple[Table, ...] = ("customers", "subscriptions")
_SEARCHED = filters.SEARCHED


def _upsert(table: Table) -> str:
    names = [*_COLUMNS[table], "run"]
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    marks = ", ".join("?" * len(names))
    return f"insert into {table} ({', '.join(names)}) values ({marks}) on conflict (id) do update set {changes}"  # noqa: S608


_UPSERTS = {table: _upsert(table) for table in TABLES}


def put(database: sqlite3.Connection, table: Table, rows: Sequence[Values], run: int) -> None:
    """Adds or replaces rows by id, marked as seen by a run."""
    searched = _SEARCHED.get(table)
    if not searched:
        database.executemany(_UPSERTS[table], [(*row, run) for row in rows])
        return
    places = [_COLUMNS[table].index(name) for name in searched]
    new = {str(row[0]): tuple(row[place] for place in places) for row in rows}
    known = _searched(database, table, searched, list(new))
    changed = [key for key, texts in new.items() if key not in known or known[key][1:] != texts]
    upto = indexed(database, table)
    again = [key for key in changed if key in known and int(known[key][0]) <= upto]
    _unindex(database, table, searched, [known[key] for key in again])
    database.executemany(_UPSERTS[table], [(*row, run) for row in rows])
    fresh = _searched(database, table, searched, again)
    marks = ", ".join("?" * (len(searched) + 1))
    sql = f"insert into {table}_text (rowid, {', '.join(searched)}) values ({marks})"  # noqa: S608 - columns of this module
    database.executemany(sql, fresh.values())


def indexed(database: sqlite3.Connection, table: Table) -> int:
    """The number up to which rows are in the search index."""
    row = database.execute("select value from meta where name = ?", [f"indexed_{table}"]).fetchone()
    return int(row[0]) if row else 0


def unindexed(database: sqlite3.Connection, table: Table) -> int:
    """About how many rows still have to join the search index."""
    row = database.execute(f"select max(n) from {table}").fetchone()  # noqa: S608 - a table of this module
    return max((row[0] or 0) - indexed(database, table), 0)


def index(database: sqlite3.Connection, table: Table, most: int = BATCH) -> int:
    """Brings the next rows into the search index; how many those were."""
    searched, upto = ", ".join(_SEARCHED[table]), indexed(database, table)
    sql = f"select max(n), count(*) from (select n from {table} where n > ? order by n limit ?)"  # noqa: S608 - of this module
    last, count = database.execute(sql, [upto, most]).fetchone()
    if count:
        database.execute(
            f"insert into {table}_text (rowid, {searched}) select n, {searched} from {table} where n > ? and n <= ?",  # noqa: S608
            [upto, last],
        )
        database.execute("insert or replace into meta values (?, ?)", [f"indexed_{table}", str(last)])
    return int(count)


def remove(database: sqlite3.Connection, table: Table, ids: Sequence[str]) -> None:
    """Takes rows out, those that are there."""
    searched = _SEARCHED.get(table)
    if searched:
        held, upto = _searched(database, table, searched, ids).values(), indexed(database, table)
        _unindex(database, table, searched, [row for row in held if int(row[0]) <= upto])
    database.executemany(f"delete from {table} where id = ?", [(key,) for key in ids])  # noqa: S608 - a table of this module


def remove_unseen(database: sqlite3.Connection, run: int, lacking: Collection[Table]) -> None:
    """Takes out what a finished full run has not seen, but for what stands on test clocks, which no list shows.

    Of `lacking` it could see nothing.
    """
    for table in [table for table in TABLES if table not in lacking]:
        where = "run <> ?" + (" and clock = ''" if table in _SEARCHED else "")
        searched = ", ".join(_SEARCHED.get(table, ()))
        if searched:
            database.execute(
                f"""insert into {table}_text ({table}_text, rowid, {searched})
                select 'delete', n, {searched} from {table} where {where} and n <= ?""",  # noqa: S608 - tables of this module
                [run, indexed(database, table)],
            )
        database.execute(f"delete from {table} where {where}", [run])  # noqa: S608 - tables of this module


def _searched(
    database: sqlite3.Connection, table: Table, searched: tuple[str, ...], ids: Sequence[str]
) -> dict[str, tuple[int | str, ...]]:
    """Number and searched texts of rows, by id."""
    found: dict[str, tuple[int | str, ...]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        batch = ids[start : start + _AT_ONCE]
        marks = ",".join("?" * len(batch))
        sql = f"select n, {', '.join(searched)} from {table} where id in ({marks})"  # noqa: S608 - tables of this module
        found |= {row[1]: tuple(row) for row in database.execute(sql, batch)}
    return found


def _unindex(
    database: sqlite3.Connection, table: Table, searched: tuple[str, ...], rows: Iterable[tuple[int | str, ...]]
) -> None:
    marks = ", ".join("?" * (len(searched) + 1))
    sql = f"insert into {table}_text ({table}_text, rowid, {', '.join(searched)}) values ('delete', {marks})"  # noqa: S608
    database.executemany(sql, rows)
