"""The first reading of an account: its lists cut into stretches of time, as many read at once as the latency needs.

Every request is worth a hundred objects only if its page is full, so a stretch is cut only when nothing else is left to ask for
while answers are under way, and where about half of it is expected to be. No request waits for an earlier answer to be written.
"""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, NamedTuple

from billing_tui.cache import state
from billing_tui.cache.behind import Behind
from billing_tui.cache.book import Book
from billing_tui.cache.source import PAGE, Source
from billing_tui.cache.state import Window
from billing_tui.cache.store import Table
from billing_tui.model.problem import KeyRefused, NotThere
from billing_tui.services.stripe import Page

MOST_AT_ONCE = 12
# A stretch is cut after so many pages at least; fewer are not worth another half-filled page.
_PAGES = 16
_FEWEST = 5
_CATALOGUE = ("products", "prices")


class Telling(NamedTuple):
    """Who hears of the seconds that are left, by a guess, and of a list that the key may not read; which may raise that."""

    progressed: Callable[[float], None]
    refused: Callable[[Table, KeyRefused], Awaitable[None]]


class Listing:
    """Reads all windows that a run has left."""

    def __init__(self, source: Source, book: Book, run: int, rate: float, telling: Telling) -> None:
        self._source = source
        self._book = book
        self._run = run
        self._rate = rate
        self._progressed, self._refused = telling
        self._left: list[Window] = []
        self._asked: dict[asyncio.Task[None], Window] = {}
        self._behind = Behind()
        self._fastest = math.inf
        self._pages = 0

    async def finish(self) -> None:
        """Returns when nothing is left. What was read stays read, however this ends."""
        self._left = await self._book.write(state.windows)
        try:
            while self._left:
                if len(self._asked) < self._wanted() and (window := await self._next()):
                    self._asked[asyncio.create_task(self._read(window))] = window
                else:
                    await self._answered()
            await self._behind.finish()
        finally:
            for task in self._asked:
                task.cancel()
            await asyncio.gather(*self._asked, return_exceptions=True)
            await self._behind.settle()

    def _wanted(self) -> int:
        """How many requests have to be under way for the budget to be the limit, not the latency."""
        if not math.isfinite(self._fastest):
            return len(self._left)
        return min(math.ceil(self._rate * self._fastest * 1.25) + 2, MOST_AT_ONCE)

    async def _next(self) -> Window | None:
        busy = [window.id for window in self._asked.values()]
        for window in self._left:
            if window.id not in busy:
                return window
        return await self._cut()

    async def _cut(self) -> Window | None:
        """The older part of the longest stretch that is being read, if any is long enough."""
        longest = max(self._left, key=_pages_left, default=None)
        if longest is None or _pages_left(longest) < _FEWEST:
            return None
        ahead = max(_PAGES, self._pages) if not longest.low else _pages_left(longest) / 2
        cut = int(longest.high - ahead * longest.span)
        if cut <= longest.low:
            return None
        made = await self._book.write(lambda database: state.split(database, longest, cut))
        self._left.append(made)
        return made

    async def _answered(self) -> None:
        done, _ = await asyncio.wait(self._asked, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            del self._asked[task]
            task.result()
        self._progressed(self._pages_to_come() / self._rate)

    async def _read(self, window: Window) -> None:
        started = time.monotonic()
        try:
            body = await self._source.page(window)
        except NotThere:
            # The object that the cursor names was deleted since: go on from when it was made.
            if not window.after:
                raise
            window.after = ""
            return
        except KeyRefused as problem:
            await self._leave(window.table, problem)
            return
        self._fastest = min(self._fastest, time.monotonic() - started)
        self._pages += 1
        page = await self._book.page(window.table, body)
        done = _advance(window, page)
        await self._behind.add(partial(self._book.keep, replace(window), page, self._run, done=done))
        if done:
            self._left.remove(window)
            await self._catalogue_ended(window.table)

    async def _leave(self, table: Table, problem: KeyRefused) -> None:
        """Goes on without a list that the key may not read."""
        self._left = [window for window in self._left if window.table != table]
        await self._refused(table, problem)
        await self._catalogue_ended(table)

    async def _catalogue_ended(self, table: Table) -> None:
        if table in _CATALOGUE and not any(left.table in _CATALOGUE for left in self._left):
            await self._behind.add(self._book.settle)

    def _pages_to_come(self) -> float:
        """A guess, by how full the last page of each stretch was."""
        known = [_pages_left(window) for window in self._left if window.span and window.low]
        rest = sum(1 for window in self._left if not window.low)
        return sum(known) + rest * _PAGES


def _advance(window: Window, page: Page[Any]) -> bool:
    """Moves a window past a page; whether it ends there."""
    if not page.data:
        return True
    newest, oldest = page.data[0].created, page.data[-1]
    if len(page.data) == PAGE:
        window.span = max(newest - oldest.created, 1)
    window.after, window.high = oldest.id, oldest.created
    return not page.has_more or oldest.created < window.low


def _pages_left(window: Window) -> float:
    """By the density of the last page; without end where nobody knows how far back it goes, 0 before its first page."""
    if not window.span:
        return 0.0
    return (window.high - window.low) / window.span if window.low else math.inf
