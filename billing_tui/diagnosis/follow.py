"""Events as they come: those since a moment first, then whatever Stripe lists after the last one seen."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from datetime import datetime

from billing_tui.model.stripe import Event
from billing_tui.services.stripe import Stripe


async def follow(stripe: Stripe, since: datetime, types: Sequence[str], every: float) -> AsyncGenerator[Event, None]:
    """Each event once, oldest first; asks again after so many seconds, and never ends by itself.

    Raises:
        KeyRefused: The key may not read events.
        OutOfReach: Stripe does not answer.
    """
    page = await stripe.events_since(types, since)
    begun = [*page.data]
    while page.has_more and page.data:
        page = await stripe.events_since(types, since, after=page.data[-1].id)
        begun += page.data
    for event in reversed(begun):
        yield event
    last = begun[0].id if begun else ""
    while True:
        await asyncio.sleep(every)
        page = await (stripe.events_after(last, types) if last else stripe.events_since(types, since))
        for event in reversed(page.data):
            yield event
        last = page.data[0].id if page.data else last
