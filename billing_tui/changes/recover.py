"""After an outage: everything since then that has not arrived is sent again, and who can't be reached so is re-synced."""

from collections.abc import Sequence
from datetime import UTC, datetime

from msgspec import structs

from billing_tui.changes.apply import A_SECOND
from billing_tui.changes.desk import Desk
from billing_tui.changes.resend import endpoint_of, endpoint_refusal, people, sample, step_for, why_not
from billing_tui.changes.several import bulk_cap, resync_each
from billing_tui.diagnosis.delivery_log import delivery_log
from billing_tui.model.change import Change, Wanted
from billing_tui.model.delivery import Delivery
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.model.text import plural


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is an event's id, or a moment in RFC 3339; option `cap`: how many people are re-synced at most.

    Raises:
        NotThere: Stripe has no such event.
        KeyRefused, OutOfReach: The events could not be read.
    """
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    endpoint = await endpoint_of(desk, wanted.options.get("endpoint", ""))
    if draft.refused or isinstance(endpoint, str):
        return structs.replace(draft, refused=draft.refused or str(endpoint))
    since = await _since(desk, wanted.query)
    types = tuple(desk.profile.required_events)
    log = await delivery_log(desk.services, desk.shared, desk.profile, now=desk.now, since=since, types=types)
    here = [held for held in log.deliveries if held.endpoint == endpoint.id]
    theirs = [held for held in here if held.state != "delivered"]
    dead = await endpoint_refusal(desk, endpoint)
    again = [] if dead else [held for held in theirs if not why_not(held, stamp)]
    reached = set(people(again))
    others = [name for name in people([*theirs, *_unprocessed(desk, here)]) if name not in reached]
    cap = bulk_cap(wanted)
    synced, refusals = await resync_each(desk, others[:cap], plan_id, stamp)
    steps = (*(step_for(held, endpoint, "stripe") for held in reversed(again)), *synced)
    first = next(iter(people(theirs)), None)
    subjects = {step.object for step in synced}
    draft = structs.replace(draft, subject=endpoint.id, customer_id=first, confirm=(first or endpoint.id)[-4:])
    if not steps:
        why = dead or (refusals[0] if refusals else f"Everything since {rfc3339(since)} has arrived: nothing is to be recovered.")
        return structs.replace(draft, refused=why)
    return structs.replace(
        draft,
        targets=("stripe", "clerk", "database"),
        title=f"Recover {plural(len(again), 'event')} and {plural(len(subjects), 'person', 'people')} since {rfc3339(since)}",
        because=_because(endpoint, theirs, again),
        steps=steps,
        warnings=_warnings(again, others, cap, refusals, dead, complete=log.complete),
    )


async def _since(desk: Desk, text: str) -> datetime:
    if text.startswith("evt_"):
        event = await desk.stripe.retrieve(Kind.EVENT, text)
        return from_unix(event.created if isinstance(event, Event) else 0)
    return datetime.fromisoformat(text).astimezone(UTC)


def _unprocessed(desk: Desk, here: Sequence[Delivery]) -> list[Delivery]:
    """What Stripe counts as taken and the app's ledger does not hold: made while the endpoint was disabled, or swallowed."""
    if desk.profile.database is None or not desk.profile.database.events_table:
        return []
    return [held for held in here if held.state == "delivered" and held.source == "stripe"]


def _because(endpoint: Endpoint, theirs: Sequence[Delivery], again: Sequence[Delivery]) -> str:
    newest = f", the last of {again[0].created:%d %b %H:%M} UTC" if again else ""
    return f"{plural(len(theirs), 'event')} have not arrived at {endpoint.url}{newest}."


def _warnings(
    again: Sequence[Delivery], others: Sequence[str], cap: int, refusals: Sequence[str], dead: str | None, *, complete: bool
) -> tuple[str, ...]:
    said = [
        f"It concerns {sample(people(again))}." if again else "",
        f"It takes about {max(len(again) // A_SECOND, 1)} s, {A_SECOND} a second, and stops after three failures in a row."
        if again
        else "",
        f"Nothing is sent again: {dead}" if dead else "",
        f"{len(others) - cap} more people are left for the next time: {cap} are re-synced at once." if len(others) > cap else "",
        *refusals[:5],
        "" if complete else "There were more events than could be read; recover again afterwards.",
    ]
    return tuple(filter(None, said))
