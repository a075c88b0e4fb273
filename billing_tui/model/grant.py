"""The mark of a plan that was given: what, until when, why. It stands in Clerk's private metadata."""

from datetime import UTC, datetime

from msgspec import Struct

from billing_tui.model.clerk import Organization, User

FIELD = "private_metadata.planOverride"
PARTS = ("plan", "until", "reason")


class Grant(Struct, frozen=True):
    """A given plan; it holds until `until`."""

    plan: str
    until: datetime
    reason: str


def grant_of(holder: object) -> Grant | None:
    """The mark on a user or an organization; None where there is neither, no mark, or none of this tool's."""
    if not isinstance(holder, User | Organization):
        return None
    plan, until, reason = (holder.field(f"{FIELD}.{part}") for part in PARTS)
    if not isinstance(plan, str) or not isinstance(until, str):
        return None
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return None
    return Grant(plan, moment if moment.tzinfo else moment.replace(tzinfo=UTC), str(reason or ""))
