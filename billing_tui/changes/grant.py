"""A plan that is given: without a subscription, until a day, for a reason, and marked so that nothing lowers it before then."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.resync import clerk_step, plan_columns, row_steps
from billing_tui.diagnosis.case import Case
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.clerk import Organization, User
from billing_tui.model.grant import FIELD
from billing_tui.model.moment import rfc3339
from billing_tui.model.problem import BadUsage
from billing_tui.model.text import listed, quoted

_LONGEST = timedelta(days=366)


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Options: `tier`, `until` (a day, or a moment in RFC 3339), `reason`.

    Raises:
        BadUsage: It is no tier, no day to come, or no reason is given.
    """
    until = _checked(desk, wanted, stamp)
    evidence = await desk.evidence(wanted.query, wanted.user)
    case = Case(evidence)
    subject = case.subject_id or ""
    draft = structs.replace(
        desk.draft(wanted, plan_id, stamp, await desk.account()),
        subject=subject,
        emails=case.emails,
        customer_id=case.customers[0].id if case.customers else None,
        targets=("clerk", "database"),
        confirm=(case.customers[0].id if case.customers else subject)[-4:],
    )
    tier = wanted.options["tier"]
    refused = draft.refused or _refusal(case, tier)
    if refused:
        return structs.replace(draft, refused=refused)
    steps = tuple(_steps(case, tier, until, wanted.options["reason"], stamp))
    if not steps:
        return structs.replace(draft, refused="There is nothing to write to: neither a Clerk user nor a database row was found.")
    return structs.replace(
        draft,
        title=f"Give {case.emails[0] if case.emails else subject} {tier} until {until.date().isoformat()}",
        because=wanted.options["reason"],
        steps=steps,
        warnings=tuple(_warnings(case, until)),
    )


def _checked(desk: Desk, wanted: Wanted, stamp: datetime) -> datetime:
    tier, reason = wanted.options.get("tier", ""), wanted.options.get("reason", "")
    if tier not in desk.profile.tiers[1:]:
        raise BadUsage(f"The app sells no tier {quoted(tier)}.", f"One of {listed(desk.profile.tiers[1:])}.")
    if not reason.strip():
        raise BadUsage("A plan is given for a reason, and none was said.", 'Say it with --reason "…".')
    until = _moment(wanted.options.get("until", ""))
    if until <= stamp:
        raise BadUsage("The day until which the plan is given lies in the past.", "Give a day to come with --until.")
    if until > stamp + _LONGEST:
        raise BadUsage("A plan is given for a year at most.", "Give an earlier day with --until, and give it again then.")
    return until


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadUsage(f"{quoted(text)} is no day.", "Write it like 2026-12-31.") from error
    if len(text) <= len("2026-12-31"):
        found = datetime.combine(found.date(), time(23, 59, 59))
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _refusal(case: Case, tier: str) -> str | None:
    if not case.subject_id:
        return "Nobody was found who could be given a plan."
    if case.stripe_gap:
        return f"{case.stripe_gap.what} could not be read."
    for gap in (case.clerk_gap, case.database_gap):
        if gap:
            return f"{gap.what} could not be read."
    rank = case.profile.rank
    if case.live and rank(case.expected or case.profile.free) >= rank(tier):
        return f"They pay for {case.expected}, which is no less than {tier}: a re-sync gives them what they pay for."
    higher = [held for held in case.layers if rank(held) > rank(tier)]
    return f"It would lower {higher[0]} to {tier}." if higher else None


def _steps(case: Case, tier: str, until: datetime, reason: str, stamp: datetime) -> Iterator[Step]:
    profile = case.profile
    holder = case.evidence.organization if profile.scope == "organization" else case.user
    if profile.clerk_plan_field and isinstance(holder, User | Organization):
        yield clerk_step(holder, profile.clerk_plan_field, tier)
        facts: dict[str, Any] = {"plan": tier, "until": rfc3339(until), "reason": reason}
        for name, value in facts.items():
            yield clerk_step(holder, f"{FIELD}.{name}", value)
    row = case.row
    if profile.database and row is not None and not hasattr(row, "why"):
        yield from row_steps(profile.database, row, plan_columns(profile.database, tier), stamp)


def _warnings(case: Case, until: datetime) -> Iterator[str]:
    yield f"It does not end by itself on {until.date().isoformat()}: a re-sync after that day takes it back."
    if not case.profile.clerk_plan_field:
        yield "The mark of who gave it, and until when, has no Clerk to stand in: the journal alone knows it."
    if case.undelivered:
        yield "The app may overwrite this when Stripe delivers what is outstanding."
