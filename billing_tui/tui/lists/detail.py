"""The pane beside a list: one object and the way through what belongs to it, forth with enter and back with esc."""

import asyncio
from dataclasses import dataclass

from textual import work
from textual.message import Message

from billing_tui.cache.shelf import Shelf
from billing_tui.model.problem import Problem
from billing_tui.tui.lists.drawing import page_rows
from billing_tui.tui.lists.look import Look
from billing_tui.tui.lists.pages import Page, page_of, walkable
from billing_tui.tui.widgets.rows import Rows


class Detail(Rows):
    """Hidden while nothing is open."""

    DEFAULT_CSS = """
    Detail { display: none; width: 1fr; height: 1fr; }
    Detail.-open { display: block; }
    """

    @dataclass
    class Failed(Message):
        """The cache could not be read."""

        problem: Problem

    def __init__(self, shelf: Shelf) -> None:
        super().__init__(id="detail")
        self._shelf = shelf
        self._look = Look()
        self._trail: list[str] = []
        self._ahead: list[str] = []
        self.page: Page | None = None

    @property
    def open(self) -> bool:
        """Whether it is to be seen."""
        return self.has_class("-open")

    @property
    def here(self) -> str:
        """The id of what it shows, or is about to."""
        return self._trail[-1] if self._trail else ""

    def begin(self, object_id: str) -> None:
        """Shows an object as a new start."""
        if object_id != self.here or len(self._trail) > 1:
            self._trail, self._ahead = [object_id], []
            self._read()
        self.add_class("-open")

    def close(self) -> None:
        """Hides it."""
        self.remove_class("-open")
        self._trail, self._ahead = [], []

    def walk(self, step: int) -> bool:
        """Back (-1) to what was shown before, or forward again; says whether there was anything."""
        if step < 0 and len(self._trail) > 1:
            self._ahead.append(self._trail.pop())
        elif step > 0 and self._ahead:
            self._trail.append(self._ahead.pop())
        else:
            return False
        self._read()
        return True

    def wear(self, look: Look) -> None:
        """Draws it masked, or not."""
        self._look = look
        self._draw(keep=True)

    def again(self) -> None:
        """Reads what it shows once more."""
        if self._trail:
            self._read(keep=True)

    @work(group="detail", exclusive=True, exit_on_error=False)
    async def _read(self, keep: bool = False) -> None:
        try:
            page = await asyncio.to_thread(page_of, self._shelf, self.here)
        except Problem as problem:
            self.post_message(self.Failed(problem))
            return
        self.page = page
        self._draw(keep=keep)

    def _draw(self, *, keep: bool) -> None:
        page, look = self.page, self._look
        if page:
            self.show(lambda width: page_rows(page, look, width), keep=keep)

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        """Walks to what a row names."""
        event.stop()
        there = event.row.names
        if walkable(there) and there != self.here:
            self._trail.append(there)
            self._ahead = []
            self._read()
