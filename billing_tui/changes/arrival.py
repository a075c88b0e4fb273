"""Whether events that were sent again have arrived: by the app's own ledger, else by Stripe's count of what is outstanding."""

import asyncio
from collections.abc import Collection, Sequence
from datetime import timedelta

from billing_tui.changes.desk import Desk
from billing_tui.model.change import Step
from billing_tui.model.problem import Problem
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Event

PATIENCE = 10.0
"""Seconds: Stripe sends at once, and the app answers when it is done."""
_ONE_BY_ONE = 20
_MOST_PAGES = 50


async def arrived(desk: Desk, steps: Sequence[Step], patience: float = PATIENCE) -> frozenset[str]:
    """Which of the events have arrived, waited for until all have or patience is over.

    Raises:
        KeyRefused, OutOfReach: Nobody can say.
    """
    left = {step.object for step in steps}
    found: set[str] = set()
    loop = asyncio.get_running_loop()
    until, pause = loop.time() + patience, 0.2
    while True:
        found |= await _now(desk, left - found)
        if found == left or loop.time() + pause > until:
            return frozenset(found)
        await asyncio.sleep(pause)
        pause = min(pause * 1.6, 2.0)


async def _now(desk: Desk, names: Collection[str]) -> set[str]:
    kept = await _in_ledger(desk, names)
    return kept | await _taken(desk, [name for name in names if name not in kept])


async def _in_ledger(desk: Desk, names: Collection[str]) -> set[str]:
    """Those that the app says it has processed; none where it keeps no ledger that can be read."""
    table = desk.profile.database
    if table is None or not table.events_table or isinstance(desk.services.database, Problem) or desk.database is None:
        return set()
    found: set[str] = set()
    asked = sorted(names)
    for start in range(0, len(asked), 500):
        found |= {entry.event_id for entry in await desk.database.ledger(asked[start : start + 500])}
    return found


async def _taken(desk: Desk, names: Sequence[str]) -> set[str]:
    """Those of which Stripe counts no endpoint as outstanding."""
    if not names:
        return set()
    if len(names) <= _ONE_BY_ONE:
        held = await asyncio.gather(*(desk.stripe.retrieve(Kind.EVENT, name) for name in names))
        return {event.id for event in held if isinstance(event, Event) and not event.pending_webhooks}
    return set(names) - await _outstanding(desk, names)


async def _outstanding(desk: Desk, names: Sequence[str]) -> set[str]:
    """Stripe's list of what is outstanding, as far back as it keeps events; what lies beyond the pages counts as outstanding."""
    since = desk.now() - timedelta(days=30)
    wanted, found, after = set(names), set[str](), ""
    for _ in range(_MOST_PAGES):
        page = await desk.stripe.events_since((), since, after=after, undelivered=True)
        found |= {event.id for event in page.data if event.id in wanted}
        if not page.has_more or not page.data:
            return found
        after = page.data[-1].id
    return wanted
