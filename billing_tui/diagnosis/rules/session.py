"""Causes in the session: every layer is right, and the person's token does not know it yet."""

import json
from datetime import datetime, timedelta

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import ClerkSession, User
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import ago, from_unix_ms
from billing_tui.model.text import quoted

# Clerk's own session tokens live so long; a template's may live longer.
_TOKEN = timedelta(seconds=60)
_SLACK = timedelta(seconds=60)


@rule("PBF-090", "Stale session token", Layer.SESSION)
def stale_token(case: Case) -> Judgement:
    if not case.profile.clerk_plan_field or not case.paid:
        return no()
    if case.stripe_gap or case.layers_gap:
        return unknown(case.stripe_gap, case.layers_gap)
    user = case.user
    if case.expected is None or case.wrong or not isinstance(user, User) or user.updated_at is None:
        return no()
    lifetime = _lifetime(case)
    if isinstance(lifetime, Gap):
        return unknown(lifetime)
    written = from_unix_ms(user.updated_at)
    if case.evidence.at - written >= lifetime + _SLACK:
        return no()
    sessions = case.evidence.clerk_sessions
    if isinstance(sessions, Gap):
        return unknown(sessions)
    stale = [held for held in sessions if _older(held, written, lifetime)]
    if not stale:
        return no()
    return match(
        "high",
        "Everything is right since a moment ago; their browser still holds a token from before.",
        Fact(
            source="clerk.user",
            id=user.id,
            field="updated_at",
            value=user.updated_at,
            says=f"Written {ago(written, case.evidence.at)}.",
        ),
        Fact(
            source="clerk.session",
            id=stale[0].id,
            field="last_active_at",
            value=stale[0].last_active_at,
            says="Was last active before.",
        ),
        detail="It passes by itself within a minute or two; signing out and in does it at once.",
        ours=False,
    )


def _lifetime(case: Case) -> timedelta | Gap:
    """How long a token may outlive a write: the configured template's lifetime, or the session token's."""
    name = case.profile.clerk_jwt_template
    if not name:
        return _TOKEN
    templates = case.evidence.configuration.templates
    if isinstance(templates, Gap):
        return templates
    found = next((held for held in known(templates, ()) if held.name == name), None)
    return max(_TOKEN, timedelta(seconds=found.lifetime)) if found else _TOKEN


def _older(session: ClerkSession, written: datetime, lifetime: timedelta) -> bool:
    """Whether a session can hold a token from before the write."""
    if session.created_at is None or from_unix_ms(session.created_at) >= written:
        return False
    active = session.last_active_at
    return lifetime > _TOKEN or (active is not None and from_unix_ms(active) < written)


@rule("PBF-091", "Claim missing from the token", Layer.SESSION)
def claim_missing(case: Case) -> Judgement:
    """Concerns everybody at once; said only where all else is right for this person."""
    name, path = case.profile.clerk_jwt_template, case.profile.clerk_plan_field
    if not name or not path or not case.paid:
        return no()
    if case.stripe_gap or case.layers_gap:
        return unknown(case.stripe_gap, case.layers_gap)
    if case.wrong:
        return no()
    templates = case.evidence.configuration.templates
    if isinstance(templates, Gap):
        return unknown(templates)
    found = next((held for held in templates if held.name == name), None)
    if found is None:
        return match(
            "high",
            f"The app asks Clerk for a token named {quoted(name)}, which does not exist.",
            Fact(source="clerk.jwt_template", field="name", value=name, says="Is not among the instance's templates."),
            detail="It concerns every user.",
        )
    said = json.dumps(found.claims)
    if f"user.{path}" in said or f"org.{path}" in said or "public_metadata}}" in said:
        return no()
    return match(
        "high",
        "The token that the app reads does not carry the plan at all.",
        Fact(source="clerk.jwt_template", id=found.id, field="claims", says=f"Does not mention {quoted(f'user.{path}')}."),
        detail="It concerns every user.",
    )


@rule("PBF-092", "App reads the wrong field or caches", Layer.SESSION)
def app_reads_otherwise(case: Case) -> Judgement:
    """The last thing left where all is right; nothing that can be read tells it from a person who has not reloaded."""
    if not case.paid or case.wrong or case.stripe_gap or case.layers_gap or not case.layers:
        return no()
    return unknown("what they see: ask for a screenshot with their user id")
