"""Help for the Go-live screen: its keys, and what its signs mean. Pure."""

from billing_tui.tui.actions import available
from billing_tui.tui.golive.drawing import MARKS
from billing_tui.tui.theme import DIM, INK, LINK
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
        actions = available("golive", read_only=read_only)
        groups = [
            [
                heading(group, width),
                *table(
                    [Line(((each.key, f"bold {LINK}"), (each.title, INK))) for each in actions if each.group == group],
                    width,
                    indent=1,
                ),
            ]
            for group in dict.fromkeys(each.group for each in actions)
        ]
        signs = [Line(((f"{mark.glyph} {mark.word}", mark.style), (_SIGNS[state], INK))) for state, mark in MARKS.items()]
        return parts(
            said("Test and live are read at the same time, with each mode's own keys. Nothing is written.", width, DIM),
            [heading("Signs", width), *table(signs, width, indent=1)],
            *groups,
        )

    return rows
