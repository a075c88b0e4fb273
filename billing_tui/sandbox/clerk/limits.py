"""Clerk's rate limits: so many requests in any ten seconds, for an instance as a whole and for each written object."""

import math
from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 10.0


class SlidingLimit:
    """Counts requests by key; refused requests do not count, so that a client which waits as told gets through."""

    def __init__(self, allowed: int, clock: Callable[[], float]) -> None:
        self.allowed = allowed
        self._clock = clock
        self._hits: dict[str, deque[float]] = {}

    def wait(self, key: str) -> int:
        """Records one request and returns 0, or returns the whole seconds to wait before the next one passes."""
        now = self._clock()
        hits = self._hits.setdefault(key, deque())
        while hits and hits[0] <= now - WINDOW_SECONDS:
            hits.popleft()
        if len(hits) >= self.allowed:
            return max(1, math.ceil(hits[0] + WINDOW_SECONDS - now))
        hits.append(now)
        return 0
