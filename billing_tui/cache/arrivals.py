"""Events that the app has, whatever Stripe counts: which to ask about, and what was said. Blocking, on a connection given."""

import sqlite3
from collections.abc import Collection
from typing import Literal

Witness = Literal["ledger", "direct"]
_WAITING = 500
_NEWEST = 100
_LOOKED_AT = 5000


def unsure(database: sqlite3.Connection, types: Collection[str], since: int) -> list[str]:
    """The newest that some endpoint has not taken, and the newest of all, as far as nobody has said that the app has them.

    Of these types, or of all, and made since a moment in Unix seconds.
    """
    of_types = f"and type in ({','.join('?' * len(types))})" if types else ""
    waiting = f"""select id from events where pending > 0 and arrived = '' and created >= ? {of_types}
        order by created desc limit ?"""  # noqa: S608 - question marks
    newest = f"""select id from (select * from events order by created desc, id desc limit ?)
        where arrived = '' and created >= ? {of_types} limit ?"""  # noqa: S608 - question marks
    rows = [
        *database.execute(waiting, [since, *types, _WAITING]),
        *database.execute(newest, [_LOOKED_AT, since, *types, _NEWEST]),
    ]
    return list({row[0]: None for row in rows})


def arrive(database: sqlite3.Connection, names: Collection[str], witness: Witness) -> int:
    """Notes that the app has these; how many of them nobody had said that of."""
    before = database.total_changes
    database.executemany("update events set arrived = ? where id = ? and arrived = ''", [(witness, name) for name in names])
    return database.total_changes - before
