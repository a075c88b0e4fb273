"""So many in a second, and no more: a bulk must leave room for everybody else."""

import asyncio
from collections import Counter
from collections.abc import Iterable

from billing_tui.changes.line import spaced
from billing_tui.model.change import Step
from billing_tui.model.clerk import Instance
from billing_tui.model.evidence import Gap
from billing_tui.model.profile import Limits
from billing_tui.services.budget import ENDPOINT_RATE

PEOPLE_A_SECOND = 5.0
_DEVELOPMENT = 8.0
_SHARE = 4
"""Of what this machine may ask of Stripe, a bulk takes this part: three quarters are left for whoever works meanwhile."""


def events_a_second(limits: Limits, instance: Instance | Gap) -> float:
    """How fast events are sent again: 5 a second as configured by default, never more than Stripe takes at one endpoint.

    For each the app writes to Clerk, and a development instance takes ten requests a second of everybody.
    """
    small = not isinstance(instance, Gap) and instance.environment_type == "development"
    return min(limits.stripe_requests_per_second / _SHARE, ENDPOINT_RATE, _DEVELOPMENT if small else ENDPOINT_RATE)


def lasts(people: Iterable[str | None], a_second: float) -> float:
    """How many seconds the sending of as many events takes, each about somebody."""
    counts = Counter(people)
    one = max((count for name, count in counts.items() if name), default=0)
    return max(counts.total() / a_second, spaced(one))


class Pace:
    """Lets one through at a time."""

    def __init__(self, a_second: float) -> None:
        self._gap = 1 / a_second
        self._next = 0.0

    async def turn(self) -> None:
        """Returns when the next may go."""
        now = asyncio.get_running_loop().time()
        wait, self._next = self._next - now, max(self._next, now) + self._gap
        if wait > 0:
            await asyncio.sleep(wait)


class Paces:
    """Events are sent again at one pace; people are written to at another."""

    def __init__(self, a_second: float) -> None:
        self._events, self._people = Pace(a_second), Pace(min(PEOPLE_A_SECOND, a_second))

    async def turn(self, step: Step) -> None:
        """Returns when a step may go."""
        await (self._events if step.field == "delivery" else self._people).turn()
