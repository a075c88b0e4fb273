"""What is still to be done of a bulk, in its order; but nobody is written of more often than once a second.

Clerk takes ten writes in ten seconds for one user, and refuses more: an app that is sent a person's events faster than that
fails on them. Others, who come later in the line, go first meanwhile; a person's own events stay in their order.
"""

import asyncio
from collections import deque
from collections.abc import Iterable
from itertools import islice

from billing_tui.model.change import Step

APART = 1.05
"""Seconds between two events of one person."""
_SEEN = 500
Group = tuple[Step, ...]


class Line:
    """The steps of one request each."""

    def __init__(self, groups: Iterable[Group]) -> None:
        self._held = deque(groups)
        self._ready: dict[str, float] = {}

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

    async def next(self) -> Group:
        """The first whose person may be written of; waits for that where none may."""
        while True:
            now = asyncio.get_running_loop().time()
            waits = [self._ready.get(group[0].about or "", 0.0) - now for group in islice(self._held, _SEEN)]
            place = next((place for place, wait in enumerate(waits) if wait <= 0), None)
            if place is not None:
                return self._take(place, now)
            await asyncio.sleep(min(waits))

    def _take(self, place: int, now: float) -> Group:
        group = self._held[place]
        del self._held[place]
        if group[0].about:
            self._ready[group[0].about] = now + APART
        return group
