"""Events that some endpoint has not taken: which of them wait, that they were taken and when, and the last day by the hour.

Stripe tells a count and no time. The time that is kept is when this tool saw the count at zero, which is never too early.
Blocking, on a connection that the caller gives.
"""

import sqlite3
from collections.abc import Collection

from msgspec import Struct

SOON = 120
"""Seconds after which an event that is read for the first time tells nothing of how long its delivery took."""


class Hour(Struct, frozen=True):
    """An hour's events, and how many of them some endpoint had not taken when they were last looked at."""

    events: int
    waiting: int


def waiting(database: sqlite3.Connection, since: int) -> dict[str, int]:
    """Those since a moment in Unix seconds: when each was made, by id."""
    sql = "select id, created from events where pending > 0 and created >= ?"
    return {row[0]: row[1] for row in database.execute(sql, [since])}


def take(database: sqlite3.Connection, names: Collection[str], at: int) -> None:
    """Notes that these are waited for no longer, as seen at a moment."""
    database.executemany("update events set pending = 0, taken = ? where id = ? and pending > 0", [(at, name) for name in names])


def still_waiting(database: sqlite3.Connection, names: Collection[str]) -> list[str]:
    """Those of these that some endpoint had not taken when they were last read."""
    sql = f"select id from events where pending > 0 and id in ({','.join('?' * len(names))})"  # noqa: S608 - question marks
    return [row[0] for row in database.execute(sql, list(names))]


def note(database: sqlite3.Connection, new: Collection[str], waited: Collection[str], at: int) -> None:
    """Notes when events were first seen, where that was soon, and that they, or `waited` ones, have been taken."""
    first = "update events set seen = ?1, taken = iif(pending = 0, ?1, null) where id = ?2 and created >= ?1 - ?3"
    database.executemany(first, [(at, name, SOON) for name in new])
    database.executemany("update events set taken = ? where id = ? and pending = 0", [(at, name) for name in waited])


def hours(database: sqlite3.Connection, now: int, count: int = 24) -> list[Hour]:
    """The last hours, oldest first."""
    sql = """select (? - created) / 3600 as ago, count(*), sum(pending > 0) from events
        where created > ? - ? * 3600 and created <= ? group by ago"""
    found = {row[0]: Hour(row[1], row[2]) for row in database.execute(sql, [now, now, count, now])}
    return [found.get(ago, Hour(0, 0)) for ago in reversed(range(count))]
