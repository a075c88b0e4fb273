"""What the app's own database says of somebody, in our words."""

from datetime import datetime

from msgspec import Struct


class AppRow(Struct, frozen=True, kw_only=True):
    """One row of the app's table.

    `key` is the key column's value as text. `plan` is the tier that the column's value stands for (`plan_values` read
    backwards, NULL as the tier whose value is ""); a value that stands for none is given as it is. `raw_plan` is the
    column's value, None for NULL. Columns that the profile does not name are None. `columns` holds each configured column's
    value as text for display and for comparing before a write, None for NULL; keys are column names.
    """

    key: str
    plan: str | None
    raw_plan: str | None = None
    email: str | None = None
    customer_id: str | None = None
    subscription_id: str | None = None
    status: str | None = None
    period_end: datetime | None = None
    cancel_at_period_end: bool | None = None
    updated_at: datetime | None = None
    columns: dict[str, str | None] = {}


class LedgerEntry(Struct, frozen=True):
    """An event that the app's ledger says it has processed."""

    event_id: str
    processed_at: datetime | None = None


class Uniques(Struct, frozen=True):
    """Sets of columns, each in order, whose values stand in one row at most: of the table, and of the ledger, if there is one."""

    rows: frozenset[tuple[str, ...]]
    events: frozenset[tuple[str, ...]] | None = None


class ColumnChange(Struct, frozen=True):
    """One column of one row: what it must hold now for the write to happen, and what it will hold. None is NULL.

    Values are text as in `AppRow.columns`; the database service turns `after` into the column's own type.
    """

    column: str
    before: str | None
    after: str | None
