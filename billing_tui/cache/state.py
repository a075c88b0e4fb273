"""How far a cache is: which run fills it, which stretches of time are still to be listed, and the last event it has seen.

All of it lives in the cache's own file and changes in the same transaction as the rows it speaks of, so that a process killed at
any moment leaves a cache that knows exactly what it lacks. Blocking, on a connection that the caller gives.
"""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from billing_tui.cache.store import Table
from billing_tui.model.moment import from_unix

EVENT_LIFE = 30 * 86400
_MARGIN = 3600
# No object is made later than this.
EVER = 1 << 40
Phase = Literal["", "listing", "healing", "done"]
# Events may be seen a little after others that were made later; so much of the tail is always read again.
_OVERLAP = 5
_SEEN_AGAIN = 60


@dataclass(slots=True)
class Window:
    """A stretch of one list: objects with `low` <= created <= `high`, those from `after` upwards already read.

    `span` is how many seconds its last full page covered; 0 while none was read.
    """

    id: int
    table: Table
    low: int
    high: int
    after: str = ""
    span: float = 0.0


@dataclass(frozen=True, slots=True)
class State:
    """`anchor` is the id of the event after which the tail begins, "" where the account had none; times are Unix seconds.

    `lacking` is what the key may not list, with the permission's name in the Dashboard, "" where that is not known.
    """

    phase: Phase
    run: int
    begun: float
    anchor: str
    anchor_at: int
    synced_at: float
    lacking: Mapping[Table, str]

    def is_gap(self, now: datetime) -> bool:
        """Whether events since the last one seen may have been forgotten by Stripe."""
        seen = self.anchor_at or self.synced_at or self.begun
        return seen < now.timestamp() - EVENT_LIFE + _MARGIN


def load(database: sqlite3.Connection) -> State:
    """How far it is; a new cache is in no phase."""
    told = dict(tuple(row) for row in database.execute("select name, value from meta"))
    phase: Phase = told.get("phase", "")
    return State(
        phase=phase,
        run=int(told.get("run", 0)),
        begun=float(told.get("begun", 0)),
        anchor=told.get("anchor", ""),
        anchor_at=int(told.get("anchor_at", 0)),
        synced_at=float(told.get("synced_at", 0)),
        lacking=json.loads(told.get("lacking", "{}")),
    )


def surveyed(database: sqlite3.Connection) -> tuple[datetime | None, tuple[str, ...]]:
    """When every subject was last looked at, and in which layers; (None, ()) for never."""
    told = dict(tuple(row) for row in database.execute("select name, value from meta where name like 'surveyed%'"))
    at = float(told.get("surveyed_at", 0))
    return (from_unix(at) if at else None, tuple(filter(None, told.get("surveyed", "").split(","))))


def tell(database: sqlite3.Connection, **told: str | float) -> None:
    """Changes parts of it."""
    database.executemany("insert or replace into meta values (?, ?)", [(name, str(value)) for name, value in told.items()])


def begin(database: sqlite3.Connection, run: int, now: float, windows: Iterable[Window]) -> None:
    """A full run from its start: what an earlier one had left to list is forgotten, its rows stay until this one is through."""
    database.execute("delete from windows")
    database.execute("delete from stale")
    database.executemany(
        "insert into windows (kind, low, high, after) values (?, ?, ?, ?)",
        [(window.table, window.low, window.high, window.after) for window in windows],
    )
    tell(database, phase="listing", run=run, begun=now, anchor="", anchor_at=0, lacking="{}")


def open_again(database: sqlite3.Connection, tables: Iterable[Table]) -> None:
    """These lists are still to be read, all of them."""
    database.executemany("insert into windows (kind, low, high, after) values (?, 0, ?, '')", [(table, EVER) for table in tables])


def lack(database: sqlite3.Connection, lacking: Mapping[Table, str]) -> None:
    """The key may not list these: nothing of them is to be read any more."""
    database.executemany("delete from windows where kind = ?", [(table,) for table in lacking])
    tell(database, lacking=json.dumps(lacking))


def windows(database: sqlite3.Connection) -> list[Window]:
    """What is still to be listed."""
    rows = database.execute("select id, kind, low, high, after from windows order by id")
    return [Window(*row) for row in rows]


def move(database: sqlite3.Connection, window: Window, done: bool) -> None:
    """Notes how far a window is."""
    if done:
        database.execute("delete from windows where id = ?", [window.id])
    else:
        database.execute("update windows set high = ?, after = ? where id = ?", [window.high, window.after, window.id])


def split(database: sqlite3.Connection, window: Window, cut: int) -> Window:
    """Makes the older part of a window, up to `cut`, a window of its own."""
    cursor = database.execute(
        "insert into windows (kind, low, high, after) values (?, ?, ?, '')", [window.table, window.low, cut - 1]
    )
    database.execute("update windows set low = ? where id = ?", [cut, window.id])
    made = Window(cursor.lastrowid or 0, window.table, window.low, cut - 1)
    window.low = cut
    return made


def drop_anchor(database: sqlite3.Connection, recent: Sequence[tuple[str, int]]) -> None:
    """The tail begins after the newest event that others can no longer come before, if that is not too many ago.

    `recent` are ids and times of events as Stripe listed them, newest first.
    """
    if not recent:
        return
    settled = (seen for seen in recent[:_SEEN_AGAIN] if seen[1] <= recent[0][1] - _OVERLAP)
    anchor, at = next(settled, recent[:_SEEN_AGAIN][-1])
    tell(database, anchor=anchor, anchor_at=at)


def mark(database: sqlite3.Connection, stale: Iterable[tuple[str, str]]) -> None:
    """These objects are to be read again."""
    database.executemany("insert or ignore into stale values (?, ?)", list(stale))


def unmark(database: sqlite3.Connection, table: Table, object_id: str) -> None:
    """This one was."""
    database.execute("delete from stale where kind = ? and id = ?", [table, object_id])


def marked(database: sqlite3.Connection) -> list[tuple[Table, str]]:
    """What is to be read again, the catalogue first."""
    rows = database.execute("select kind, id from stale order by kind not in ('products', 'prices'), kind, id")
    return [(row["kind"], row["id"]) for row in rows]
