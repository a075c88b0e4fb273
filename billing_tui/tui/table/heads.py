"""The line above a table: titles, the sorted column, and the one that the keys are on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from billing_tui.tui.table.columns import Column, R, Sorting, column_at, heads
from billing_tui.tui.table.lines import GUTTER


class Heads(Widget, Generic[R]):
    """One line; a click on a title sorts by it."""

    DEFAULT_CSS = "Heads { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: clip; }"

    @dataclass
    class Picked(Message):
        """A title was clicked."""

        column: int

    def __init__(self) -> None:
        super().__init__()
        self._columns: Sequence[Column[R]] = ()
        self._sorting = Sorting()
        self._current = -1

    def show(self, columns: Sequence[Column[R]], sorting: Sorting, current: int) -> None:
        """Draws these titles."""
        if (columns, sorting, current) != (self._columns, self._sorting, self._current):
            self._columns, self._sorting, self._current = columns, sorting, current
            self.refresh()

    def _room(self) -> int:
        return max(self.size.width - GUTTER - 1, 0)  # the table's scrollbar has the last cell

    def render(self) -> Content:
        return Content.assemble(" " * GUTTER, heads(self._columns, self._room(), self._sorting, self._current))

    def on_click(self, event: events.Click) -> None:
        column = column_at(self._columns, self._room(), event.x - GUTTER)
        if column is not None:
            self.post_message(self.Picked(column))
