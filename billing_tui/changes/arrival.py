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
UNPROCESSED = "not in the ledger"
"""What an event was that Stripe counts as taken: whether that has arrived only the app's ledger can say."""
_FEW = 3
_MOST_PAGES = 50


async def arrived(desk: Desk, steps: Sequence[Step], patience: float = PATIENCE) -> frozenset[str]:
    """Which of the events have arrived, waited for until all have or patience is over.

    Raises:
        KeyRefused, OutOfReach: Nobody can say.
    """
    found: set[str] = set()
    loop = asyncio.get_running_loop()
    until, pause = loop.time() + patience, 0.2
    while True:
        left = [step for step in steps if step.object not in found]
        found |= await there(desk, left)
        if len(found) == len({step.object for step in steps}) or loop.time() + pause > until:
            return frozenset(found)
        await asyncio.sleep(pause)
        pause = min(pause * 1.6, 2.0)


async def there(desk: Desk, steps: Sequence[Step], *, ask_stripe: bool = True) -> set[str]:
    """Which of the events have arrived by now; with a ledger that can be read, Stripe need not be asked each time.

    Raises what `arrived` does.
    """
    if not steps:
        return set()
    kept = await _in_ledger(desk, [step.object for step in steps])
    if kept is not None and not ask_stripe:
        return kept
    held = kept or set()
    return held | await _taken(desk, [step for step in steps if step.object not in held and step.before != UNPROCESSED])


async def _in_ledger(desk: Desk, names: Collection[str]) -> set[str] | None:
    """Those that the app says it has processed; None where it keeps no ledger that can be read."""
    table = desk.profile.database
    if table is None or not table.events_table or isinstance(desk.services.database, Problem) or desk.database is None:
        return None
    found: set[str] = set()
    asked = sorted(names)
    for start in range(0, len(asked), 500):
        found |= {entry.event_id for entry in await desk.database.ledger(asked[start : start + 500])}
    return found


async def _taken(desk: Desk, steps: Sequence[Step]) -> set[str]:
    """Those of which Stripe counts no endpoint as outstanding."""
    names = {step.object for step in steps}
    if len(names) <= _FEW:
        held = await asyncio.gather(*(desk.stripe.retrieve(Kind.EVENT, name) for name in names))
        return {event.id for event in held if isinstance(event, Event) and not event.pending_webhooks}
    return names - await _outstanding(desk, steps)


async def _outstanding(desk: Desk, steps: Sequence[Step]) -> set[str]:
    """Stripe's list of what is outstanding of that time; what lies beyond the pages counts as outstanding."""
    now = desk.now()
    made = [step.made or now - timedelta(days=30) for step in steps]
    until = max(made) if all(step.made for step in steps) else now
    wanted, found, after = {step.object for step in steps}, set[str](), ""
    for _ in range(_MOST_PAGES):
        page = await desk.stripe.events_since((), min(made), until=until, after=after, undelivered=True)
        found |= {event.id for event in page.data if event.id in wanted}
        if not page.has_more or not page.data:
            return found
        after = page.data[-1].id
    return wanted
