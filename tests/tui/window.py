"""A window of the dashboard under test: keys in, lines of text out, and waiting for what must come."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import monotonic

from textual import events
from textual.app import App
from textual.pilot import Pilot

from billing_tui.tui.app import Dashboard
from billing_tui.tui.desk import Desk
from billing_tui.tui.live_lock import LiveLock

PATIENCE = 20.0
"""Seconds within which anything that a person waits for must have come."""

WIDE, NARROW = (120, 40), (80, 24)


class Glass:
    """What a person has before any window: a keyboard and a screen."""

    def __init__(self, app: App[int], pilot: Pilot[int]) -> None:
        self.app = app
        self._pilot = pilot

    @property
    def lines(self) -> list[str]:
        """The screen, line by line, with everything that lies over it."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in line) for line in strips]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def press(self, *keys: str) -> None:
        await self._pilot.press(*keys)

    async def type(self, text: str) -> None:
        names = {"@": "at", ".": "full_stop", "-": "hyphen", "_": "underscore", " ": "space"}
        await self._pilot.press(*(names.get(sign, sign) for sign in text))

    async def paste(self, text: str) -> None:
        """As a terminal sends what is pasted: at once."""
        self.app.post_message(events.Paste(text))
        await self._pilot.pause()

    async def until(self, condition: Callable[[], bool], what: str) -> None:
        """Waits for something to become so; fails with the screen where it does not."""
        deadline = monotonic() + PATIENCE
        while not condition():
            assert monotonic() < deadline, f"waited in vain for {what}:\n{self.text}"
            await asyncio.sleep(0.01)
            await self._pilot.pause()

    async def shows(self, *texts: str) -> None:
        """Waits until all of these are on the screen."""
        await self.until(lambda: all(text in self.text for text in texts), " and ".join(texts))

    async def hides(self, text: str) -> None:
        """Waits until this is no longer on the screen."""
        await self.until(lambda: text not in self.text, f"no {text}")


class Window(Glass):
    """The dashboard's."""

    app: Dashboard

    async def look_up(self, ticket: str) -> None:
        """Pastes a ticket into the input and waits for the verdict."""
        await self.paste(ticket)
        await self.press("enter")
        await self.shows("live at")


@asynccontextmanager
async def window(desk: Desk, size: tuple[int, int] = NARROW, lock: LiveLock | None = None) -> AsyncIterator[Window]:
    """The dashboard, open and painted."""
    app = Dashboard(desk, lock)
    async with app.run_test(size=size, notifications=True) as pilot:
        opened = Window(app, pilot)
        await opened.shows("Paste an e-mail")
        yield opened
