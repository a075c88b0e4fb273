"""Events that some endpoint has not taken: which of them wait, that they were taken and when, and the last day by the hour.

Stripe tells a count and no time. The time that is kept is when this tool saw the count at zero, which is never too early.
Blocking, on a connection that the caller gives.
"""

import sqlite3
from collections.abc import Collection

from msgspec import Struct


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


def hours(database: sqlite3.Connection, now: int, count: int = 24) -> list[Hour]:
    """The last hours, oldest first."""
    sql = """select (? - created) / 3600 as ago, count(*), sum(pending > 0) from events
        where created > ? - ? * 3600 and created <= ? group by ago"""
    found = {row[0]: Hour(row[1], row[2]) for row in database.execute(sql, [now, now, count, now])}
    return [found.get(ago, Hour(0, 0)) for ago in reversed(range(count))]
