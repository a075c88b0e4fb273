"""The Timeline tab: what happened, in order, wherever it was seen."""

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.text import short
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.ticket.table import Line, said, table
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import MOODS, stamp


def timeline_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """When, what, which and what about it; the id makes room on a narrow terminal."""
    if not found.timeline:
        return tuple(
            said("Nothing has been seen yet." if not found.evidence.settled else "Nothing happened that could be seen.", width)
        )
    lines = []
    for happening in found.timeline:
        mood = MOODS[happening.mood]
        cells = [(stamp(happening.at, found.evidence.at), DIM), (mask(happening.what), INK)]
        cells += [(short(happening.id), DIM)] if width >= 90 else []
        lines.append(Line((*cells, (mood.glyph + mask(happening.says), mood.style)), happening.id))
    return tuple(table(lines, width, caps=(13, 38, 16)))
