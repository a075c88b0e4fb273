"""A database asked in a process of its own: libSQL's driver holds the whole interpreter while it waits for an answer, and with it
every window, every time limit and every signal.

Questions and answers are lines of JSON in pipes; what opens the database goes through them too, and is in no argument.
"""

import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, Any, cast

import msgspec

from billing_tui.model import problem as problems
from billing_tui.model.database import AppRow, ColumnChange, LedgerEntry, Uniques
from billing_tui.model.problem import OutOfReach, Problem
from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database_look import TableSeen, look, survey
from billing_tui.services.database_url import DatabaseUrl
from billing_tui.settings.limited import within

WRITE_EXTRA = 10.0
Opening = tuple[DatabaseUrl, DatabaseUrl, DatabaseTable | None, float]


class Aside:
    """Answers what a `Session` does, and `look` and `survey`; raises as they do, and TimeoutError."""

    def __init__(self, url: DatabaseUrl, write_url: DatabaseUrl, table: DatabaseTable | None, timeout: float) -> None:
        self._opening: Opening = (url, write_url, table, timeout)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def rows_by(self, key: str | None, email: str | None, customer_id: str | None) -> list[AppRow]:
        return msgspec.convert(self._ask("rows_by", key, email, customer_id), list[AppRow])

    def rows_after(self, key: str | None, limit: int) -> list[AppRow]:
        return msgspec.convert(self._ask("rows_after", key, limit), list[AppRow])

    def ledger(self, event_ids: Sequence[str]) -> list[LedgerEntry]:
        return msgspec.convert(self._ask("ledger", event_ids), list[LedgerEntry])

    def uniques(self) -> Uniques:
        return msgspec.convert(self._ask("uniques"), Uniques)

    def update_row(self, key: str, changes: Sequence[ColumnChange]) -> None:
        self._ask("update_row", key, changes, extra=WRITE_EXTRA)

    def look(self) -> str:
        return str(self._ask("look"))

    def survey(self) -> list[TableSeen]:
        return msgspec.convert(self._ask("survey"), list[TableSeen])

    def close(self) -> None:
        """Ends the process."""
        process, self._process = self._process, None
        if process:
            process.kill()
            process.communicate()

    def _ask(self, question: str, *given: object, extra: float = 0.0) -> Any:
        with self._lock:
            process = self._process = self._process or self._started()
            try:
                line = within(self._opening[3] + extra, lambda: _exchange(process, (question, given)))
            except TimeoutError:
                self.close()
                raise
        if not line:
            self.close()
            place = self._opening[0].place
            raise OutOfReach(f"The database {place} was lost: its driver ended.", "Try it again.", code="database")
        answer = msgspec.json.decode(line)
        if "problem" in answer:
            kind, message, hint, code = answer["problem"]
            raise getattr(problems, kind)(message, hint, code=code)
        return answer["answer"]

    def _started(self) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", __name__]
        process = subprocess.Popen(  # noqa: S603 - ourselves
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        _pipe(process.stdin).write(msgspec.json.encode(self._opening) + b"\n")
        return process


def _exchange(process: "subprocess.Popen[bytes]", question: object) -> bytes:
    """The line that answers a question; nothing where the process has ended."""
    try:
        _pipe(process.stdin).write(msgspec.json.encode(question) + b"\n")
        _pipe(process.stdin).flush()
        return _pipe(process.stdout).readline()
    except (OSError, ValueError):  # it has ended, or was ended
        return b""


def _pipe(end: IO[bytes] | None) -> IO[bytes]:
    return cast("IO[bytes]", end)


def main() -> None:
    """The other side: answers until nobody asks any more."""
    from billing_tui.services.database_session import Session

    url, write_url, table, timeout = msgspec.json.decode(sys.stdin.buffer.readline(), type=Opening)
    session = Session(url, write_url, table or DatabaseTable(), timeout)
    here = {"look": lambda: look(url, table, timeout, here=True), "survey": lambda: survey(url, timeout, here=True)}
    for line in sys.stdin.buffer:
        question, given = msgspec.json.decode(line, type=tuple[str, list[Any]])
        if question == "update_row":
            given[1] = msgspec.convert(given[1], list[ColumnChange])
        try:
            answer: object = {"answer": (here.get(question) or getattr(session, question))(*given)}
        except Problem as problem:
            answer = {"problem": (type(problem).__name__, problem.message, problem.hint, problem.code)}
        sys.stdout.buffer.write(msgspec.json.encode(answer) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
