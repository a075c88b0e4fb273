"""The profile's table laid over the real one: which column plays which part, and how a value of it reads.

Built once for each open database. What it says of a row is the model's `AppRow`; what it takes back is text as in that
row.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

import sqlalchemy as sa
from msgspec import Struct

from billing_tui.model.database import AppRow
from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database_table import Shape, shape_of
from billing_tui.services.database_values import Raw, as_bool, as_moment, as_text, moment_text

Role = Literal["plain", "flag", "moment"]

_COLUMNS = (
    "key_column",
    "plan_column",
    "email_column",
    "customer_id_column",
    "subscription_id_column",
    "status_column",
    "period_end_column",
    "cancel_at_period_end_column",
    "updated_at_column",
)
_MOMENTS = ("period_end_column", "updated_at_column")


class Layout(Struct, frozen=True):
    """A table, its shape, and the columns that are read of it: `used` are names, in the profile's order."""

    table: DatabaseTable
    shape: Shape
    used: tuple[str, ...]

    def role(self, column: str) -> Role:
        """What a column's values mean, by the part it plays or else by its own type."""
        if column in (getattr(self.table, key) for key in _MOMENTS):
            return "moment"
        kind = self.shape.columns[column].kind
        if column == self.table.cancel_at_period_end_column or kind == "boolean":
            return "flag"
        return "moment" if kind in ("moment", "date") else "plain"

    def form(self, column: str) -> str:
        """How a moment is kept, where the configuration says so."""
        return self.table.period_end_type if column == self.table.period_end_column else ""

    def shown(self, column: str, raw: Raw) -> str | None:
        """A value as text: moments as RFC 3339 and flags as true or false, whatever the column's type."""
        role = self.role(column)
        if role == "moment" and (moment := as_moment(raw, self.form(column))) is not None:
            return moment_text(moment)
        if role == "flag" and (flag := as_bool(raw)) is not None:
            return "true" if flag else "false"
        return as_text(raw)

    def row(self, values: Sequence[Raw]) -> AppRow:
        """A row from the values of the `used` columns."""
        raw = dict(zip(self.used, values, strict=True))
        texts = {name: self.shown(name, value) for name, value in raw.items()}
        table = self.table
        end, updated = raw.get(table.period_end_column), raw.get(table.updated_at_column)
        key = texts[table.key_column]
        return AppRow(
            key=key or "",
            plan=self._tier(texts[table.plan_column]),
            raw_plan=texts[table.plan_column],
            email=texts.get(table.email_column) or (key if table.key_is == "email" else None),
            customer_id=texts.get(table.customer_id_column) or (key if table.key_is == "customer_id" else None),
            subscription_id=texts.get(table.subscription_id_column),
            status=_backwards(table.status_values, texts.get(table.status_column)),
            period_end=as_moment(end, table.period_end_type),
            cancel_at_period_end=as_bool(raw.get(table.cancel_at_period_end_column)),
            updated_at=as_moment(updated),
            columns=texts,
        )

    def _tier(self, value: str | None) -> str | None:
        """The tier that a value stands for; an empty text is read as NULL."""
        if value:
            return _backwards(self.table.plan_values, value)
        return next((tier for tier, kept in self.table.plan_values.items() if not kept), None)


def layout_of(connection: sa.Connection, table: DatabaseTable, schema: str) -> Layout:
    """The profile's table as the database has it.

    Raises:
        BadUsage: The table or one of the columns is not there.
    """
    shape = shape_of(connection, table.table, schema, "table")
    named = {key: str(getattr(table, key)) for key in _COLUMNS if getattr(table, key)}
    used = tuple(dict.fromkeys(shape.column(name, key).name for key, name in named.items()))
    return Layout(table, shape, used)


def _backwards(words: Mapping[str, str], value: str | None) -> str | None:
    """Our word for the app's, where exactly one of ours stands for it; otherwise the app's own."""
    ours = [word for word, kept in words.items() if kept == value]
    return ours[0] if len(ours) == 1 else value
