"""Events that some endpoint had not taken yet when they were last read: what of them stands in the cache.

Stripe may have delivered one since; only a fresh read could say so. Blocking, on a connection that the caller gives.
"""

import sqlite3
from collections.abc import Mapping

from msgspec import Struct


class Undelivered(Struct, frozen=True, kw_only=True):
    """How many there are of each type, the most frequent first, and the newest one's id, "" where there is none."""

    types: Mapping[str, int]
    newest: str = ""


def undelivered(database: sqlite3.Connection, since: int) -> Undelivered:
    """Those made since a moment, in Unix seconds."""
    where = "created >= ? and pending > 0"
    sql = f"select type, count(*) from events where {where} group by type order by 2 desc, 1"  # noqa: S608 - our own words
    types = {row[0]: row[1] for row in database.execute(sql, [since])}
    sql = f"select id from events where {where} order by created desc, id desc limit 1"  # noqa: S608 - our own words
    row = database.execute(sql, [since]).fetchone()
    return Undelivered(types=types, newest=row[0] if row else "")
