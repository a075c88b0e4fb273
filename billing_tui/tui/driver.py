"""The terminal under a window, of which Textual takes two things for granted: that it stays, and that the shell comes after.

A lost connection does not always come with a signal; then reading gives nothing for ever, and writing fails. And from one window
to the next, nobody wants to see the shell in between.
"""

import asyncio
import os
import select
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from textual.app import App
from textual.drivers.linux_driver import LinuxDriver

from billing_tui.tui.terminal import LEAVE, SHOW_CURSOR, TerminalApp

_ENTER = "\x1b[?1049h"


class KeptDriver(LinuxDriver):
    """Ends its app when the terminal is gone, and shows no shell between two windows."""

    def __init__(self, app: App[object], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._file: Any = _Forgiving(self._file)
        self._watch: _Watch | None = None

    def write(self, data: str) -> None:
        if data not in self._unwanted():
            super().write(data)

    def _unwanted(self) -> tuple[str, ...]:
        """What would show the shell, or blank the picture of the first window before the second is drawn."""
        app = self._app
        if not isinstance(app, TerminalApp):
            return ()
        return ((_ENTER,) if app.follows else ()) + ((LEAVE, SHOW_CURSOR) if app.is_followed else ())

    def start_application_mode(self) -> None:
        begin: Callable[[], None] = super().start_application_mode
        begin()
        if isinstance(self._app, TerminalApp):
            self._app.follows = False  # from now on it follows the shell, where that comes in between
        loop = asyncio.get_running_loop()
        self._unwatch()
        self._watch = _Watch(self.fileno, lambda: loop.call_soon_threadsafe(self._app.exit, 0))

    def stop_application_mode(self) -> None:
        self._unwatch()
        super().stop_application_mode()

    def _unwatch(self) -> None:
        watch, self._watch = self._watch, None
        if watch:
            watch.stop()


class _Forgiving:
    """A file to write to that may be gone: a failure there must not stop the one who writes."""

    def __init__(self, file: Any) -> None:
        self._file = file

    def write(self, text: str) -> int:
        with suppress(OSError):
            self._file.write(text)
        return len(text)

    def flush(self) -> None:
        with suppress(OSError):
            self._file.flush()

    def fileno(self) -> int:
        number: int = self._file.fileno()
        return number


class _Watch:
    """Waits, in a thread that costs nothing, until the other end of a terminal is closed."""

    def __init__(self, terminal: int, gone: Callable[[], object]) -> None:
        self._terminal, self._gone = terminal, gone
        self._ear, self._mouth = os.pipe()
        self._thread = threading.Thread(target=self._wait, name="terminal", daemon=True)
        self._thread.start()

    def _wait(self) -> None:
        poll = select.poll()
        poll.register(self._terminal, 0)  # of which nothing but its end is told
        poll.register(self._ear, select.POLLIN)
        if any(fileno == self._terminal and told & select.POLLHUP for fileno, told in poll.poll()):
            self._gone()

    def stop(self) -> None:
        """Nobody needs to know any more."""
        os.close(self._mouth)
        self._thread.join()
        os.close(self._ear)
