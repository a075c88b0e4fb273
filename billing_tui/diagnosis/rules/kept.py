"""Causes in what a layer keeps although the handler did its work: overwritten later, kept in another place, or set by hand."""

from datetime import timedelta

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import Organization, User
from billing_tui.model.database import AppRow
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import ago, from_unix_ms
from billing_tui.model.text import listed, quoted

_BAGS = ("public_metadata", "private_metadata", "unsafe_metadata")
_MARKS = ("override", "planoverride", "comp", "comped", "grant", "granted", "gift", "manualplan", "lifetime")
_SLACK = timedelta(seconds=30)


@rule("PBF-081", "Clerk metadata overwritten later", Layer.STATE)
def overwritten_in_clerk(case: Case) -> Judgement:
    user, row = case.user, case.row
    if not case.profile.clerk_plan_field or case.profile.database is None or not case.paid or case.stripe_gap:
        return no()
    if isinstance(user, Gap) or isinstance(row, Gap):
        return unknown(user if isinstance(user, Gap) else None, row if isinstance(row, Gap) else None)
    if not isinstance(user, User) or not isinstance(row, AppRow) or case.database != case.expected or case.undelivered:
        return no()
    if user.field(case.profile.clerk_plan_field) is not None or user.updated_at is None or row.updated_at is None:
        return no()
    changed = from_unix_ms(user.updated_at)
    if changed < row.updated_at + _SLACK:
        return no()
    return match(
        "medium",
        "Their plan was in Clerk and is gone: something of the app's wrote over the user's metadata afterwards.",
        Fact(source="clerk.user", id=user.id, field=case.profile.clerk_plan_field, value=None, says="Holds no plan any more."),
        Fact(
            source="clerk.user",
            id=user.id,
            field="updated_at",
            value=user.updated_at,
            says=f"Was changed {ago(changed, case.evidence.at)}, after the plan was written.",
        ),
        detail="Look for code that replaces metadata (a profile page, the onboarding) and let it merge instead.",
    )


@rule("PBF-082", "Plan in the wrong metadata bag", Layer.STATE)
def wrong_bag(case: Case) -> Judgement:
    bag, _, rest = case.profile.clerk_plan_field.partition(".")
    holder = case.evidence.organization if case.profile.scope == "organization" else case.user
    if not rest or not case.paid or case.stripe_gap:
        return no()
    if isinstance(holder, Gap):
        return unknown(holder)
    if holder is None or case.expected is None or case.clerk == case.expected:
        return no()
    bags = [name for name in _BAGS if name != bag and hasattr(holder, name)]
    found = next((name for name in bags if holder.field(f"{name}.{rest}") == case.expected), None)
    if found is None:
        return no()
    warning = " Users can write that place themselves." if found == "unsafe_metadata" else ""
    return match(
        "high",
        f"Their plan is in Clerk, but in {found}, where the app does not look.{warning}",
        Fact(source="clerk.user", id=holder.id, field=f"{found}.{rest}", value=case.expected, says="Holds the plan."),
        Fact(
            source="clerk.user",
            id=holder.id,
            field=case.profile.clerk_plan_field,
            value=case.clerk,
            says="Is where the app looks.",
        ),
    )


@rule("PBF-083", "Organization's plan and user's plan", Layer.STATE)
def organization(case: Case) -> Judgement:
    held = case.evidence.organization
    path = case.profile.clerk_plan_field
    if case.profile.scope != "organization" or not path or case.stripe_gap or not case.paid:
        return no()
    if isinstance(held, Gap):
        return unknown(held)
    if held is None:
        return no()
    member = next((user for user in case.users), None)
    if case.clerk != case.expected:
        if member is None or member.field(path) != case.expected:
            return no()
        return match(
            "high",
            "The plan was written on the user, and the app reads it from the organization.",
            Fact(source="clerk.user", id=member.id, field=path, value=case.expected, says="Has the plan."),
            Fact(source="clerk.organization", id=held.id, field=path, value=case.clerk, says="Has not."),
        )
    return _elsewhere(case, held, member)


def _elsewhere(case: Case, held: Organization, member: User | None) -> Judgement:
    """Whether who complains works in another workspace than the one that pays."""
    if member is None:
        return no()
    sessions = case.evidence.clerk_sessions
    if isinstance(sessions, Gap):
        return unknown(sessions)
    active = [session for session in sessions if session.user_id in ("", member.id)]
    if not active or any(session.last_active_organization_id == held.id for session in active):
        return no()
    other = next((session.last_active_organization_id for session in active if session.last_active_organization_id), None)
    where = "another organization" if other else "their personal workspace"
    return match(
        "medium",
        f"The plan is {quoted(held.name or held.id)}'s, and they are working in {where}.",
        Fact(
            source="clerk.session", id=active[0].id, field="last_active_organization_id", value=other, says=f"Is not {held.id}."
        ),
        detail="Ask them to switch to that organization, or to accept its invitation.",
        ours=False,
    )


@rule("PBF-084", "Manual override or gift", Layer.STATE)
def by_hand(case: Case) -> Judgement:
    if case.live or not case.layers:
        return no()
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if case.layers_gap:
        return unknown(case.layers_gap)
    free = case.profile.free
    above = [plan for plan in case.layers if plan != free]
    marks = _marks(case)
    if not above or (not marks and (case.all_subscriptions or len(above) < len(case.layers) or len(set(above)) > 1)):
        return no()
    lost = known(case.evidence.undelivered, frozenset())
    if lost and not marks:
        return no()
    where = f"marked by {listed(marks)}" if marks else "with no subscription behind it"
    return match(
        "high" if marks else "medium",
        f"They have {above[0]} without paying for it, {where}: a gift, or set by hand.",
        *(Fact(source="clerk.user", id=case.subject_id, field=mark, says="Marks a plan that was given.") for mark in marks),
        Fact(source="stripe.subscription", says="Nothing at Stripe stands for it."),
        detail="It is never lowered by itself; ask who gave it, and until when.",
        ours=False,
    )


def _marks(case: Case) -> list[str]:
    """Names of metadata that say that somebody gave the plan."""
    user = case.user
    if not isinstance(user, User):
        return []
    return [
        f"{bag}.{key}"
        for bag in ("public_metadata", "private_metadata")
        for key, value in (getattr(user, bag) or {}).items()
        if key.casefold().replace("_", "").replace("-", "") in _MARKS and value
    ]
