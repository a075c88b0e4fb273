"""How whoever looks on holds a bulk that is being carried out: it can pause, go on, and stop between two steps."""

import asyncio


class Reins:
    """Held by a window or a command, and asked before each step. Of one event loop."""

    def __init__(self) -> None:
        self._free = asyncio.Event()
        self._free.set()
        self.stopped = False

    @property
    def paused(self) -> bool:
        """Whether it waits to be let go on."""
        return not self._free.is_set()

    def pause(self) -> None:
        """Nothing further is begun until `go_on`."""
        self._free.clear()

    def go_on(self) -> None:
        """Ends a pause."""
        self._free.set()

    def stop(self) -> None:
        """Nothing further is begun, and what was is looked up."""
        self.stopped = True
        self._free.set()

    async def free(self) -> bool:
        """Waits while it is paused; whether the next step may be taken."""
        await self._free.wait()
        return not self.stopped
