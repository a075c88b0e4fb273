"""Work that is done in order behind whoever hands it over, so that the next answer need not wait for the disk."""

import asyncio
from collections.abc import Awaitable, Callable

_MOST = 8


class Behind:
    """A line of work, never longer than a few pieces. After a failure nothing more is done, and everybody hears of it."""

    def __init__(self) -> None:
        self._room = asyncio.Semaphore(_MOST)
        self._last: asyncio.Task[None] | None = None

    async def add(self, work: Callable[[], Awaitable[None]]) -> None:
        """Waits while the line is full. Raises what an earlier piece has raised."""
        await self._room.acquire()
        if self._last is not None and self._last.done() and self._last.exception():
            self._room.release()
            await self._last
        self._last = asyncio.create_task(self._after(self._last, work))

    async def finish(self) -> None:
        """Returns when everything is done. Raises what any piece has raised."""
        if self._last is not None:
            await self._last

    async def settle(self) -> None:
        """The same where a failure is told already, or another one."""
        await asyncio.gather(*filter(None, [self._last]), return_exceptions=True)

    async def _after(self, before: asyncio.Task[None] | None, work: Callable[[], Awaitable[None]]) -> None:
        try:
            if before is not None:
                await before
            await work()
        finally:
            self._room.release()
