"""From a row to a strip of cells: as few changes of style as there are meanings, since each costs bytes on a slow line."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as Ink
from textual.strip import Strip
from textual.style import Style

from billing_tui.tui.draw import Piece
from billing_tui.tui.table.columns import GAP, Column, R, aligned, widths

Inks = Callable[[str], Ink]
"""The ink for a style that names a meaning, e.g. `$money`."""


def inks(variables: dict[str, str]) -> Inks:
    """The inks of a theme."""

    @cache
    def ink(style: str) -> Ink:
        return Style.parse(style, variables).rich_style if style else Ink.null()

    return ink


def cells(columns: Sequence[Column[R]], held: R, room: int) -> list[Piece]:
    """The pieces of a row in exactly so many cells, blanks included."""
    pieces: list[Piece] = []
    for column, width in zip(columns, widths(columns, room), strict=True):
        text, style = column.cell(held)
        pieces += [(aligned(text, width, right=column.right), style), (" " * GAP, "")]
    return pieces[:-1]


def strip(pieces: Iterable[Piece], width: int, base: Ink, ink: Inks) -> Strip:
    """The pieces as one line of a width. Blanks take the style of a neighbour, so that there are few runs."""
    runs: list[tuple[str, str]] = [("", "")]
    for text, style in pieces:
        before, worn = runs[-1]
        if style == worn or text.isspace():
            runs[-1] = (before + text, worn)
        elif not before or before.isspace():
            runs[-1] = (before + text, style)
        elif text:
            runs.append((text, style))
    missing = width - sum(cell_len(text) for text, _ in runs)
    runs[-1] = (runs[-1][0] + " " * missing, runs[-1][1])
    return Strip([Segment(text, base + ink(style)) for text, style in runs]).adjust_cell_length(width, base)
