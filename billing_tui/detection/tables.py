"""Which table keeps the plan, and which the ledger of processed events."""

from collections.abc import Collection, Sequence

from msgspec import Struct

from billing_tui.detection.columns import Key, folded, key_of, roles_of
from billing_tui.detection.findings import Found, some
from billing_tui.model.text import plural
from billing_tui.services.database_look import ColumnSeen, TableSeen
from billing_tui.settings.checks import STATUSES
from billing_tui.settings.presets import NULL_IS_FREE, PRESETS

_WEIGHTS = {"customer_id_column": 4, "subscription_id_column": 3, "status_column": 2, "period_end_column": 1, "email_column": 1}
_LEDGERS = (
    "stripewebhookevents",
    "processedwebhookevents",
    "processedstripeevents",
    "processedstripeevent",
    "processedevents",
    "stripeevents",
    "stripeevent",
    "webhookevents",
)
_LEDGER_IDS = ("eventid", "stripeeventid", "id")
_LEDGER_TIMES = ("processedat", "createdat", "receivedat", "handledat")
_OTHER_WORDS = {"cancelled": "canceled", "deleted": "canceled"}
_MILLISECONDS = 100_000_000_000


class TableMatch(Struct, frozen=True):
    """A table that keeps plans, and what its columns are."""

    table: TableSeen
    roles: dict[str, ColumnSeen]
    key: Key

    @property
    def plan(self) -> ColumnSeen:
        return self.roles["plan_column"]

    @property
    def preset(self) -> str:
        """The layout that it is known as; "" for none."""
        bare = self.table.name.rpartition(".")[2]
        for name, preset in PRESETS.items():
            plan = preset.get("plan_column", "plan")
            if str(preset.get("table", "users")).rpartition(".")[2] == bare and plan == self.plan.name:
                return name
        return ""


def plan_table(tables: Sequence[TableSeen], linked: Collection[str]) -> TableMatch | None:
    """The table that most looks like the one that keeps plans; `linked` are the ids that Stripe's objects carry."""
    found: list[tuple[int, TableMatch]] = []
    for table in tables:
        roles = roles_of(table)
        key = key_of(table, roles, linked)
        if "plan_column" in roles and key:
            score = sum(weight for role, weight in _WEIGHTS.items() if role in roles)
            score += 5 * key.sure + 2 * bool(table.rows) + 2 * bool(roles["plan_column"].values)
            found.append((score, TableMatch(table, roles, key)))
    return max(found, key=lambda one: one[0])[1] if found else None


def detect_table(match: TableMatch, tiers: Sequence[str]) -> list[Found]:
    """`database.*` for the table."""
    known = f", laid out as {match.preset} does it" if match.preset else ""
    found = [
        Found("database.table", match.table.name, f"it keeps the plan in {match.plan.name}{known}"),
        Found("database.key_column", match.key.column, match.key.evidence, sure=match.key.sure),
        Found("database.key_is", match.key.key_is, match.key.evidence, sure=match.key.sure),
    ]
    for role, column in match.roles.items():
        holds = some(column.values, 3 if role in ("plan_column", "status_column") else 1) if role != "email_column" else ""
        told = f"it holds {holds}" if holds else "it holds addresses" if column.values else "by its name"
        found.append(Found(f"database.{role}", column.name, told, sure=bool(column.values)))
    found += [Found(f"database.{role}", "", "there is none") for role in ("customer_id_column",) if role not in match.roles]
    found += _plan_values(match, tiers)
    found += _statuses(match.roles.get("status_column"))
    return found + _period_type(match.roles.get("period_end_column"))


def detect_ledger(tables: Sequence[TableSeen]) -> list[Found]:
    """`database.events_*`: the table that holds ids of events, or is named as one that will."""
    for table in tables:
        by_value = next(
            (one for one in table.columns if one.values and all(value.startswith("evt_") for value in one.values)), None
        )
        named = next((one for name in _LEDGER_IDS for one in table.columns if folded(one.name) == name), None)
        column = by_value or (named if folded(table.name.rpartition(".")[2]) in _LEDGERS and not table.rows else None)
        if column is None:
            continue
        at = next((one.name for name in _LEDGER_TIMES for one in table.columns if folded(one.name) == name), "")
        evidence = f"it holds {column.values[0]}" if column.values else "by its name"
        return [
            Found("database.events_table", table.name, evidence, sure=bool(column.values)),
            Found("database.events_id_column", column.name, evidence, sure=bool(column.values)),
            Found("database.events_at_column", at, "by its name" if at else "there is none"),
        ]
    return []


def _plan_values(match: TableMatch, tiers: Sequence[str]) -> list[Found]:
    """What the column holds for each tier, where that is not the tier's own word."""
    held = {_bare(value): value for value in match.plan.values}
    values = {tier: held[_bare(tier)] for tier in tiers if _bare(tier) in held and held[_bare(tier)] != tier}
    free = tiers[0]
    null_free = match.plan.nulls > 0 or match.preset in NULL_IS_FREE
    if _bare(free) not in held and null_free:
        values[free] = ""
    strangers = [value for value in match.plan.values if _bare(value) not in {_bare(tier) for tier in tiers}]
    if not values and not strangers:
        return []
    nulls = f", and NULL in {plural(match.plan.nulls, 'row')}" if match.plan.nulls else ""
    evidence = f"the column holds {some(match.plan.values)}{nulls}"
    if strangers:
        evidence += f"; no tier is called {some(strangers)}"
    return [Found("database.plan_values", values, evidence, sure=not strangers)]


def _statuses(column: ColumnSeen | None) -> list[Found]:
    """The app's own words for Stripe's statuses."""
    if column is None or not column.values:
        return []
    if all(value.lower() in STATUSES and value == value.upper() for value in column.values):
        values = {status: status.upper() for status in STATUSES}
    else:
        values = {_OTHER_WORDS[value.lower()]: value for value in column.values if value.lower() in _OTHER_WORDS}
    return [Found("database.status_values", values, f"the column holds {some(column.values)}")] if values else []


def _period_type(column: ColumnSeen | None) -> list[Found]:
    if column is None or column.column.kind != "integer" or not column.values:
        return []
    biggest = max(int(value) for value in column.values)
    kind = "unix_ms" if biggest > _MILLISECONDS else "unix"
    return [Found("database.period_end_type", kind, f"it holds {column.values[0]}")]


def _bare(word: str) -> str:
    return folded(word).removesuffix("plan")
