"""Which of the events that were outstanding still are: asked of Stripe in one list, and noted where they are not."""

import asyncio
from datetime import datetime

from billing_tui.cache.connections import Connections
from billing_tui.cache.pending import take, waiting
from billing_tui.model.moment import from_unix
from billing_tui.services.purpose import Purpose, purpose
from billing_tui.services.stripe import Stripe

_MOST_PAGES = 50


async def recheck(stripe: Stripe, connections: Connections, since: datetime, at: datetime) -> int:
    """How many of the cache's events are waited for no longer. Nothing is asked where none was.

    Raises:
        KeyRefused: The key may not read events.
        OutOfReach: Stripe does not answer, or the cache can't be used.
    """
    held = await asyncio.to_thread(_waiting, connections, since)
    if not held:
        return 0
    still = await _still(stripe, from_unix(min(held.values())))
    gone = [name for name in held if name not in still] if still is not None else []
    if gone:
        await asyncio.to_thread(_take, connections, gone, at)
    return len(gone)


async def _still(stripe: Stripe, since: datetime) -> set[str] | None:
    """What Stripe counts as outstanding since then; None where that is more than is read."""
    found: set[str] = set()
    after = ""
    with purpose(Purpose.SYNC):
        for _ in range(_MOST_PAGES):
            page = await stripe.events_since((), since, after=after, undelivered=True)
            found |= {event.id for event in page.data}
            if not page.has_more or not page.data:
                return found
            after = page.data[-1].id
    return None


def _waiting(connections: Connections, since: datetime) -> dict[str, int]:
    with connections.reading() as database:
        return waiting(database, int(since.timestamp()))


def _take(connections: Connections, names: list[str], at: datetime) -> None:
    with connections.writing() as database:
        take(database, names, int(at.timestamp()))
