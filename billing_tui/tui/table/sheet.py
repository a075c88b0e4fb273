"""A table with its titles: columns for the width that there is, sorting by the column that the keys are on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message

from billing_tui.tui.table.columns import Column, R, Sorting, way
from billing_tui.tui.table.fetching import Fetching
from billing_tui.tui.table.heads import Heads

Columns = Callable[[int], Sequence[Column[R]]]
"""The columns for so many cells."""


class Sheet(Vertical, Generic[R]):
    """Titles over rows. Whoever shows it hears which order is wanted and brings it."""

    DEFAULT_CSS = "Sheet { height: 1fr; width: 1fr; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l,right", "column(1)", "Next column", show=False),
        Binding("h,left", "column(-1)", "Column before", show=False),
        Binding("s", "sort", "Sort", show=False),
    ]

    @dataclass
    class Sorted(Message):
        """Another order is wanted."""

        sorting: Sorting

    def __init__(self, columns: Columns[R], sorting: Sorting) -> None:
        super().__init__()
        self._columns = columns
        self.sorting = sorting
        self._current = 0
        self._shown: Sequence[Column[R]] = ()

    def compose(self) -> ComposeResult:
        yield Heads[R]()
        yield Fetching[R]()

    @property
    def rows(self) -> Fetching[R]:
        """The rows under the titles."""
        return self.query_one(Fetching)

    @property
    def sorted_by(self) -> str:
        """The title of the column that the rows are sorted by, and which way."""
        named = (each.title.lower() + way(each, self.sorting) for each in self._shown if each.sort == self.sorting.column)
        return next(named, "")

    def dress(self) -> None:
        """Draws the columns again, e.g. because what they show is to be masked."""
        self._shown = self._columns(max(self.size.width, 1))
        self._current = min(self._current, len(self._shown) - 1)
        self._mark()
        self.rows.dress(self._shown)

    def on_resize(self, _event: events.Resize) -> None:
        self.dress()

    def _mark(self) -> None:
        self.query_one(Heads).show(self._shown, self.sorting, self._current)

    def action_column(self, step: int) -> None:
        self._current = (self._current + step) % len(self._shown)
        self._mark()

    def action_sort(self) -> None:
        """By the column that the keys are on; again, the other way round."""
        column = self._shown[self._current]
        if column.sort:
            self.sorting = self.sorting.by(column.sort)
            self._mark()
            self.post_message(self.Sorted(self.sorting))

    @on(Heads.Picked)
    def _on_picked(self, event: Heads.Picked) -> None:
        event.stop()
        self._current = event.column
        self.action_sort()
