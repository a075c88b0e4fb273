"""The few statements that the app's database ever gets: rows of somebody, pages of all, entries of the ledger, one update.

Values go in as they came out, without a type of SQLAlchemy's between, so that a comparison before a write is the
database's own. Blocking.
"""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from billing_tui.model.database import AppRow, ColumnChange, LedgerEntry
from billing_tui.model.problem import OutcomeUnknown, Refused
from billing_tui.model.profile import DatabaseTable
from billing_tui.model.text import clean
from billing_tui.services.database_columns import Column
from billing_tui.services.database_layout import Layout
from billing_tui.services.database_table import Shape
from billing_tui.services.database_values import Raw, as_moment, as_text
from billing_tui.services.database_writing import flag_value, moment_value, plain_value

MOST_ROWS = 10
_AT_ONCE = 500


def rows_by(
    connection: sa.Connection, layout: Layout, key: str | None, email: str | None, customer_id: str | None
) -> list[AppRow]:
    """Rows for which any of what is given holds, at most ten."""
    table = layout.table
    names = [(table.key_column, key, table.key_is == "email")]
    names.append((table.email_column or (table.key_column if table.key_is == "email" else ""), email, True))
    names.append((table.customer_id_column, customer_id, False))
    if table.key_is == "customer_id":
        names.append((table.key_column, customer_id, False))
    asked = [_equals(layout.shape.columns[name], text, folded) for name, text, folded in names if name and text]
    wanted = [condition for condition in asked if condition is not None]
    if not wanted:
        return []
    source = _source(layout.shape)
    columns = [source.c[name] for name in layout.used]
    query = sa.select(*columns).where(sa.or_(*wanted)).order_by(source.c[table.key_column]).limit(MOST_ROWS)
    return [layout.row(tuple(values)) for values in connection.execute(query)]


def rows_after(connection: sa.Connection, layout: Layout, key: str | None, limit: int) -> list[AppRow]:
    """Rows in the order of their keys, those after a key alone; rows without a key are left out."""
    source, name = _source(layout.shape), layout.table.key_column
    kind = layout.shape.columns[name].kind
    query = sa.select(*(source.c[used] for used in layout.used)).where(source.c[name].is_not(None))
    if key is not None:
        value: Raw = int(key) if kind == "integer" else key
        query = query.where(source.c[name] > _bound(value))
    found = connection.execute(query.order_by(source.c[name]).limit(limit))
    return [layout.row(tuple(values)) for values in found]


def ledger(connection: sa.Connection, table: DatabaseTable, shape: Shape, event_ids: Sequence[str]) -> list[LedgerEntry]:
    """Those of the events that the app's ledger holds."""
    event_id = shape.column(table.events_id_column, "events_id_column").name
    at = shape.column(table.events_at_column, "events_at_column").name if table.events_at_column else ""
    source = _source(shape)
    columns = [source.c[name] for name in (event_id, at) if name]
    entries = []
    for start in range(0, len(event_ids), _AT_ONCE):
        some = [_bound(found) for found in event_ids[start : start + _AT_ONCE]]
        for values in connection.execute(sa.select(*columns).where(source.c[event_id].in_(some))):
            entries.append(LedgerEntry(as_text(values[0]) or "", as_moment(values[1]) if at else None))
    return entries


def update_row(connection: sa.Connection, layout: Layout, key: str, changes: Sequence[ColumnChange]) -> None:
    """Change one row if every column still holds what the plan saw, or change nothing.

    Raises:
        Refused: The row is gone, is not alone, or holds something else by now (`changed`).
        BadUsage: A column is not there or cannot take the value.
        OutcomeUnknown: The connection broke while the change was being made final.
    """
    columns = [layout.shape.column(change.column) for change in changes]
    source = _source(layout.shape)
    mine = _equals(layout.shape.columns[layout.table.key_column], key, folded=False)
    if mine is None:
        raise _changed("there is no such row")
    query = sa.select(*(source.c[column.name] for column in columns)).where(mine).limit(2).with_for_update()
    rows = connection.execute(query).all()
    if len(rows) != 1:
        raise _changed("there is no such row" if not rows else "there are several such rows")
    conditions, values = [mine], {}
    for change, column, held in zip(changes, columns, rows[0], strict=True):
        if layout.shown(column.name, held) != change.before:
            raise _changed(f"{clean(column.name)} holds something else")
        conditions.append(source.c[column.name].is_not_distinct_from(_bound(held)))
        values[column.name] = _bound(_after(connection, layout, column, change.after, held))
    done = _sent(connection, sa.update(source).where(*conditions).values(values))
    if done.rowcount != 1:
        raise _changed("it changed in this very moment" if not done.rowcount else "there are several such rows")
    _commit(connection)


def _sent(connection: sa.Connection, update: sa.Update) -> sa.CursorResult[Any]:
    """Carries the change out; D1 knows no transactions, so that it is final at once there."""
    try:
        return connection.execute(update)
    except sa.exc.DBAPIError as error:
        if connection.dialect.name != "cloudflare_d1" or "HTTP error 4" in str(error.orig):
            raise
        raise _unknown() from error


def _unknown() -> OutcomeUnknown:
    hint = "Read the row again before anything else is written."
    return OutcomeUnknown("The database broke off while the change was being made final.", hint)


def _commit(connection: sa.Connection) -> None:
    try:
        connection.commit()
    except sa.exc.DBAPIError as error:
        if connection.dialect.name == "sqlite":
            raise
        raise _unknown() from error


def _after(connection: sa.Connection, layout: Layout, column: Column, after: str | None, held: Raw) -> Raw:
    role = layout.role(column.name)
    if after is None:
        return None
    if role == "plain":
        return plain_value(after, column)
    if role == "flag":
        return flag_value(after, column, held if held is not None else _sample(connection, layout, column))
    tells = as_moment(held) is not None and held not in (0, "0")
    return moment_value(after, column, held if tells else _sample(connection, layout, column), layout.form(column.name))


def _sample(connection: sa.Connection, layout: Layout, column: Column) -> Raw:
    """What another row holds in a column; None when all are NULL or the database's own type needs no example."""
    if column.native and column.kind != "number":
        return None
    cell = _source(layout.shape).c[column.name]
    zero = _bound("0" if column.kind == "text" else 0)
    found: Raw = connection.execute(sa.select(cell).where(cell.is_not(None), cell != zero).limit(1)).scalar()
    return found


def _source(shape: Shape) -> sa.TableClause:
    return sa.table(shape.name, *(sa.column(name) for name in shape.columns), schema=shape.schema)


def _bound(value: Raw) -> sa.BindParameter[Raw]:
    return sa.bindparam(None, value, type_=sa.types.NullType(), unique=True)


def _equals(column: Column, text: str | None, folded: bool) -> sa.ColumnElement[bool] | None:
    """A condition that the column equals a text; None where a column of its type never could."""
    value: Raw = text
    if text is None:
        return None
    if column.kind == "integer":
        value = int(text) if re.fullmatch(r"-?\d{1,18}", text) else None
    elif column.kind == "uuid":
        value = _uuid(text)
    if value is None:
        return None
    cell: sa.ColumnClause[Raw] = sa.column(column.name)
    if folded and column.kind in ("text", "number"):
        return sa.func.lower(cell) == sa.func.lower(_bound(text.strip()))
    return cell == _bound(value)


def _uuid(text: str) -> str | None:
    try:
        return str(UUID(text))
    except ValueError:
        return None


def _changed(what: str) -> Refused:
    hint = "Nothing was written. Make the plan again and look at it."
    return Refused(f"The row changed since the plan: {what}.", hint, code="changed")
