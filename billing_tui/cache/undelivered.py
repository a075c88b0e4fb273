"""Events that some endpoint had not taken yet when they were last read: what of them stands in the cache.

Stripe may have delivered one since; only a fresh read could say so. Blocking, on a connection that the caller gives.
"""

import sqlite3
from collections.abc import Collection, Mapping

from msgspec import Struct

_HOUR = 3600


class Undelivered(Struct, frozen=True, kw_only=True):
    """How many there are of each type, the most frequent first; how many of the last hour; the newest one's id, "" for none."""

    types: Mapping[str, int]
    lately: int = 0
    newest: str = ""


class Recent(Struct, frozen=True):
    """When an event was made, and whether some endpoint had not taken it when it was last read."""

    created: int
    pending: bool


def undelivered(database: sqlite3.Connection, since: int, now: int) -> Undelivered:
    """Those made since a moment, in Unix seconds."""
    where = "created >= ? and pending > 0"
    sql = f"select type, count(*), sum(created > ?) from events where {where} group by type order by 2 desc, 1"  # noqa: S608
    rows = database.execute(sql, [now - _HOUR, since]).fetchall()
    sql = f"select id from events where {where} order by created desc, id desc limit 1"  # noqa: S608 - our own words
    newest = database.execute(sql, [since]).fetchone()
    return Undelivered(
        types={row[0]: row[1] for row in rows}, lately=sum(row[2] for row in rows), newest=newest[0] if newest else ""
    )


def recent(database: sqlite3.Connection, types: Collection[str], since: int, most: int) -> list[Recent]:
    """The newest events of these types, or of all, since a moment; newest first."""
    of_types = f"and type in ({','.join('?' * len(types))})" if types else ""
    sql = f"select created, pending > 0 from events where created >= ? {of_types} order by created desc, id desc limit ?"  # noqa: S608
    return [Recent(row[0], bool(row[1])) for row in database.execute(sql, [since, *types, most])]
