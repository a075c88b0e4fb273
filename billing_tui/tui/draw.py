"""Cells, not characters: cutting, padding and folding text so that columns stay aligned whatever a name holds.

Pure functions over text and `Content`; nothing in here knows a widget or what the text means.
"""

import re
from collections.abc import Iterable

from rich.cells import cell_len, set_cell_size
from textual.content import Content

Piece = tuple[str, str]
"""A text and the style it is drawn in."""


def cut(text: str, width: int) -> str:
    """The text, shortened to so many cells with an ellipsis."""
    if width <= 0:
        return ""
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def fit(text: str, width: int) -> str:
    """The text in exactly so many cells: cut, or filled up with blanks."""
    return set_cell_size(cut(text, width), max(width, 0))


def fold(text: str, width: int, lines: int = 0) -> list[str]:
    """The text in lines of at most so many cells, broken at blanks where there are any.

    With `lines`, no more than that many, the last one ending in an ellipsis where something is left out.
    """
    folded = [""]
    for word in _words(text, max(width, 1)):
        joined = f"{folded[-1]} {word}" if folded[-1] else word
        if cell_len(joined) <= width:
            folded[-1] = joined
        else:
            folded.append(word)
    if lines and len(folded) > lines:
        folded[lines - 1] = cut(folded[lines - 1] + " " + folded[lines], width - 1).rstrip("…") + "…"
        del folded[lines:]
    return folded


def _words(text: str, width: int) -> Iterable[str]:
    for word in text.split():
        rest = word
        while cell_len(rest) > width:
            head = set_cell_size(rest, width).rstrip() or rest[0]
            yield head
            rest = rest[len(head) :]
        if rest:
            yield rest


def row(*pieces: Piece | None) -> Content:
    """Pieces side by side; None leaves one out."""
    return Content.assemble(*(piece for piece in pieces if piece))


def lines(contents: Iterable[Content]) -> Content:
    """Contents below each other."""
    return Content("\n").join(list(contents))


def ends(left: Content, right: Content, width: int) -> Content:
    """One text at the left edge and one at the right; the right one is left out where there is no room."""
    gap = width - left.cell_length - right.cell_length
    return Content.assemble(left, " " * gap, right) if right and gap >= 2 else left


def indented(texts: Iterable[str], indent: int, style: str) -> list[Content]:
    """Lines of one style, all moved to the right."""
    return [row((" " * indent, ""), (text, style)) for text in texts]


def tinted(text: str, style: str, tints: Iterable[tuple[str, str]]) -> Content:
    """A text in one style, with whatever a pattern finds in another; earlier patterns win."""
    content = Content.assemble((text, style))
    taken: set[int] = set()
    for pattern, tint in tints:
        for found in re.finditer(pattern, text):
            if taken.isdisjoint(range(*found.span())):
                taken.update(range(*found.span()))
                content = content.stylize(tint, *found.span())
    return content
