"""So many in a second, and no more: a bulk must leave room for everybody else."""

import asyncio


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
