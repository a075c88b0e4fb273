"""Re-sync: bring Clerk and the database to what Stripe's facts come to, for one subject.

A function from freshly read facts to a `Change`. It refuses rather than guesses: an ambiguous link, a lower plan that nothing
proves, or facts that could not be read all end in a plan without steps.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, cast

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.diagnosis.case import Case, customer_ids
from billing_tui.diagnosis.remedies import why_no_resync
from billing_tui.diagnosis.weigh import judge, weigh
from billing_tui.model.change import Change, Step, Target, Wanted
from billing_tui.model.clerk import Organization, User
from billing_tui.model.database import AppRow
from billing_tui.model.evidence import Evidence, Gap
from billing_tui.model.grant import FIELD, PARTS, grant_of
from billing_tui.model.moment import day, from_unix, rfc3339
from billing_tui.model.profile import DatabaseTable
from billing_tui.model.stripe import Account, Subscription
from billing_tui.model.text import short

To = Literal["all", "clerk", "database"]


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """The plan of a re-sync from fresh reads. Raises as `Gathering.run` does."""
    to: To = cast("To", wanted.options.get("to", "all"))
    change = plan_resync(await desk.evidence(wanted.query, wanted.user), plan_id=plan_id, stamp=stamp, to=to)
    return structs.replace(change, options=wanted.options)


def plan_resync(evidence: Evidence, *, plan_id: str, stamp: datetime, to: To = "all") -> Change:
    """The plan of a re-sync, or a refused one.

    Args:
        evidence: Settled, and read just now.
        plan_id: Its name.
        stamp: The moment that goes into the row's `updated_at` column, so that the same plan made again is the same.
        to: Which layers to bring up to date.
    """
    case = Case(evidence)
    change = _empty(case, plan_id, stamp, to)
    refused = _refusal(case, to)
    if refused:
        return structs.replace(change, refused=refused)
    steps = tuple(_steps(case, change.targets, stamp))
    if not steps:
        return structs.replace(change, refused="There is nothing to write to: neither a Clerk user nor a database row was found.")
    return structs.replace(change, steps=steps, title=_title(case), because=_because(case), warnings=tuple(_warnings(case, to)))


def _empty(case: Case, plan_id: str, stamp: datetime, to: To) -> Change:
    profile, account = case.profile, case.evidence.configuration.account
    customers = customer_ids(case)
    targets: tuple[Target, ...] = ("clerk", "database") if to == "all" else (to,)
    subject = case.subject_id or ""
    return Change(
        plan_id=plan_id,
        action="resync",
        profile=profile.name,
        mode=profile.mode,
        account=account.id if isinstance(account, Account) and account.id else None,
        at=stamp,
        query=case.evidence.query.text,
        subject=subject,
        named_user=case.evidence.named_user,
        emails=case.emails,
        customer_id=customers[0] if customers else None,
        targets=targets,
        confirm=(customers[0] if customers else subject)[-4:],
        rule=weigh(case, judge(case)).primary or "",
    )


def _refusal(case: Case, to: To) -> str | None:
    """Why nothing may be written; None where it may."""
    profile = case.profile
    if profile.read_only:
        return "This is read-only: nothing may be written."
    account = case.evidence.configuration.account
    if profile.stripe_account and (isinstance(account, Gap) or not account.id):
        return f"It can't be seen whether the key belongs to {profile.stripe_account}, so nothing may be written."
    if to == "clerk" and not profile.clerk_plan_field:
        return "This profile keeps no plan in Clerk."
    if to == "database" and profile.database is None:
        return "This profile keeps no plan in a database."
    if not case.subject_id:
        return "Nobody was found whose plan could be written."
    return why_no_resync(case) or _unread(case, to)


def _unread(case: Case, to: To) -> str | None:
    gaps: list[Gap] = []
    if to in ("all", "clerk") and case.clerk_gap:
        gaps.append(case.clerk_gap)
    if to in ("all", "database") and case.database_gap:
        gaps.append(case.database_gap)
    if not gaps:
        return None
    other = "database" if case.clerk_gap else "clerk"
    trouble = gaps[0].message or f"{gaps[0].what} could not be read."
    return f"{trouble} Without reading it nothing is written; --to {other} leaves it out."


def _steps(case: Case, targets: tuple[Target, ...], stamp: datetime) -> Iterator[Step]:
    if "clerk" in targets:
        yield from _clerk_steps(case)
    if "database" in targets and case.profile.database:
        row = case.row
        if row is not None and not isinstance(row, Gap):
            yield from row_steps(case.profile.database, row, _columns(case, case.profile.database, row), stamp)


def _clerk_steps(case: Case) -> Iterator[Step]:
    profile = case.profile
    holder = _holder(case)
    if not profile.clerk_plan_field or holder is None:
        return
    yield clerk_step(holder, profile.clerk_plan_field, case.expected, missing=profile.free)
    facts = _facts(case)
    for name, path in profile.clerk_fields.items():
        if facts.get(name):
            yield clerk_step(holder, path, facts[name])
    if grant_of(holder):  # one that still holds would have stopped this
        yield from (clerk_step(holder, f"{FIELD}.{part}", None) for part in PARTS)


def _holder(case: Case) -> User | Organization | None:
    """Whose metadata holds the plan."""
    found = case.evidence.organization if case.profile.scope == "organization" else case.user
    return found if isinstance(found, User | Organization) else None


def clerk_step(holder: User | Organization, path: str, after: str | None, *, missing: str | None = None) -> Step:
    """A step on one key of the metadata; `missing` is what a key that is not there stands for."""
    many = "organizations" if isinstance(holder, Organization) else "users"
    held = holder.field(path)
    before = held if held is None or isinstance(held, str | bool | int) else str(held)
    same = before == after or (missing is not None and (before or missing) == after)
    return Step(
        target="clerk",
        object=holder.id,
        field=path,
        before=before,
        after=before if same else after,
        call=f"PATCH /v1/{many}/{holder.id}/metadata",
        state="unchanged" if same else "planned",
    )


def _facts(case: Case) -> dict[str, str | None]:
    """What the app records beside the plan, by the names that the configuration uses."""
    held = case.latest
    price = held.items.data[0].price.id if held and held.items.data else None
    best = case.plan_of(held).best if held else None
    return {
        "customer_id": held.customer_id if held else None,
        "subscription_id": held.id if held else None,
        "price_id": best.price.id if best else price,
        "status": held.status if held else None,
        "period_end": rfc3339(from_unix(held.period_end)) if held and held.period_end else None,
    }


def row_steps(table: DatabaseTable, row: AppRow, wanted: dict[str, str | None], stamp: datetime) -> Iterator[Step]:
    """The steps that make a row's columns hold these values, and stamp it where something changes."""
    changed = {column for column, after in wanted.items() if row.columns.get(column) != after}
    if changed and table.updated_at_column:
        wanted = {**wanted, table.updated_at_column: rfc3339(stamp)}
        changed.add(table.updated_at_column)
    call = " ".join(("UPDATE", table.table, "SET", ", ".join(sorted(changed)), "WHERE", table.key_column, "=", row.key))
    for column, after in wanted.items():
        before = row.columns.get(column)
        yield Step(
            target="database",
            object=row.key,
            field=f"{table.table}.{column}",
            before=before,
            after=after,
            call=call if changed else "",
            state="planned" if column in changed else "unchanged",
        )


def plan_columns(table: DatabaseTable, tier: str) -> dict[str, str | None]:
    """The plan alone, as the column holds it."""
    return {table.plan_column: _plan_value(table, tier)}


def _columns(case: Case, table: DatabaseTable, row: AppRow) -> dict[str, str | None]:
    """What each configured column should hold. What is already right in its own notation is kept as it is."""
    expected = case.expected or case.profile.free
    held = case.latest
    wanted: dict[str, str | None] = {table.plan_column: _plan_value(table, expected)}
    if (row.plan or case.profile.free) == expected:
        wanted[table.plan_column] = row.columns.get(table.plan_column)
    if held is None:
        return wanted
    wanted |= {
        table.customer_id_column: held.customer_id,
        table.subscription_id_column: held.id,
        table.status_column: table.status_values.get(held.status, held.status),
        table.period_end_column: _period_end(held, row, row.columns.get(table.period_end_column)),
        table.cancel_at_period_end_column: row.columns.get(table.cancel_at_period_end_column)
        if row.cancel_at_period_end == held.cancel_at_period_end
        else str(held.cancel_at_period_end).lower(),
    }
    return {column: value for column, value in wanted.items() if column and column != table.key_column}


def _plan_value(table: DatabaseTable, tier: str) -> str | None:
    """What the plan column holds for a tier; "" in the configuration is NULL."""
    return table.plan_values.get(tier, tier) or None


def _period_end(held: Subscription, row: AppRow, kept: str | None) -> str | None:
    if not held.period_end:
        return kept
    end = from_unix(held.period_end)
    return kept if row.period_end == end else rfc3339(end)


def _title(case: Case) -> str:
    return f"Re-sync {case.emails[0] if case.emails else case.subject_id} to {case.expected}"


def _because(case: Case) -> str:
    held = case.latest
    if held is None:
        return "Stripe has no subscription of theirs."
    if held in case.live:
        until = f", paid to {day(from_unix(held.period_end))}" if held.period_end else ""
        return f"{short(held.id)} is {held.status} and stands for {case.expected}{until}."
    ended = f" since {day(from_unix(held.ended_at))}" if held.ended_at else ""
    return f"{short(held.id)} is {held.status}{ended}."


def _warnings(case: Case, to: To) -> Iterator[str]:
    if case.undelivered:
        yield "The app may overwrite this when Stripe delivers what is outstanding."
    if to != "clerk" and case.profile.database is not None and case.row is None:
        yield "The database has no row for them, and none is inserted."
    if to != "database" and case.profile.clerk_plan_field and case.user is None and case.profile.scope == "user":
        yield "Clerk has no such user, so nothing is written there."
    yield "The app may keep the old plan in a cache of its own for a while."
