"""A table that fetches: the order and the rows come from a source in threads, and the lines are drawn as they land."""

import asyncio
from dataclasses import dataclass
from typing import Generic

from textual import work
from textual.message import Message
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.tui.fault import fault
from billing_tui.tui.table.columns import R
from billing_tui.tui.table.feed import FIRST, PAUSE, Source, Wish, unless, whole
from billing_tui.tui.table.moving import Moving
from billing_tui.tui.table.order import place_of
from billing_tui.tui.table.pages import PAGE


class Fetching(Moving[R], Generic[R]):
    """One order at a time and one fetch of rows at a time; the newest wish wins."""

    @dataclass
    class Ordered(Message):
        """An order has come: so many rows, and whether these are all."""

        count: int
        whole: bool

    @dataclass
    class Failed(Message):
        """The order or the rows could not be read; what is on the screen stays."""

        problem: Problem

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._source: Source[R] | None = None
        self._wish: Wish[R] | None = None
        self._following = self._reading = False
        self._needed = (0, 0)
        self._wished = asyncio.Event()

    def show(self, source: Source[R], *, same: bool = False) -> None:
        """Rows of another order; with `same` the one on the screen, which may have changed. The cursor stays on its row."""
        if same and self._wish:
            return  # what is on its way will be as new
        self._wish = Wish(source, same)
        if not same:
            self._wished.set()
        if not self._following:
            self._following = True
            self._follow_wishes()

    @work(group="order", exit_on_error=False)
    async def _follow_wishes(self) -> None:
        try:
            while self._wish is not None:
                wish, self._wish = self._wish, None
                self._wished.clear()
                try:
                    await self._bring(wish)
                except Problem as problem:
                    if self._wish is None:
                        self.post_message(self.Failed(problem))
        finally:
            self._following = False

    async def _bring(self, wish: Wish[R]) -> None:
        hold = self.order.number
        if not wish.same:
            numbers = await unless(self._wished, asyncio.to_thread(wish.source.ids, FIRST))
            if numbers is None:
                return
            done = len(numbers) < FIRST
            self.order.swap(numbers, place_of(numbers, hold) or 0, whole=done)
            self._settle(wish, done=done)
            if done or await unless(self._wished, asyncio.sleep(PAUSE, True)) is None:
                return
        before = self.order.at
        found = await unless(self._wished, asyncio.to_thread(whole, wish.source, hold))
        if found is None:
            return
        numbers, place = found
        if self.order.at != before:  # somebody has gone on meanwhile: it is that row that counts
            place = await asyncio.to_thread(place_of, numbers, self.order.number)
        self.order.swap(numbers, self.order.at if place is None else place, whole=True)
        self._settle(wish, done=True)

    def _settle(self, wish: Wish[R], *, done: bool) -> None:
        self._source = wish.source
        if wish.same:
            self.pages.age()
        self.laid()
        self.post_message(self.Ordered(len(self.order), done))

    # Rows

    def need(self, first: int, last: int) -> None:
        self._needed = (first, last)
        if not self._reading and self.pages.lacks(self.order.span(first, last)):
            self._reading = True
            self._read()

    @work(group="rows", exit_on_error=False)
    async def _read(self) -> None:
        try:
            while missing := self._missing():
                source = self._source
                if source is None:
                    return
                rows = await asyncio.to_thread(source.rows, missing)
                if self.pages.take(missing, rows):
                    self.redraw(set(missing))
        except Problem as problem:
            self.post_message(self.Failed(problem))
        finally:
            self._reading = False

    def _missing(self) -> list[int]:
        """What is wanted next: whole pages around what is in sight."""
        first, last = self._needed
        if not self.pages.lacks(self.order.span(first, last)):
            return []
        start, end = first - first % PAGE, last + -last % PAGE
        return self.pages.lacks(self.order.span(start, end))[: 4 * PAGE]

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of ours is told, not thrown: the window stays."""
        if event.state is WorkerState.ERROR:
            self.post_message(self.Failed(fault(event.worker.error)))
