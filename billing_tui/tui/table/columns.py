"""Columns of a table: what stands in them, and how wide each is for a terminal. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from rich.cells import cell_len
from textual.content import Content

from billing_tui.tui.draw import Piece, cut, fit, row
from billing_tui.tui.theme import DIM, LINK

GAP = 2
"""Cells between two columns."""


class Numbered(Protocol):
    """A row: `n` is its number for as long as it exists."""

    @property
    def n(self) -> int: ...


R = TypeVar("R", bound=Numbered)


@dataclass(frozen=True)
class Column(Generic[R]):
    """One column.

    Attributes:
        title: What stands above it.
        cell: A row's text and the style that means it.
        width: Cells that it has at least.
        grow: Its share of the cells that are left over.
        sort: What its order is called by whom the rows come from; "" where it has none.
        right: Whether its texts end at its right edge.
        falls: Whether its order is the highest first, as times have it.
    """

    title: str
    cell: Callable[[R], Piece]
    width: int
    grow: int = 0
    sort: str = ""
    right: bool = False
    falls: bool = False


@dataclass(frozen=True)
class Sorting:
    """The order that the rows are in."""

    column: str = ""
    reverse: bool = False

    def by(self, column: str) -> "Sorting":
        """By this column; again by it, the other way round."""
        return Sorting(column, reverse=column == self.column and not self.reverse)


def widths(columns: Sequence[Column[R]], room: int) -> list[int]:
    """The cells of each column in so many; where there are too few, the last columns have what is left."""
    left = room - sum(column.width for column in columns) - GAP * max(len(columns) - 1, 0)
    grows = sum(column.grow for column in columns)
    wide = [column.width + (left * column.grow // grows if left > 0 and grows else 0) for column in columns]
    taken, fitted = 0, []
    for width in wide:
        fitted.append(max(min(width, room - taken), 0))
        taken += width + GAP
    return fitted


def aligned(text: str, width: int, *, right: bool) -> str:
    """The text in exactly so many cells, at one edge or the other."""
    if not right:
        return fit(text, width)
    text = cut(text, width)
    return " " * (width - cell_len(text)) + text


def heads(columns: Sequence[Column[R]], room: int, sorting: Sorting, current: int) -> Content:
    """The line of titles: the sorted column with its direction, the one that the keys are on marked."""
    pieces: list[Piece | None] = []
    for number, (column, width) in enumerate(zip(columns, widths(columns, room), strict=True)):
        mark = way(column, sorting)
        title = cut(column.title, max(width - len(mark), 0)) + mark
        style = f"bold underline {LINK}" if number == current else f"bold {DIM}"
        drawn = cut(title, width)
        blanks = " " * (width - cell_len(drawn))
        pieces += [(blanks, "") if column.right else None, (drawn, style), None if column.right else (blanks, "")]
        pieces.append((" " * GAP, ""))
    return row(*pieces[:-1]) if pieces else Content()


def way(column: Column[R], sorting: Sorting) -> str:
    """The sign of the direction; nothing for a column that the rows are not sorted by."""
    if not column.sort or column.sort != sorting.column:
        return ""
    return " ▼" if sorting.reverse != column.falls else " ▲"


def column_at(columns: Sequence[Column[R]], room: int, x: int) -> int | None:
    """Which column this cell belongs to, the gap after it included."""
    start = 0
    for number, width in enumerate(widths(columns, room)):
        if start <= x < start + width + GAP:
            return number
        start += width + GAP
    return None
