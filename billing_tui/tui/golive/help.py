"""Help for the Go-live screen: its keys, and what its signs mean. Pure."""

from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.golive.drawing import MARKS
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row, Rower

_SIGNS = {
    "fail": "seen to be wrong",
    "unknown": "could not be read: the row says what is missing",
    "manual": "nothing that can be read tells; look yourself",
    "pass": "seen to be right",
}


def golive_help(*, read_only: bool) -> Rower:
    """What the checks are, and how to go about them."""

    def rows(width: int) -> tuple[Row, ...]:
        signs = [Line(((f"{mark.glyph} {mark.word}", mark.style), (_SIGNS[state], INK))) for state, mark in MARKS.items()]
        return parts(
            said(
                "Test and live are read at once, each with its own keys. What is written is a plan first.",
                width,
                DIM,
            ),
            [heading("Signs", width), *table(signs, width, indent=1)],
            section("Move", MOVES, width),
            *keys("golive", width, read_only=read_only),
        )

    return rows
