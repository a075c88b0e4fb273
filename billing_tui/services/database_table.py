"""What the app's table looks like: which columns it has and what each can hold.

A column that the profile names and the table lacks is found here, by name, before any statement runs: SQLite would
take a quoted name that it does not know for a text.
"""

from collections.abc import Mapping
from difflib import get_close_matches

import sqlalchemy as sa
from msgspec import Struct

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted
from billing_tui.services.database_columns import Column, all_columns, columns_of, hides_much, is_sqlite
from billing_tui.services.database_errors import is_missing


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
    sqlite = is_sqlite(connection)
    before, dot, after = name.partition(".")
    place, bare = (before, after) if dot and not sqlite else (schema or None, name)
    columns = columns_of(connection, bare, place)
    if not columns:
        if hides_much(connection):
            _tried(connection, bare, place)
        message = f"The database has no table {quoted(clean(name))} ({key})."
        raise BadUsage(message, _near(name, tuple(all_columns(connection, place))), code="missing_table")
    return Shape(bare, place, {column.name: column for column in columns})


def _tried(connection: sa.Connection, bare: str, place: str | None) -> None:
    """Lets the server say itself that it is a matter of rights, where it is."""
    try:
        connection.execute(sa.select(sa.literal_column("1")).select_from(sa.table(bare, schema=place)).limit(0))
    except sa.exc.ProgrammingError as error:
        connection.rollback()
        if not is_missing(error):
            raise


def _near(word: str, known: tuple[str, ...]) -> str:
    folded = {name.lower().replace("_", ""): name for name in known}
    close = get_close_matches(word.lower().replace("_", ""), folded, n=1, cutoff=0.5)
    if close:
        return f"Did you mean {quoted(clean(folded[close[0]]))}?"
    return f"There are {', '.join(clean(name) for name in known[:12])}." if known else "It has none at all."
