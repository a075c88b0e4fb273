"""A database looked at before anything is known of it: whether it can be reached, which tables it has, a few rows of each.

Blocking. Rows are read to tell a column by what it holds, which names alone may hide; they are shown to nobody, kept nowhere.
"""

import re
from contextlib import closing

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.exc import SQLAlchemyError

from billing_tui.model.profile import DatabaseTable
from billing_tui.model.text import plural
from billing_tui.services.database_columns import Column, all_columns
from billing_tui.services.database_edge import LIBSQL
from billing_tui.services.database_engine import Connections
from billing_tui.services.database_layout import layout_of
from billing_tui.services.database_url import DatabaseUrl
from billing_tui.services.database_values import Raw, as_text

_ROWS = 200
_TABLES = 40
_LONGEST = 120
_TELLING = re.compile(r"stripe|customer|subscri|plan|tier|clerk|event|billing|payment", re.IGNORECASE)
# Schemas of the database itself, of hosters, and of mirrors of Stripe, where no app keeps its users' plans.
_FOREIGN = re.compile(
    r"stripe|pg_.*|information_schema|auth|storage|realtime|vault|extensions|graphql.*|pgbouncer|supabase_.*|net|cron"
)


class ColumnSeen(Struct, frozen=True):
    """A column and what a few rows hold in it."""

    column: Column
    values: tuple[str, ...]
    nulls: int

    @property
    def name(self) -> str:
        return self.column.name


class TableSeen(Struct, frozen=True):
    """A table or view; `name` is as the configuration wants it, `schema.table` outside the usual schema."""

    name: str
    columns: tuple[ColumnSeen, ...]
    rows: int


def look(url: DatabaseUrl, table: DatabaseTable | None, timeout: float, *, here: bool = False) -> str:
    """What can be said of a database that answers: its tables counted, the profile's table found in it.

    `here` asks in this process, whatever the driver is like.

    Raises:
        BadUsage: The profile's table or one of its columns is not there, or the driver is missing.
        KeyRefused: The login is wrong or may not read.
        OutOfReach: No file, no server, no answer in time.
    """
    if url.scheme == LIBSQL and not here:
        from billing_tui.services.database_aside import Aside

        with closing(Aside(url, url, table, timeout)) as aside:
            return aside.look()
    connections = Connections(url, timeout, write=False)
    try:
        with connections.open() as connection:
            if table is not None:
                layout_of(connection, table, url.schema)
                return f"the table {table.table} is there, with every column that the profile names."
            return f"{plural(len(all_columns(connection, url.schema or None)), 'table')}."
    finally:
        connections.close()


def survey(url: DatabaseUrl, timeout: float, *, here: bool = False) -> list[TableSeen]:
    """The tables whose columns may have to do with billing, the most telling first. As `look` otherwise."""
    if url.scheme == LIBSQL and not here:
        from billing_tui.services.database_aside import Aside

        with closing(Aside(url, url, None, timeout)) as aside:
            return aside.survey()
    connections = Connections(url, timeout, write=False)
    try:
        with connections.open() as connection:
            found = sorted(_tables(connection, url.schema), key=lambda held: -_telling(held[1], held[2]))
            return [_seen(connection, *table) for table in found[:_TABLES] if _telling(table[1], table[2])]
    finally:
        connections.close()


def _tables(connection: sa.Connection, schema: str) -> list[tuple[str | None, str, tuple[Column, ...]]]:
    inspector: Inspector = sa.inspect(connection)
    others = (
        [] if connection.dialect.name != "postgresql" else [n for n in inspector.get_schema_names() if not _FOREIGN.fullmatch(n)]
    )
    usual = schema or inspector.default_schema_name
    places: list[str | None] = [schema or None, *(name for name in others if name != usual)]
    found = []
    for place in places:
        found += [(place, name, held) for name, held in all_columns(connection, place).items()]
    return found


def _telling(name: str, columns: tuple[Column, ...]) -> int:
    return sum(bool(_TELLING.search(word)) for word in (name, *(column.name for column in columns)))


def _seen(connection: sa.Connection, place: str | None, name: str, columns: tuple[Column, ...]) -> TableSeen:
    told = [column for column in columns if column.kind != "json"]  # whole documents, for a word that nobody looks for in them
    table = sa.table(name, *(sa.column(column.name) for column in told), schema=place)
    try:
        rows = connection.execute(sa.select(table).limit(_ROWS)).all() if told else []
    except SQLAlchemyError:
        connection.rollback()
        rows = []  # a table that this login may not read is told by its columns alone
    held = {column.name: [row[index] for row in rows] for index, column in enumerate(told)}
    seen = tuple(_column(column, held.get(column.name, [])) for column in columns)
    return TableSeen(f"{place}.{name}" if place else name, seen, len(rows))


def _column(column: Column, raw: list[Raw]) -> ColumnSeen:
    texts = [as_text(value) for value in raw]
    values = dict.fromkeys(text[:_LONGEST] for text in texts if text)
    return ColumnSeen(column, tuple(values), sum(text is None for text in texts))
