"""What the causes of the last tickets were: a line for each, with its count, a bar, and how that compares. Pure."""

from billing_tui.model.text import plural
from billing_tui.model.trend import Cause, Trend
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import ATTENTION, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import Line, heading, table
from billing_tui.tui.widgets.rows import Row

MOST = 5
"""So many causes are shown; the rest are counted."""
_BAR = 12


def cause_rows(trend: Trend, width: int) -> list[Row]:
    """Nothing where nothing was counted."""
    if not trend.tickets:
        return []
    shown = trend.causes if len(trend.causes) == MOST + 1 else trend.causes[:MOST]
    rest = sum(cause.count for cause in trend.causes[len(shown) :])
    most = max((cause.count for cause in trend.causes), default=0)
    digits = max(len(f"{cause.count:,}") for cause in (*shown, Cause(rule="", count=rest)))
    lines = [_line(cause, trend, digits, most) for cause in shown]
    if rest:
        lines.append(Line(((f"{rest:>{digits},}", DIM), (f"of {plural(len(trend.causes) - len(shown), 'other cause')}", DIM))))
    rows = table(lines, width, caps=(8, max(width - 40, 20)))
    healthy = f", {trend.healthy:,} of them healthy" if trend.healthy else ""
    title = heading(f"Causes of the last {trend.days} days", width, f"{plural(trend.tickets, 'ticket')}{healthy}")
    return [title, *(Row(each.content, stops=False) for each in rows)]


def _line(cause: Cause, trend: Trend, digits: int, most: int) -> Line:
    bar = "█" * max(round(cause.count / most * _BAR), 1)
    cells = [(f"{cause.count:>{digits},}", INK), (cause.name or cause.rule, INK), (f"{bar:<{_BAR}}", LINK)]
    return Line((*cells, _compared(cause)) if trend.compared else tuple(cells))


def _compared(cause: Cause) -> Piece:
    if not cause.before:
        return ("▲ none before", ATTENTION)
    if cause.count > cause.before:
        return (f"▲ more, {cause.before:,} before", ATTENTION)
    if cause.count < cause.before:
        return (f"▼ fewer, {cause.before:,} before", GOOD)
    return ("as many before", DIM)
