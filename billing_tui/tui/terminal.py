"""The part of the app that knows terminals: colours, signals, and ending with nothing left in flight."""

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress

from textual.app import App
from textual.driver import Driver
from textual.filter import ANSIToTruecolor, LineFilter
from textual.worker import WorkerCancelled, WorkerFailed

from billing_tui.tui.theme import GREYS, NIGHT, SIXTEEN

LEAVE = "\x1b[?1049l"
SHOW_CURSOR = "\x1b[?25h"

_ENDS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]


class TerminalApp(App[int]):
    """Wears the theme that the terminal can show; a hang-up or a request to end leaves the terminal as it was."""

    ENABLE_COMMAND_PALETTE = False
    follows = False
    """Whether another window's picture is still on the screen, to be drawn over."""
    is_followed = False
    """Whether another window comes after this one, and draws over its picture."""

    def __init__(self) -> None:
        super().__init__()
        self.animation_level = "none"
        for theme in (NIGHT, SIXTEEN, GREYS):
            self.register_theme(theme)
        sixteen = self.console.color_system == "standard" or os.environ.get("TEXTUAL_THEME", "").startswith("ansi")
        self.theme = (GREYS if self.no_color else SIXTEEN if sixteen else NIGHT).name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return NIGHT.variables

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Our colours are true ones, or the terminal's own: looking for some to turn into others costs much of a repaint."""
        return [held for held in super().get_line_filters() if not isinstance(held, ANSIToTruecolor)]

    def get_driver_class(self) -> type[Driver]:
        found = super().get_driver_class()
        if found.__name__ != "LinuxDriver":
            return found
        from billing_tui.tui.driver import KeptDriver  # of which other systems have no need

        return KeptDriver

    def heed_signals(self) -> None:
        """Leaves in order when told to end."""
        for number in _ENDS:
            with suppress(NotImplementedError, ValueError, RuntimeError):  # no signals off the main thread
                asyncio.get_running_loop().add_signal_handler(number, self.exit, 0)

    async def stop_work(self, *groups: str) -> None:
        """Ends what is in flight in these groups of workers, and waits until it has ended."""
        flying = [worker for worker in self.workers if worker.group in groups]
        for worker in flying:
            worker.cancel()
        for worker in flying:
            with suppress(WorkerCancelled, WorkerFailed):
                await worker.wait()


def give_back() -> None:
    """Leaves the terminal to the shell, where a second window was to come and did not."""
    sys.stderr.write(LEAVE + SHOW_CURSOR)
    sys.stderr.flush()
