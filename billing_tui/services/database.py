"""The app's own database, as far as this tool has any business with it: find a row, read the ledger, mend one row.

Nothing is opened and nothing heavy imported until the first question, and each question waits in a thread with a time
limit. SQL lives in the modules beside this one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

from billing_tui.model.database import AppRow, ColumnChange, LedgerEntry, Uniques
from billing_tui.model.problem import OutcomeUnknown, OutOfReach, Refused
from billing_tui.model.profile import DatabaseTable
from billing_tui.model.text import clean
from billing_tui.services.database_edge import LIBSQL
from billing_tui.services.database_thread import in_thread
from billing_tui.services.database_url import DatabaseUrl, read_url
from billing_tui.settings.secret import Secret

if TYPE_CHECKING:
    from billing_tui.services.database_aside import Aside
    from billing_tui.services.database_session import Session

T = TypeVar("T")

# A write waits this much longer than its lock does, so that a busy database is a plain no and not an unknown outcome.
_WRITE_EXTRA = 10.0


def open_database(
    url: Secret, table: DatabaseTable, timeout: float = 10.0, write_url: Secret | None = None, *, read_only: bool = False
) -> AppDatabase:
    """The database behind a URL; no connection is made yet.

    Args:
        url: What to read with, and to write with where there is no `write_url`.
        table: The profile's description of the app's table.
        timeout: Seconds for each question.
        write_url: Another login for writing.
        read_only: Refuse every write, whoever asks for it.

    Raises:
        BadUsage: A URL that is not understood.
    """
    writing = None if read_only else read_url((write_url or url).reveal())
    return AppDatabase(read_url(url.reveal()), table, timeout, writing)


class AppDatabase:
    """The app's table and its ledger. `queries` counts the statements sent, looking at the schema excepted."""

    def __init__(self, url: DatabaseUrl, table: DatabaseTable, timeout: float, write_url: DatabaseUrl | None) -> None:
        self._url = url
        self._write_url = write_url
        self._table = table
        self._timeout = timeout
        self._lock = threading.Lock()
        self._session: Session | Aside | None = None
        self.queries = 0

    def describe(self) -> str:
        """`db users@demo.db` for a file, `db acme@pg-1` for a server; never a login."""
        place = self._url.place
        return f"db {clean(self._table.table)}@{place}" if self._url.file else f"db {place}"

    def load(self) -> None:
        """Loads SQLAlchemy, so that the first question does not wait for that. Blocking."""
        from billing_tui.services import database_session

        del database_session

    async def rows_by(self, *, key: str | None = None, email: str | None = None, customer_id: str | None = None) -> list[AppRow]:
        """At most ten rows that match any of what is given; an e-mail in whatever case.

        Raises:
            BadUsage: The table or a column is not there, or the driver is missing.
            KeyRefused: The login is wrong or may not read.
            OutOfReach: No file, no server, no answer in time.
        """
        self.queries += 1
        return await self._ask(lambda session: session.rows_by(key, email, customer_id))

    async def rows_after(self, key: str | None, limit: int) -> list[AppRow]:
        """The next rows in the order of their keys, from the one after this key on; raises as `rows_by` does."""
        self.queries += 1
        return await self._ask(lambda session: session.rows_after(key, limit))

    async def ledger(self, event_ids: Sequence[str]) -> list[LedgerEntry]:
        """Those of the events that the app has noted as processed; raises as `rows_by` does."""
        if not event_ids or not self._table.events_table:
            return []
        self.queries += 1
        asked = tuple(event_ids)
        return await self._ask(lambda session: session.ledger(asked))

    async def uniques(self) -> Uniques:
        """What the tables let in once only; raises as `rows_by` does."""
        return await self._ask(lambda session: session.uniques())

    async def update_row(self, key: str, changes: Sequence[ColumnChange]) -> None:
        """Write one row, provided that each column still holds its `before`; all of it or nothing.

        Raises:
            Refused: The row is not there, not alone, or changed since the plan (`changed`); or nothing may be written
                (`read_only`).
            OutcomeUnknown: It was sent, and no answer came.
            BadUsage, KeyRefused, OutOfReach: As `rows_by`; nothing was written then.
        """
        if self._write_url is None:
            message = "This profile is read-only, so nothing was written."
            raise Refused(message, "Run it again without --read-only.", code="read_only")
        if not changes:
            return
        self.queries += 2
        wanted = tuple(changes)
        try:
            await in_thread(lambda: self._opened().update_row(key, wanted), self._timeout + _WRITE_EXTRA)
        except TimeoutError as error:
            hint = "Read the row again before anything else is written."
            raise OutcomeUnknown(f"The database {self._write_url.place} did not answer the write.", hint) from error

    async def close(self) -> None:
        """Let go of connections that are held open."""
        session, self._session = self._session, None
        if session:
            await in_thread(session.close, self._timeout)

    async def _ask(self, question: Callable[[Session | Aside], T]) -> T:
        try:
            return await in_thread(lambda: question(self._opened()), self._timeout)
        except TimeoutError as error:
            hint = "Check that it can be reached from here, or give it more with --timeout."
            message = f"The database {self._url.place} did not answer in time."
            raise OutOfReach(message, hint, code="timeout") from error

    def _opened(self) -> Session | Aside:
        """In the thread, since this is where SQLAlchemy is loaded."""
        from billing_tui.services.database_aside import Aside
        from billing_tui.services.database_session import Session

        with self._lock:
            if self._session is None:
                kind = Aside if self._url.scheme == LIBSQL else Session
                self._session = kind(self._url, self._write_url or self._url, self._table, self._timeout)
            return self._session
