"""Evidence as aligned columns: rows of cells in, rows to draw out; and how a gap is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from billing_tui.model.evidence import Gap, Why
from billing_tui.tui.draw import Piece, fit, fold, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GREY, INK
from billing_tui.tui.widgets.rows import Row

BETWEEN = 2
"""Blank cells between two columns."""

_GAPS = {
    Why.PENDING: ("…", DIM),
    Why.NOT_ASKED: ("–", GREY),
    Why.NOT_CONFIGURED: ("–", DIM),
    Why.REFUSED: ("✗", ATTENTION),
    Why.FAILED: ("✗", ATTENTION),
    Why.BROKEN: ("✗", BAD),
}


@dataclass(frozen=True)
class Line:
    """One line of a table: its cells, and what it names."""

    cells: tuple[Piece, ...]
    names: str = ""


def table(lines: Sequence[Line], width: int, *, caps: Sequence[int] = (), indent: int = 0) -> list[Row]:
    """Columns as wide as their widest cell, at most their cap; the last one takes what is left."""
    if not lines:
        return []
    count = max(len(line.cells) for line in lines)
    widths = [_width(lines, column, caps) for column in range(count - 1)]
    rows = []
    for line in lines:
        left, pieces = width - indent, [(" " * indent, "")]
        for column, (text, style) in enumerate(line.cells):
            last = column == len(line.cells) - 1
            room = left if last else min(widths[column], left)
            pieces.append((fit(text, room) + ("" if last else " " * BETWEEN), style))
            left = max(left - room - BETWEEN, 0)
        rows.append(Row(row(*pieces), line.names))
    return rows


def _width(lines: Sequence[Line], column: int, caps: Sequence[int]) -> int:
    widest = max((cell_len(line.cells[column][0]) for line in lines if column < len(line.cells) - 1), default=0)
    return min(widest, caps[column]) if column < len(caps) and caps[column] else widest


def heading(text: str, width: int, note: str = "") -> Row:
    """A title between parts; the cursor passes it."""
    return Row(row((fit(text, min(cell_len(text), width)), f"bold {INK}"), ("  " + note, DIM) if note else None), stops=False)


def said(text: str, width: int, style: str = DIM, *, indent: int = 0, lines: int = 0) -> list[Row]:
    """A sentence in as many rows as it takes."""
    return [Row(row((" " * indent + part, style))) for part in fold(text, width - indent, lines)]


def gap_rows(gap: Gap, width: int) -> list[Row]:
    """What is not there, why, and what to do about it."""
    glyph, style = _GAPS[gap.why]
    what = f"{glyph} {gap.what[:1].upper()}{gap.what[1:]}: {gap.why.value}"
    rows = said(what, width, style)
    for text in filter(None, [gap.message, gap.permission and f"The key lacks: {gap.permission}", gap.hint]):
        rows += said(text, width, DIM, indent=2)
    return rows


def blank() -> Row:
    """An empty row; the cursor passes it."""
    return Row(row(), stops=False)


def parts(*groups: Iterable[Row]) -> tuple[Row, ...]:
    """Groups of rows with an empty row between those that hold something."""
    rows: list[Row] = []
    for group in map(list, groups):
        rows += ([blank()] if rows and group else []) + group
    return tuple(rows)
