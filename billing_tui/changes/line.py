"""What is still to be done of a bulk, in its order; but nobody's events are sent faster than an app could take them.

Clerk takes ten writes in ten seconds for one user, and refuses more: an app that is sent a person's events faster than that
fails on them. Others, who come later in the line, go first meanwhile; a person's own events stay in their order.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from itertools import islice

from billing_tui.model.change import Step

MOST = 8
WINDOW = 10.0
"""So many events of one person are sent in as many seconds; two more are left for what they do themselves meanwhile."""
_SEEN, _LOOK = 500, 0.2
Group = tuple[Step, ...]


class Line:
    """The steps of one request each."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._held = deque(groups)
        self._sent: dict[str, deque[float]] = {}

    def __bool__(self) -> bool:
        return bool(self._held)

    def ahead(self, most: int) -> list[Step]:
        """The first step of each of those that come next."""
        return [group[0] for group in islice(self._held, most)]

    def rest(self) -> list[Group]:
        """All that is left."""
        return list(self._held)

    def put_back(self, group: Group) -> None:
        """This one was not done after all."""
        self._held.appendleft(group)

    async def next(self, stopped: Callable[[], bool] = lambda: False) -> Group | None:
        """The first that may be sent; waits for that where none may. None once there is nothing more, or it is stopped."""
        while self._held and not stopped():
            now = asyncio.get_running_loop().time()
            waits = [self._ready(group[0].about) - now for group in islice(self._held, _SEEN)]
            place = next((place for place, wait in enumerate(waits) if wait <= 0), None)
            if place is not None:
                return self._take(place, now)
            await asyncio.sleep(min(*waits, _LOOK))
        return None

    def _take(self, place: int, now: float) -> Group:
        group = self._held[place]
        del self._held[place]
        if group[0].about:
            self._sent.setdefault(group[0].about, deque(maxlen=MOST)).append(now)
        return group

    def _ready(self, whose: str | None) -> float:
        """From when on the next may be sent that is about somebody."""
        sent = self._sent.get(whose or "")
        return sent[0] + WINDOW if sent and len(sent) >= MOST else 0.0


def spaced(count: int) -> float:
    """How many seconds so many events of one person take."""
    return max(count - 1, 0) // MOST * WINDOW
