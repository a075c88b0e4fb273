"""The cache's tables, and a file that is certain to hold them.

A file from another version, or a damaged one, is put away and begun anew: everything in it can be read again from Stripe. What
must outlive it is the journal's, in a file of its own. Columns are what lists, search, tiers and the event history need, no more.
"""

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from billing_tui.cache import drift, subjects
from billing_tui.cache.arranging import TRIGGERS
from billing_tui.model.problem import OutOfReach
from billing_tui.settings.paths import private_dir, private_file

VERSION = 6
_PATIENCE = 20.0
_DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR})

# `run` is the full sync that last saw a row. Ids are unique; `n` is never given again, so that it may be held on to.
# A customer's tier, rank, status and live are those of its subscriptions, and a subscription's owner is its customer's name: the
# triggers of `arranging` keep them in step, whichever of the two comes first. An event's `seen` is when it was first read, where
# that was soon after it was made; `taken` is when it was first seen to be waited for by no endpoint; `arrived`
# is who said that the app has it, "" for nobody: its ledger, or its own answer to this tool.
_SCHEMA = """
create table meta (name text primary key, value text not null) without rowid;
create table windows (id integer primary key, kind text not null, low integer not null, high integer not null,
    after text not null);
create table stale (kind text not null, id text not null, primary key (kind, id)) without rowid;

create table products (id text primary key, name text not null, active integer not null, metadata text not null,
    created integer not null, run integer not null) without rowid;
create table prices (id text primary key, product text not null, active integer not null, amount integer, currency text not null,
    interval text not null, interval_count integer not null, lookup_key text not null, nickname text not null,
    metadata text not null, created integer not null, tier text, rank integer not null default -1, path text not null default '',
    value text, run integer not null) without rowid;

create table customers (n integer primary key autoincrement, id text not null unique, email text not null, name text not null,
    words text not null, metadata text not null, created integer not null, delinquent integer not null, clock text not null,
    tier text, rank integer, status text, live integer not null default 0, run integer not null);
create index customers_created on customers (created, id);
create index customers_email on customers (email collate nocase, id);
create virtual table customers_text using fts5 (id, email, name, words, content=customers, content_rowid=n, tokenize=trigram);

create table subscriptions (n integer primary key autoincrement, id text not null unique, customer text not null,
    status text not null, paid integer not null, ended integer not null, tier text, rank integer not null, amount integer,
    currency text not null, interval text not null, interval_count integer not null, price text not null,
    quantity integer not null, several integer not null, items text not null, created integer not null, period_end integer,
    mixed integer not null, ends_at integer, ends_by text not null, trial_end integer, canceled_at integer, ended_at integer,
    paused text not null, pause_reason text not null, resumes_at integer, words text not null, metadata text not null,
    clock text not null, owner text not null default '', run integer not null);
create index subscriptions_customer on subscriptions (customer, status, ended, paid, currency);
create index subscriptions_created on subscriptions (created, id);
create virtual table subscriptions_text using fts5 (id, words, content=subscriptions, content_rowid=n, tokenize=trigram);

create table events (n integer primary key autoincrement, id text not null unique, type text not null, created integer not null,
    object_id text not null, object text not null, customer text not null, subscription text not null, pending integer not null,
    api_version text not null, run integer not null, seen integer, taken integer,
    arrived text not null default '');
create index events_created on events (created, id);
create index events_customer on events (customer);
create index events_object on events (object_id);
create index events_pending on events (created) where pending > 0;
create index events_watched on events (created, taken) where seen is not null;
create index events_subscription on events (subscription) where subscription <> ''
"""


def connect(path: Path | None) -> sqlite3.Connection:
    """A connection to a cache that has its tables, made first where there was none; without a path an empty one in memory.

    Raises `sqlite3.Error` and `BadUsage`.
    """
    if path is None:
        return _in_memory()
    private_dir(path.parent)
    connection = _opened(path)
    version = connection.execute("pragma user_version").fetchone()[0]
    if version == VERSION:
        return connection
    connection.close()
    with locked(path):
        connection = _opened(path)
        if connection.execute("pragma user_version").fetchone()[0] not in (0, VERSION):
            connection.close()
            _discard(path)
            connection = _opened(path)
        _make(connection)
    return connection


def _in_memory() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    _make(connection)
    return connection


def _opened(path: Path) -> sqlite3.Connection:
    private_file(path)
    connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None, check_same_thread=False)
    try:
        connection.row_factory = sqlite3.Row
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = normal")
        connection.execute("pragma temp_store = file")
        connection.execute("pragma cache_size = -1000")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _make(connection: sqlite3.Connection) -> None:
    from sqlite_utils import Database

    database = Database(connection)
    database.execute("begin exclusive")
    try:
        if connection.execute("pragma user_version").fetchone()[0] != VERSION:
            for statement in (*_SCHEMA.split(";\n"), *TRIGGERS, *subjects.TABLES, *drift.TABLES):
                database.execute(statement)
            database.execute(f"pragma user_version = {VERSION}")
        database.execute("commit")
    except BaseException:
        with suppress(sqlite3.Error):
            database.execute("rollback")
        raise


@contextmanager
def locked(path: Path, purpose: str = "making") -> Iterator[None]:
    """While inside, no other process or thread is, for the same file and purpose. Waits; the system lets go if this one dies."""
    with private_file(path.with_name(f"{path.name}.{purpose}")).open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def identity(path: Path | None) -> tuple[int, int] | None:
    """Which file this is at the moment; None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        found = None
    if found is None:
        return None
    return found.st_dev, found.st_ino


def forget(path: Path | None, seen: tuple[int, int] | None) -> None:
    """Puts a damaged file away, unless another process already has and this is a new one."""
    if path is None:
        return
    with locked(path):
        if identity(path) == seen:
            _discard(path)


def _discard(path: Path) -> None:
    for name in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        name.unlink(missing_ok=True)


def damaged(error: sqlite3.Error) -> bool:
    """Whether an error means that the file is no cache of ours any more."""
    return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _DAMAGED


def problem(path: Path | None, error: sqlite3.Error | OSError) -> OutOfReach:
    """What to tell of a cache that can't be used."""
    if isinstance(error, sqlite3.Error) and damaged(error):
        return OutOfReach(
            "The cache was damaged and has been emptied.", "Run billing-tui sync to fill it again.", code="cache_damaged"
        )
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return OutOfReach(f"The disk with the cache {path} is full.", "Free some space, then sync again.", code="cache_full")
    hint = "Try again in a moment." if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) else "Look at the file and its disk."
    return OutOfReach(f"The cache {path} can't be used ({os.fspath(str(error))}).", hint, code="cache")
