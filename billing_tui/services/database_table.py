"""What the app's table looks like: which columns it has and what each can hold.

A column that the profile names and the table lacks is found here, by name, before any statement runs: SQLite would
take a quoted name that it does not know for a text.
"""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Literal

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy import types

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted

Kind = Literal["text", "integer", "number", "boolean", "moment", "date", "uuid"]


class Column(Struct, frozen=True):
    """A column. `native` moments and booleans are the database's own types; SQLite has none."""

    name: str
    kind: Kind
    native: bool = False
    zoned: bool = False


class Shape(Struct, frozen=True):
    """A table and its columns by name."""

    name: str
    schema: str | None
    columns: Mapping[str, Column]

    def column(self, name: str, key: str = "") -> Column:
        """The column of that name; BadUsage (`missing_column`) when there is none.

        `key` is the configuration key that names it.
        """
        if name in self.columns:
            return self.columns[name]
        where = f" ({key})" if key else ""
        hint = _near(name, tuple(self.columns))
        if key == "customer_id_column" or key.startswith("events_at"):
            hint = f'{hint} Set {key} = "" if the app keeps none.'.strip()
        message = f"The table {quoted(clean(self.name))} has no column {quoted(clean(name))}{where}."
        raise BadUsage(message, hint, code="missing_column")


def shape_of(connection: sa.Connection, name: str, schema: str, key: str) -> Shape:
    """The table of that name, `schema.table` where the name has a dot.

    Raises:
        BadUsage: There is no such table or view (`missing_table`).
    """
    inspector = sa.inspect(connection)
    sqlite = connection.dialect.name == "sqlite"
    before, dot, after = name.partition(".")
    place, bare = (before, after) if dot and not sqlite else (schema or None, name)
    if not inspector.has_table(bare, schema=place):
        known = (*inspector.get_table_names(schema=place), *inspector.get_view_names(schema=place))
        message = f"The database has no table {quoted(clean(name))} ({key})."
        raise BadUsage(message, _near(name, known), code="missing_table")
    columns = (column_of(found["name"], found["type"], native=not sqlite) for found in inspector.get_columns(bare, place))
    return Shape(bare, place, {column.name: column for column in columns})


def column_of(name: str, kind: types.TypeEngine[object], *, native: bool) -> Column:
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
        case _:
            return Column(name, "text")


def _near(word: str, known: tuple[str, ...]) -> str:
    folded = {name.lower().replace("_", ""): name for name in known}
    close = get_close_matches(word.lower().replace("_", ""), folded, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {quoted(clean(folded[close[0]]))}?"
    return f"There are {', '.join(clean(name) for name in known[:12])}." if known else "It has none at all."
