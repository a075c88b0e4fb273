"""The dashboard with a heartbeat in its event loop. `python -m tests.bench.probe FILE`: SIGUSR1 begins, SIGUSR2 writes down.

Nothing of the dashboard is changed: a task of its own sleeps for a moment over and over, and notes how much later it wakes.
"""

import asyncio
import json
import signal
import sys
from pathlib import Path
from time import monotonic, thread_time

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.tui.app import Dashboard

EVERY = 0.001
_KEPT = 5


class Probed(Dashboard):
    """Tells the longest stretches in which nothing else could run."""

    def on_mount(self) -> None:
        self._beats: list[tuple[float, float]] = []
        self._heart = asyncio.create_task(self._beat())
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGUSR1, self._begin)
        loop.add_signal_handler(signal.SIGUSR2, self._write_down)

    async def _beat(self) -> None:
        while True:
            at, spent = monotonic(), thread_time()
            await asyncio.sleep(EVERY)
            self._beats.append((monotonic() - at, thread_time() - spent))

    def _begin(self) -> None:
        self._beats = []

    def _write_down(self) -> None:
        longest = sorted(self._beats, reverse=True)[:_KEPT]
        path = Path(sys.argv[1])
        made = path.with_suffix(".made")
        made.write_text(json.dumps(longest), encoding="utf-8")
        made.rename(path)


if __name__ == "__main__":
    asked = Asked()
    Probed(ProfileDesk(asked.load(), asked)).run()
