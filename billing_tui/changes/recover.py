"""After an outage: everything since then that has not arrived is sent again, and who can't be reached so is re-synced."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.history import attempts_told
from billing_tui.changes.pace import events_a_second, lasts
from billing_tui.changes.resend import endpoint_of, endpoint_refusal, people, sample, step_for, why_not
from billing_tui.changes.several import bulk_cap, resync_each
from billing_tui.diagnosis.delivery_log import delivery_log
from billing_tui.model.change import Change, Wanted
from billing_tui.model.delivery import Delivery, DeliveryLog
from billing_tui.model.moment import from_unix, lasting, rfc3339
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Endpoint, Event
from billing_tui.model.text import plural

_MOST_PAGES = 300
_MOST_TYPES = 20
_IN_A_ROW = 5
_TRIES = 3


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
    log = await _log(desk, endpoint, since)
    here = [held for held in log.deliveries if held.endpoint == endpoint.id]
    theirs = [held for held in here if held.state != "delivered"]
    dead = await endpoint_refusal(desk, endpoint)
    unsent = [] if dead else _never_sent(desk, log, here)
    chosen = {held.event for held in unsent} | {held.event for held in theirs if not why_not(held, stamp)}
    again = [] if dead else [held for held in here if held.event in chosen]
    reached = set(people(again))
    others = [name for name in people([*theirs, *_unprocessed(log, here)]) if name not in reached]
    cap = bulk_cap(wanted)
    synced, refusals = await resync_each(desk, others[:cap], plan_id, stamp)
    steps = (*(step_for(held, endpoint, "stripe") for held in reversed(again)), *synced)
    first = next(iter(people([*again, *theirs])), None)
    subjects = {step.object for step in synced}
    rate = events_a_second(desk.profile.limits, (await desk.shared.configuration()).instance)
    draft = structs.replace(draft, subject=endpoint.id, customer_id=first, confirm=(first or endpoint.id)[-4:])
    if not steps:
        why = dead or (refusals[0] if refusals else f"Everything since {rfc3339(since)} has arrived: nothing is to be recovered.")
        return structs.replace(draft, refused=why)
    return structs.replace(
        draft,
        targets=("stripe", "clerk", "database"),
        title=f"Recover {plural(len(again), 'event')} and {plural(len(subjects), 'person', 'people')} since {rfc3339(since)}",
        because=_because(endpoint, theirs, again, unsent),
        steps=steps,
        warnings=_warnings(rate, again, others, cap, refusals, dead, complete=log.complete),
    )


async def _since(desk: Desk, text: str) -> datetime:
    if text.startswith("evt_"):
        event = await desk.stripe.retrieve(Kind.EVENT, text)
        return from_unix(event.created if isinstance(event, Event) else 0)
    return datetime.fromisoformat(text).astimezone(UTC)


async def _log(desk: Desk, endpoint: Endpoint, since: datetime) -> DeliveryLog:
    """What the app needs, and of what else the endpoint hears that which has not been taken."""
    heard = tuple(endpoint.enabled_events or ())
    lost_types = () if "*" in heard or len(heard) > _MOST_TYPES else tuple(dict.fromkeys((*desk.profile.required_events, *heard)))
    return await delivery_log(
        desk.services,
        desk.shared,
        desk.profile,
        now=desk.now,
        since=since,
        types=tuple(desk.profile.required_events),
        lost_types=lost_types[:_MOST_TYPES] if len(lost_types) <= _MOST_TYPES else (),
        most_pages=_MOST_PAGES,
    )


def _unprocessed(log: DeliveryLog, here: Sequence[Delivery]) -> list[Delivery]:
    """What Stripe counts as taken and the app's ledger does not hold: made while the endpoint was disabled, or swallowed."""
    return [held for held in here if held.state == "delivered" and held.source == "stripe"] if log.ledger else []


def _never_sent(desk: Desk, log: DeliveryLog, here: Sequence[Delivery]) -> list[Delivery]:
    """Of those, what was most likely made while the endpoint was disabled: Stripe owes it to nobody, and sends it when asked.

    An app that swallows events does so to somebody's, amid others that it takes; a disabled endpoint misses everybody's while
    it lasts. What is not about a subscription the app may take without a note in its ledger. What was sent again in vain is left
    to the re-sync.
    """
    missed = {held.event for held in _unprocessed(log, here)}
    found: list[Delivery] = []
    for lacking, run in groupby((held for held in here if held.subscription_id), key=lambda held: held.event in missed):
        held = list(run)
        if lacking and (len(held) >= _IN_A_ROW or len(people(held)) > 1):
            found += held
    tried = attempts_told(desk.journal.entries()) if found else {}
    return [held for held in found if len(tried.get(held.event, ())) < _TRIES]


def _because(endpoint: Endpoint, theirs: Sequence[Delivery], again: Sequence[Delivery], unsent: Sequence[Delivery]) -> str:
    newest = f", the last of {again[0].created:%d %b %H:%M} UTC" if again else ""
    missed = f"; {len(unsent)} more are in no ledger, as if made while it was disabled" if unsent else ""
    return f"{plural(len(theirs), 'event')} have not arrived at {endpoint.url}{missed}{newest}."


def _warnings(
    rate: float,
    again: Sequence[Delivery],
    others: Sequence[str],
    cap: int,
    refusals: Sequence[str],
    dead: str | None,
    *,
    complete: bool,
) -> tuple[str, ...]:
    time = lasting(lasts((held.customer_id for held in again), rate))
    said = [
        f"It concerns {sample(people(again))}." if again else "",
        f"It takes about {time}, {rate:g} a second at most, and stops after three failures in a row." if again else "",
        f"Nothing is sent again: {dead}" if dead else "",
        f"{len(others) - cap} more people are left for the next time: {cap} are re-synced at once." if len(others) > cap else "",
        *refusals[:5],
        "" if complete else "There were more events than could be read; recover again afterwards.",
    ]
    return tuple(filter(None, said))
