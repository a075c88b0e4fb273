"""The footer: what the keys do here, as many as fit."""

from collections.abc import Iterable

from textual.content import Content

from billing_tui.tui.draw import row
from billing_tui.tui.theme import DIM, LINK

Hint = tuple[str, str]
"""A key as it is written, and what it does."""


def footer(hints: Iterable[Hint], width: int) -> Content:
    """The hints in their order, the last ones left out where there is no room."""
    drawn = Content()
    for key, label in hints:
        following = row(("   " if drawn else " ", ""), (key, f"bold {LINK}"), (f" {label}", DIM))
        if drawn.cell_length + following.cell_length > width:
            break
        drawn = Content.assemble(drawn, following)
    return drawn
