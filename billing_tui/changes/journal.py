"""The journal: what this tool wrote, or tried to, in a database of its own that is only ever added to.

Each entry carries the hash of the one before, so that a missing or altered one shows. It is written before and after each
step: whatever moment the process dies at, the journal says "planned", "sent" or how it ended. It never lives in the
cache, since deleting the cache must lose nothing.
"""

import getpass
import hashlib
import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import to_builtins

from billing_tui.model.change import Change, Step
from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import OutOfReach

if TYPE_CHECKING:
    from sqlite_utils import Database

_TABLE = "entries"
_START = "0" * 64
_COLUMNS = {
    "id": int, "at": str, "who": str, "origin": str, "profile": str, "mode": str, "account": str, "plan_id": str, "action": str,
    "subject": str, "customer_id": str, "phase": str, "body": str, "previous": str, "hash": str,
}  # fmt: skip


class Journal:
    """The journal in one file, shared by every window and process of this machine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def note(self, change: Change, phase: str, steps: tuple[Step, ...] = ()) -> None:
        """Adds an entry: `planned`, `sending`, `applied`, `unknown`, `failed`, `verified`, `reconciled`, `finished`. Blocking.

        Raises:
            OutOfReach: The journal can't be written. Whoever is about to write must then not.
        """
        import sqlite3

        entry = _entry(change, phase, steps)
        try:
            database = self._open()
            try:
                self._append(database, entry)
            finally:
                database.close()
        except (sqlite3.Error, OSError) as error:
            raise OutOfReach(
                f"The journal {self._path} can't be written ({error}), so nothing is written anywhere else.",
                "Free some space, or mend the file's permissions.",
                code="journal",
            ) from error

    def entries(self) -> list[dict[str, Any]]:
        """All entries, oldest first, `body` decoded. Blocking.

        Raises:
            OutOfReach: It can't be read.
        """
        import sqlite3

        if not self._path.exists():
            return []
        try:
            database = self._open()
            try:
                rows = database[_TABLE].rows_where(order_by="id") if database[_TABLE].exists() else ()
                return [{**row, "body": json.loads(row["body"])} for row in rows]
            finally:
                database.close()
        except (sqlite3.Error, OSError, ValueError) as error:
            raise OutOfReach(
                f"The journal {self._path} can't be read ({error}).",
                "Mend the file or its permissions, or move it away; a new one begins then.",
                code="journal",
            ) from error

    def broken_at(self) -> int | None:
        """The id of the first entry that does not follow from the one before; None where all do. Blocking."""
        previous = _START
        for row in self.entries():
            entry = {name: row[name] for name in _COLUMNS if name not in ("id", "previous", "hash")}
            entry["body"] = json.dumps(row["body"], sort_keys=True)
            if row["previous"] != previous or row["hash"] != _chained(previous, entry):
                return int(row["id"])
            previous = row["hash"]
        return None

    def _open(self) -> "Database":
        import sqlite3

        from sqlite_utils import Database

        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return Database(sqlite3.connect(self._path, timeout=10, isolation_level=None))

    def _append(self, database: "Database", entry: Mapping[str, str]) -> None:
        database.execute("begin immediate")
        try:
            if not database[_TABLE].exists():
                columns = ", ".join(
                    f"{name} {'integer primary key' if kind is int else 'text'}" for name, kind in _COLUMNS.items()
                )
                database.execute(f"create table {_TABLE} ({columns})")
            last = database.execute(f"select hash from {_TABLE} order by id desc limit 1").fetchone()  # noqa: S608 - a constant
            previous = last[0] if last else _START
            whole = {**entry, "previous": previous, "hash": _chained(previous, entry)}
            names, marks = ", ".join(whole), ", ".join("?" * len(whole))
            database.execute(f"insert into {_TABLE} ({names}) values ({marks})", list(whole.values()))  # noqa: S608 - constants
            database.execute("commit")
        except BaseException:
            database.execute("rollback")
            raise


def _entry(change: Change, phase: str, steps: tuple[Step, ...]) -> dict[str, str]:
    body = {
        "query": change.query,
        "user": change.named_user,
        "options": change.options,
        "rule": change.rule,
        "title": change.title,
        "because": change.because,
        "steps": to_builtins(steps or change.writes),
    }
    return {
        "at": rfc3339(datetime.now(UTC)),
        "who": _who(),
        "origin": os.environ.get("SSH_CONNECTION", "").split(" ")[0],
        "profile": change.profile,
        "mode": change.mode,
        "account": change.account or "",
        "plan_id": change.plan_id,
        "action": change.action,
        "subject": change.subject,
        "customer_id": change.customer_id or "",
        "phase": phase,
        "body": json.dumps(body, sort_keys=True),
    }


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())


def _chained(previous: str, entry: Mapping[str, str]) -> str:
    text = json.dumps({name: entry[name] for name in sorted(entry)}, sort_keys=True)
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
