"""One open database: its connections for reading and writing, and the shape of its table, looked at once.

Blocking, and used from several threads at a time.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from billing_tui.model.database import AppRow, ColumnChange, LedgerEntry, Uniques
from billing_tui.model.profile import DatabaseTable
from billing_tui.services import database_rows
from billing_tui.services.database_engine import Connections
from billing_tui.services.database_layout import Layout, layout_of
from billing_tui.services.database_table import Shape, shape_of
from billing_tui.services.database_unique import unique_columns
from billing_tui.services.database_url import DatabaseUrl


class Session:
    """What `AppDatabase` asks, as plain calls that block and raise `Problem`s."""

    def __init__(self, url: DatabaseUrl, write_url: DatabaseUrl, table: DatabaseTable, timeout: float) -> None:
        self._table = table
        self._schemas = (url.schema, write_url.schema)
        self._reading = Connections(url, timeout, write=False)
        self._writing = Connections(write_url, timeout, write=True)
        self._layout: Layout | None = None
        self._events: Shape | None = None

    def rows_by(self, key: str | None, email: str | None, customer_id: str | None) -> list[AppRow]:
        """Rows of somebody."""
        with self._reading.open() as connection:
            return database_rows.rows_by(connection, self._laid_out(connection), key, email, customer_id)

    def rows_after(self, key: str | None, limit: int) -> list[AppRow]:
        """A page of everybody's rows."""
        with self._reading.open() as connection:
            return database_rows.rows_after(connection, self._laid_out(connection), key, limit)

    def ledger(self, event_ids: Sequence[str]) -> list[LedgerEntry]:
        """Entries of events."""
        with self._reading.open() as connection:
            return database_rows.ledger(connection, self._table, self._ledger(connection), event_ids)

    def uniques(self) -> Uniques:
        """What each table lets in once only."""
        with self._reading.open() as connection:
            rows = unique_columns(connection, self._laid_out(connection).shape)
            return Uniques(rows, unique_columns(connection, self._ledger(connection)) if self._table.events_table else None)

    def update_row(self, key: str, changes: Sequence[ColumnChange]) -> None:
        """One conditional update; a connection that is closed without a commit rolls back."""
        with self._writing.open() as connection:
            layout = layout_of(connection, self._table, self._schemas[1])
            database_rows.update_row(connection, layout, key, changes)

    def close(self) -> None:
        """Close what is held open."""
        self._reading.close()
        self._writing.close()

    def _ledger(self, connection: sa.Connection) -> Shape:
        if self._events is None:
            self._events = shape_of(connection, self._table.events_table, self._schemas[0], "events_table")
        return self._events

    def _laid_out(self, connection: sa.Connection) -> Layout:
        # Two threads may both look: that costs a query, where a lock could be held by one whose server went silent.
        if self._layout is None:
            self._layout = layout_of(connection, self._table, self._schemas[0])
        return self._layout
