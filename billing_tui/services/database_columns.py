"""The columns that a database has, by the kind of what each can hold, as far as a login that may only read can see them.

MySQL and MariaDB show how a view was made only to who has a right of its own to see that, so they are asked in another way.
"""

from typing import Any, Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import types
from sqlalchemy.dialects import sqlite
from sqlalchemy.engine.reflection import ObjectKind

Kind = Literal["text", "integer", "number", "boolean", "moment", "date", "uuid", "json"]
Columns = tuple["Column", ...]

_OF_D1 = sa.text(
    "SELECT held.name, shown.name, shown.type FROM sqlite_master AS held JOIN pragma_table_info(held.name) AS shown"
    " WHERE held.type IN ('table', 'view') AND held.name NOT LIKE 'sqlite_%' AND held.name NOT LIKE '_cf_%'"
    " AND (:name IS NULL OR lower(held.name) = lower(:name)) ORDER BY held.name, shown.cid"
)
_LISTED = (
    "SELECT table_name, column_name, data_type FROM information_schema.columns"
    " WHERE table_schema = COALESCE(:place, DATABASE()) AND (:name IS NULL OR table_name = :name)"
    " ORDER BY table_name, ordinal_position"
)


class Column(Struct, frozen=True):
    """A column. `native` moments, booleans and numbers are the database's own types; SQLite has none."""

    name: str
    kind: Kind
    native: bool = False
    zoned: bool = False


def hides_much(connection: sa.Connection) -> bool:
    """Whether what a login may not read looks to it like what is not there."""
    return connection.dialect.name in ("mysql", "mariadb")


def is_sqlite(connection: sa.Connection) -> bool:
    """Whether it is SQLite, or another that is SQLite inside: without moments, flags and schemas of its own."""
    return connection.dialect.name in ("sqlite", "cloudflare_d1")


def columns_of(connection: sa.Connection, table: str, place: str | None) -> Columns:
    """The columns of a table or view; none where there is no such table, or where nothing of it may be seen."""
    if hides_much(connection):
        held = _listed(connection, place, table)
        return held.get(table) or next(iter(held.values()), ())  # names of tables may be without case, as on a Mac
    if connection.dialect.name == "cloudflare_d1":
        return next(iter(_of_d1(connection, table).values()), ())
    inspector = sa.inspect(connection)
    if not inspector.has_table(table, schema=place):
        return ()
    native = not is_sqlite(connection)
    return tuple(column_of(found["name"], found["type"], native=native) for found in inspector.get_columns(table, place))


def all_columns(connection: sa.Connection, place: str | None) -> dict[str, Columns]:
    """Every table and view of a schema, or of the usual one, with its columns."""
    if hides_much(connection):
        return _listed(connection, place, None)
    if connection.dialect.name == "cloudflare_d1":
        return _of_d1(connection, None)
    native = not is_sqlite(connection)
    found = sa.inspect(connection).get_multi_columns(schema=place, kind=ObjectKind.ANY)
    return {
        name: tuple(column_of(column["name"], column["type"], native=native) for column in columns)
        for (_, name), columns in found.items()
    }


def column_of(name: str, kind: types.TypeEngine[Any], *, native: bool) -> Column:
    """A column of the database by the kind of what it can hold."""
    match kind:
        case types.Boolean():
            return Column(name, "boolean", native)
        case types.DateTime():
            return Column(name, "moment", native, bool(getattr(kind, "timezone", False)))
        case types.Date():
            return Column(name, "date", native)
        case types.Integer():
            return Column(name, "integer")
        case types.Numeric():
            return Column(name, "number", native)
        case types.Uuid():
            return Column(name, "uuid")
        case types.JSON():
            return Column(name, "json" if native else "text")
        case _:
            return Column(name, "text")


def _of_d1(connection: sa.Connection, table: str | None) -> dict[str, Columns]:
    """Its dialect sees no views."""
    found: dict[str, list[Column]] = {}
    for name, column, said in connection.execute(_OF_D1, {"name": table}):
        word = str(said).partition("(")[0].strip().upper()
        made: types.TypeEngine[Any] = sqlite.dialect.ischema_names.get(word, types.String)()
        found.setdefault(str(name), []).append(column_of(str(column), made, native=False))
    return {name: tuple(columns) for name, columns in found.items()}


def _listed(connection: sa.Connection, place: str | None, table: str | None) -> dict[str, Columns]:
    known: dict[str, type[types.TypeEngine[Any]]] = getattr(connection.dialect, "ischema_names", {})
    found: dict[str, list[Column]] = {}
    for name, column, kind in connection.execute(sa.text(_LISTED), {"place": place, "name": table}):
        made: types.TypeEngine[Any] = known.get(str(kind).lower(), types.String)()
        found.setdefault(str(name), []).append(column_of(str(column), made, native=True))
    return {name: tuple(columns) for name, columns in found.items()}
