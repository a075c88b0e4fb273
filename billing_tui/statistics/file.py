"""The file behind the statistics: for each day, profile, mode and rule how many tickets, and nothing else that stays.

So that one ticket asked ten times counts once, the day's tickets are remembered as hashes under a salt of that day. With the
day both are overwritten, and nothing leads back to a person.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes
from typing import TypeVar

from billing_tui.settings.paths import private_dir, private_file

T = TypeVar("T")
Counts = dict[str, tuple[int, int]]

_PATIENCE = 2.0
_KEPT_DAYS = 731
_VERSION = 1
_TABLES = (
    """create table causes (day text, profile text, mode text, rule text, ours integer, tickets integer not null,
    primary key (day, profile, mode, rule, ours)) without rowid""",
    "create table today (day text primary key, salt blob not null) without rowid",
    "create table asked (hash blob primary key) without rowid",
    f"pragma user_version = {_VERSION}",
)


class Newer(sqlite3.Error):
    """A later version of the tool made the file; it is left alone."""


def count_ticket(path: Path, day: date, where: tuple[str, str], cause: tuple[str, bool], ticket: str) -> None:
    """Counts a ticket once a day for each cause. `where` is a profile and a mode, `cause` a rule and whether it is ours."""

    def work(database: sqlite3.Connection) -> None:
        _forget_before(database, day)
        (salt,) = database.execute("select salt from today").fetchone()
        told = "\0".join((*where, cause[0], ticket)).encode()
        known = database.execute(
            "insert or ignore into asked values (?)", [blake2b(told, key=salt, digest_size=16).digest()]
        ).rowcount
        if known:
            database.execute(
                "insert into causes values (?, ?, ?, ?, ?, 1) on conflict do update set tickets = tickets + 1",
                [day.isoformat(), *where, *cause],
            )

    _changed(path, work)


def counts(path: Path, day: date, days: int, where: tuple[str, str]) -> Counts:
    """By rule: how many tickets in so many days until this one, and in as many before those."""
    if not path.exists():
        return {}
    recent, earlier = (day - timedelta(days=back) for back in (days, 2 * days))

    def work(database: sqlite3.Connection) -> Counts:
        _forget_before(database, day)
        found = database.execute(
            """select rule, sum(tickets * (day > ?)), sum(tickets * (day <= ?)) from causes
            where profile = ? and mode = ? and day > ? and day <= ? group by rule""",
            [recent.isoformat(), recent.isoformat(), *where, earlier.isoformat(), day.isoformat()],
        )
        return {str(rule): (int(late), int(early)) for rule, late, early in found}

    return _changed(path, work)


def put_aside(path: Path) -> Path:
    """Moves a file that is damaged out of the way, over one that was moved before; says where it is now."""
    aside = path.with_name(f"{path.name}.damaged")
    path.replace(aside)
    path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    return aside


def is_damaged(error: Exception) -> bool:
    """Whether a failure says that the file's content is no database, or no longer one; not that it can't be reached now."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _forget_before(database: sqlite3.Connection, day: date) -> None:
    """With another day, the salt and the hashes under it are gone for good; so are counts of long ago."""
    if database.execute("select 1 from today where day = ?", [day.isoformat()]).fetchone():
        return
    database.execute("delete from asked")
    database.execute("delete from today")
    database.execute("insert into today values (?, ?)", [day.isoformat(), token_bytes(32)])
    database.execute("delete from causes where day < ?", [(day - timedelta(days=_KEPT_DAYS)).isoformat()])


def _changed(path: Path, work: Callable[[sqlite3.Connection], T]) -> T:
    """What `work` answers, in a transaction."""
    private_dir(path.parent)
    private_file(path)
    with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as database:
        database.execute("pragma secure_delete = on")
        database.execute("begin immediate")
        try:
            _made(database)
            answer = work(database)
            database.execute("commit")
        except BaseException:
            with suppress(sqlite3.Error):
                database.execute("rollback")
            raise
    return answer


def _made(database: sqlite3.Connection) -> None:
    (version,) = database.execute("pragma user_version").fetchone()
    if version > _VERSION:
        raise Newer(f"it is of version {version}, and this tool knows {_VERSION}")
    if not version:
        for statement in _TABLES:
            database.execute(statement)
