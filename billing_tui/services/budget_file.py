"""The file behind the budgets of this machine: who owns which slots, and how many reads each day had.

Every change is one short transaction. A file that can't be used is begun anew once, and then done without: losing count of a
second's requests must not stop a ticket.
"""

import logging
import secrets
import sqlite3
import threading
import time
from array import array
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import TypeVar

from billing_tui.model.problem import Problem
from billing_tui.services.budget_slots import Slots
from billing_tui.settings.paths import private_dir, private_file

logger = logging.getLogger(__name__)
T = TypeVar("T")

_PATIENCE = 5.0
_KEPT_DAYS = 40
# A clock that counts from the machine's start says nothing after the next start.
_SAME_START = 30.0
_TABLES = (
    "create table if not exists meta (name text primary key, value) without rowid",
    "create table if not exists keys (fingerprint text primary key, account text not null) without rowid",
    """create table if not exists slots (owner text, endpoint text, due real not null, times blob not null,
    primary key (owner, endpoint)) without rowid""",
    "create table if not exists reads (owner text, day text, count integer not null, primary key (owner, day)) without rowid",
)


class BudgetFile:
    """The file, from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._one_at_a_time = threading.Lock()
        self._given_up = False

    def change(self, work: Callable[[sqlite3.Connection], T]) -> T | None:
        """What `work` answers, in a transaction of its own; None where the file can't be used. Blocks for a moment."""
        with self._one_at_a_time:
            for attempt in (1, 2):
                if self._given_up:
                    return None
                try:
                    return self._carried_out(work)
                except (sqlite3.Error, OSError, Problem) as error:
                    self._failed(error, last=attempt == 2)
        return None

    def _carried_out(self, work: Callable[[sqlite3.Connection], T]) -> T:
        database = self._connection = self._connection or self._opened()
        database.execute("begin immediate")
        try:
            answer = work(database)
            database.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("rollback")
            raise
        return answer

    def _opened(self) -> sqlite3.Connection:
        private_dir(self._path.parent)
        private_file(self._path)
        database = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
        try:
            database.execute("pragma journal_mode = wal")
            database.execute("pragma synchronous = off")
            database.execute("begin immediate")
            for statement in _TABLES:
                database.execute(statement)
            database.execute("insert or ignore into meta values ('salt', ?)", [secrets.token_bytes(16)])
            _note_start(database)
            database.execute("delete from reads where day < date('now', ?)", [f"-{_KEPT_DAYS} days"])
            database.execute("commit")
        except sqlite3.Error:
            database.close()
            raise
        return database

    def _failed(self, error: Exception, *, last: bool) -> None:
        logger.warning("The budget's file can't be used: %s", error)
        self._drop()
        if last:
            self._given_up = True
        elif isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
            for end in ("", "-wal", "-shm"):
                with suppress(OSError):
                    self._path.with_name(self._path.name + end).unlink(missing_ok=True)

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def close(self) -> None:
        """Lets go of it."""
        with self._one_at_a_time:
            self._drop()


def _note_start(database: sqlite3.Connection) -> None:
    started = time.time() - time.monotonic()
    row = database.execute("select value from meta where name = 'started'").fetchone()
    if row is None or abs(row[0] - started) > _SAME_START:
        database.execute("delete from slots")
        database.execute("insert or replace into meta values ('started', ?)", [started])


def fingerprint(database: sqlite3.Connection, key: str) -> str:
    """A key as the file knows it: nothing that leads back to the key."""
    salt = database.execute("select value from meta where name = 'salt'").fetchone()[0]
    return blake2b(key.encode(), key=salt, digest_size=16).hexdigest()


def account_of(database: sqlite3.Connection, print_of_key: str) -> str | None:
    """Whose key it is, where that was learnt before."""
    row = database.execute("select account from keys where fingerprint = ?", [print_of_key]).fetchone()
    return row[0] if row else None


def learn(database: sqlite3.Connection, print_of_key: str, owner: str, account: str) -> None:
    """The key is this account's, and what its owner by that name had used counts for the account."""
    database.execute("insert or replace into keys values (?, ?)", [print_of_key, account])
    if owner == account:
        return
    for endpoint, due, times in database.execute("select endpoint, due, times from slots where owner = ?", [owner]).fetchall():
        mine, theirs = slots_of(database, account, endpoint), Slots(array("d", times), due)
        merged = array("d", sorted([*mine.times, *theirs.times]))
        keep_slots(database, account, endpoint, Slots(merged, max(mine.due, theirs.due)))
    database.execute("delete from slots where owner = ?", [owner])
    database.execute(
        """insert into reads select ?, day, count from reads where owner = ?
        on conflict do update set count = count + excluded.count""",
        [account, owner],
    )
    database.execute("delete from reads where owner = ?", [owner])


def slots_of(database: sqlite3.Connection, owner: str, endpoint: str) -> Slots:
    """What went out to an endpoint, "" for all of them."""
    row = database.execute("select due, times from slots where owner = ? and endpoint = ?", [owner, endpoint]).fetchone()
    return Slots(array("d", row[1]), row[0]) if row else Slots()


def keep_slots(database: sqlite3.Connection, owner: str, endpoint: str, slots: Slots) -> None:
    """Replaces them."""
    values = [owner, endpoint, slots.due, slots.times.tobytes()]
    database.execute("insert or replace into slots values (?, ?, ?, ?)", values)


def count_read(database: sqlite3.Connection, owner: str) -> int:
    """One more today (UTC); how many that makes."""
    sql = "insert into reads values (?, ?, 1) on conflict do update set count = count + 1 returning count"
    return int(database.execute(sql, [owner, _today()]).fetchone()[0])


def reads_of(database: sqlite3.Connection, owner: str) -> int:
    """How many today (UTC)."""
    row = database.execute("select count from reads where owner = ? and day = ?", [owner, _today()]).fetchone()
    return int(row[0]) if row else 0


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
