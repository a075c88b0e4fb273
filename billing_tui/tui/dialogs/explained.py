"""What every help page is made of: keys by group, and words with what they mean. Pure."""

from collections.abc import Iterable

from rich.cells import cell_len

from billing_tui.tui.actions import Place, available
from billing_tui.tui.draw import fit, fold
from billing_tui.tui.theme import INK, LINK
from billing_tui.tui.ticket.table import BETWEEN, Line, heading, table
from billing_tui.tui.widgets.rows import Row

Meanings = Iterable[tuple[str, str]]
"""A key or a word, and what it does or means."""

_KEY = 9
MOVES = (
    ("j k ↑ ↓", "one row down or up"),
    ("g G", "first and last row"),
    ("pgup pgdn", "a page"),
)


def section(title: str, meanings: Meanings, width: int) -> list[Row]:
    """A part of a page, under its title; what is too long goes on below itself."""
    held = list(meanings)
    first = max([_KEY, *(cell_len(key) for key, _ in held)])
    lines = [
        Line(((fit("" if part else key, first), f"bold {LINK}"), (text, INK)))
        for key, whole in held
        for part, text in enumerate(fold(whole, width - 1 - first - BETWEEN))
    ]
    return [heading(title, width), *table(lines, width, indent=1)]


def keys(place: Place, width: int, *, read_only: bool) -> list[list[Row]]:
    """The keys of a place, a part for each group."""
    actions = available(place, read_only=read_only)
    return [
        section(group, ((each.key, each.title) for each in actions if each.group == group), width)
        for group in dict.fromkeys(each.group for each in actions)
    ]
