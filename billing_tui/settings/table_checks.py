"""Whether the description of the app's table can be meant, before any database is asked.

Pure. Whether the table and its columns exist is found out by the database service.
"""

from collections.abc import Iterator

from billing_tui.model.profile import DatabaseTable, Profile
from billing_tui.model.text import clean, quoted
from billing_tui.settings.checks import STATUSES
from billing_tui.settings.presets import PRESETS
from billing_tui.settings.toml_file import Complaint, nearest

_NEEDED = ("table", "key_column", "plan_column")
_WRITTEN = (
    "plan_column",
    "status_column",
    "subscription_id_column",
    "period_end_column",
    "cancel_at_period_end_column",
    "updated_at_column",
)


def table_complaints(profile: Profile) -> Iterator[Complaint]:
    """Everything about the profile's database table that cannot be meant; nothing when it has none."""
    table = profile.database
    if table is None:
        return
    for complaint in _in_table(table, profile.tiers):
        yield Complaint(("database", *complaint.keys), complaint.what, complaint.hint)


def _in_table(table: DatabaseTable, tiers: tuple[str, ...]) -> Iterator[Complaint]:
    if table.preset and table.preset not in PRESETS:
        yield Complaint(("preset",), "is not a known preset.", nearest(table.preset, tuple(PRESETS)))
    for key in _NEEDED:
        if not getattr(table, key):
            yield Complaint((key,), "must not be empty.")
    for key in table.__struct_fields__:
        value = getattr(table, key)
        if isinstance(value, str) and value != clean(value).strip():
            yield Complaint((key,), "has blanks or control characters around it.")
    if table.events_table and not table.events_id_column:
        yield Complaint(("events_id_column",), "must not be empty when there is an events_table.")
    for key in table.plan_values:
        if key not in tiers:
            yield Complaint(("plan_values", key), "is not among the tiers.", nearest(key, tiers))
    for key in table.status_values:
        if key not in STATUSES:
            yield Complaint(("status_values", key), "is not one of Stripe's statuses.", nearest(key, STATUSES))
    yield from _ambiguous(table, tiers)
    yield from _twice(table)


def _ambiguous(table: DatabaseTable, tiers: tuple[str, ...]) -> Iterator[Complaint]:
    """Two tiers kept as the same value could not be told apart when the column is read."""
    kept: dict[str, str] = {}
    for tier in tiers:
        value = table.plan_values.get(tier, tier)
        if value in kept:
            what = f"keeps {quoted(tier)} as the same value as {quoted(kept[value])}."
            yield Complaint(("plan_values",), what, "Give each tier a value of its own.")
        kept[value] = tier


def _twice(table: DatabaseTable) -> Iterator[Complaint]:
    """One column cannot be written with two values."""
    used: dict[str, str] = {}
    for key in _WRITTEN:
        column = getattr(table, key)
        if column and column in used:
            yield Complaint((key,), f"names the same column as {used[column]}.")
        used[column] = key
