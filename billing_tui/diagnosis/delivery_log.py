"""The delivery log of a stretch of time, read live: events, which of them are outstanding, the endpoints, the app's ledger."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from billing_tui.diagnosis.asking import ask
from billing_tui.diagnosis.configuration import Shared
from billing_tui.diagnosis.deliveries import Seen, deliveries
from billing_tui.model.database import LedgerEntry
from billing_tui.model.delivery import DeliveryLog
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import from_unix
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Profile
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Event
from billing_tui.services.bundle import Services
from billing_tui.services.database import AppDatabase
from billing_tui.services.stripe import Stripe

MOST_PAGES = 50
"""Pages of a hundred events that are read of each list, unless more are asked for."""


async def delivery_log(
    services: Services,
    shared: Shared,
    profile: Profile,
    *,
    now: Callable[[], datetime],
    since: datetime,
    types: Sequence[str],
    undelivered: bool = False,
    lost_types: Sequence[str] | None = None,
    most_pages: int = MOST_PAGES,
) -> DeliveryLog:
    """The log since a moment, of these types or of all; `undelivered` leaves out what every endpoint has taken.

    What some endpoint has not taken is in it whatever its age, and of `lost_types` where those are others.

    Raises:
        KeyRefused, OutOfReach: The events can't be read; without them there is no log.
    """
    stripe = services.stripe
    if isinstance(stripe, Problem):
        raise stripe
    wanted = types if lost_types is None else lost_types
    configuration, (events, complete), lost = await asyncio.gather(
        shared.configuration(),
        _events(stripe, types, since, most=most_pages, undelivered=undelivered),
        _nothing() if undelivered else _lost(stripe, wanted, since, most_pages),
    )
    lost_names = lost if isinstance(lost, Gap) else frozenset(event.id for event in (events if undelivered else lost[0]))
    if not isinstance(lost, Gap):
        events, complete = _together(events, lost[0]), complete and lost[1]
    ledger = await in_ledger(services, profile, [event.id for event in events])
    seen = Seen(at=now(), profile=profile, endpoints=configuration.endpoints, lost=lost_names, ledger=ledger)
    kept = bool(profile.database and profile.database.events_table) and not isinstance(ledger, Gap)
    return DeliveryLog(deliveries=deliveries(events, seen), complete=complete, ledger=kept)


async def delivery_of(
    services: Services, shared: Shared, profile: Profile, ids: Sequence[str], *, now: Callable[[], datetime]
) -> DeliveryLog:
    """The log of these events alone.

    Raises:
        NotThere: Stripe has no such event, or no longer.
        KeyRefused, OutOfReach: They can't be read.
    """
    stripe = services.stripe
    if isinstance(stripe, Problem):
        raise stripe
    held = await asyncio.gather(*(stripe.retrieve(Kind.EVENT, name) for name in ids))
    events = [event for event in held if isinstance(event, Event)]
    configuration = await shared.configuration()
    around = await asyncio.gather(*(_lost_then(stripe, event) for event in events))
    gap = next((one for one in around if isinstance(one, Gap)), None)
    lost = gap or frozenset(name for one in around for name in known(one, frozenset[str]()))
    ledger = await in_ledger(services, profile, list(ids))
    seen = Seen(at=now(), profile=profile, endpoints=configuration.endpoints, lost=lost, ledger=ledger)
    return DeliveryLog(deliveries=deliveries(events, seen))


async def _lost_then(stripe: Stripe, event: Event) -> frozenset[str] | Gap:
    """What Stripe counts as undelivered of this type at that second; its count on the event itself forgets what it gave up."""
    at = from_unix(event.created)
    found = await ask("Stripe's undelivered events", stripe, lambda held: held.events([event.type], at, at, undelivered=True))
    return found if isinstance(found, Gap) else frozenset(one.id for one in found.data)


async def _nothing() -> tuple[list[Event], bool]:
    return [], True


async def _events(
    stripe: Stripe, types: Sequence[str], since: datetime, *, most: int, undelivered: bool = False
) -> tuple[list[Event], bool]:
    """Events newest first, and whether that is all of them."""
    found: list[Event] = []
    for _ in range(most):
        after = found[-1].id if found else ""
        page = await stripe.events_since(types, since, after=after, undelivered=undelivered)
        found += page.data
        if not page.has_more or not page.data:
            return found, True
    return found, False


async def _lost(stripe: Stripe, types: Sequence[str], since: datetime, most: int) -> tuple[list[Event], bool] | Gap:
    what = "Stripe's undelivered events"
    return await ask(what, stripe, lambda held: _events(held, types, since, most=most, undelivered=True))


def _together(events: list[Event], lost: list[Event]) -> list[Event]:
    """Both lists as one, newest first as Stripe has them, each event once."""
    held = {event.id for event in events}
    more = [event for event in lost if event.id not in held]
    return sorted([*events, *more], key=lambda event: -event.created) if more and events else [*events, *more]


async def in_ledger(services: Services, profile: Profile, ids: Sequence[str]) -> frozenset[str] | Gap:
    """Those of these events that the app's ledger holds; none where it keeps none."""
    what = "the app's ledger of events"
    if profile.database is None or not profile.database.events_table:
        return frozenset()
    found: set[str] = set()
    for start in range(0, len(ids), 500):
        entries = await ask(what, services.database, partial(_entries, ids[start : start + 500]))
        if isinstance(entries, Gap):
            return entries
        found |= {entry.event_id for entry in entries}
    return frozenset(found)


async def _entries(ids: Sequence[str], database: AppDatabase) -> list[LedgerEntry]:
    return await database.ledger(ids)
