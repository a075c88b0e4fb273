"""The rows under the input: whom the text may mean, what needs attention, the last tickets, whom the demo suggests. Pure."""

from collections import Counter
from dataclasses import dataclass

from billing_tui.diagnosis.privacy import mask_for
from billing_tui.model.band import Example
from billing_tui.model.notice import Attention, Notice
from billing_tui.model.text import listed, short
from billing_tui.model.trend import Trend
from billing_tui.tui.home.causes import cause_rows
from billing_tui.tui.home.known import NOBODY, Found
from billing_tui.tui.lists.look import NOTHING, Look, status
from billing_tui.tui.lists.state import fresh
from billing_tui.tui.theme import ATTENTION, DIM, INK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.visits import Visit
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import clock, verdict_mark

NOTICE = "notice:"
"""Before the key of a notice; any other row names a ticket."""
NOTHING_NOTED = Attention()
NO_TREND = Trend(days=0)
_WORTH_SAYING = 3
"""Letters from which on a text is looked for everywhere."""


@dataclass(frozen=True)
class Starts:
    """Everything from which one might start; `silent` shows what was silenced too."""

    found: Found = NOBODY
    attention: Attention = NOTHING_NOTED
    silent: bool = False
    recent: tuple[Visit, ...] = ()
    trend: Trend = NO_TREND
    examples: tuple[Example, ...] = ()
    privacy: bool = False


def starts(held: Starts, width: int) -> tuple[Row, ...]:
    """What there is; or what one could do to fill the list."""
    rows = parts(
        _found(held.found, Look(held.privacy), width),
        _noted(held.attention, width, silent=held.silent),
        _recent(held.recent, width, privacy=held.privacy),
        cause_rows(held.trend, width),
        _suggested(held.examples, width, privacy=held.privacy),
    )
    return rows or _unstopped(said("No tickets yet in this window. Paste one above and press Enter.", width))


def _unstopped(rows: list[Row]) -> tuple[Row, ...]:
    return tuple(Row(each.content, stops=False) for each in rows)


def _found(found: Found, look: Look, width: int) -> list[Row]:
    if found.read is None and not found.matches:
        return []
    when = f"from the cache of {fresh(found.read)}" if found.read else "from a sync that is not finished"
    if found.matches:
        caps = (30, 20, 10, 14) if width >= 98 else (width - 50, 12, 8, 12)
        lines = [
            Line(
                (
                    (look.who(each.email), INK),
                    (look.who(each.name, each.name), INK),
                    (each.tier, INK) if each.tier else NOTHING,
                    status(each.status),
                    (short(each.customer_id), DIM),
                ),
                each.customer_id,
            )
            for each in found.matches
        ]
        return [heading("Customers", width, when), *table(lines, width, caps=caps)]
    if len(found.text) < _WORTH_SAYING:
        return []
    return list(_unstopped(said(f"No customer with this text {when}; enter asks Stripe, Clerk and the database.", width)))


def _noted(held: Attention, width: int, *, silent: bool) -> list[Row]:
    """What needs attention, each once; what somebody has silenced is only counted, unless that is to be seen."""
    if not held.notices or not held.read:
        return []
    loud = [each for each in held.notices if not each.silence]
    quiet = [each for each in held.notices if each.silence]
    digits = max(len(f"{each.count:,}") for each in held.notices)
    shown = [*loud, *(quiet if silent else ())]
    rows = table([_line(each, digits) for each in shown], width, caps=(8, 40))
    title = heading("Needs attention", width, f"from the cache of {fresh(held.read)}")
    counts = Counter(each.silence for each in quiet)
    words = listed([f"{count} {how}" for how, count in counts.items()])
    more = said(f"{words}: H {'hides' if silent else 'shows'} {'it' if len(quiet) == 1 else 'them'}.", width) if quiet else []
    return [title, *rows, *_unstopped(more)]


def _line(held: Notice, digits: int) -> Line:
    if held.silence:
        note = f"{held.silence}; {held.note}"
        return Line(((f"{held.count:>{digits},}", DIM), (held.what, DIM), (note, DIM)), f"{NOTICE}{held.key}")
    return Line(((f"{held.count:>{digits},}", ATTENTION), (held.what, INK), (held.note, DIM)), f"{NOTICE}{held.key}")


def _recent(visits: tuple[Visit, ...], width: int, *, privacy: bool) -> list[Row]:
    last = table([_visit(visit, privacy) for visit in visits], width, caps=(8, 32, 10))
    return [heading("Last tickets", width), *last] if last else []


def _suggested(examples: tuple[Example, ...], width: int, *, privacy: bool) -> list[Row]:
    mask = mask_for(None, privacy)
    lines = [Line(((mask(each.email), INK), (each.stages, DIM), (each.about, DIM)), each.email) for each in examples]
    demo = table(lines, width, caps=(30,))
    return [heading("The demo suggests", width, "each with something else the matter"), *demo] if demo else []


def _visit(visit: Visit, privacy: bool) -> Line:
    mask = mask_for(visit.diagnosis, privacy)
    found = visit.diagnosis
    who = found.subject.emails[0] if found and found.subject.emails else visit.text
    if found is None:
        says = visit.problem.message if visit.problem else "asking …"
        return Line(((clock(visit.at), DIM), (mask(who), INK), ("", DIM), (mask(says), DIM)), visit.text)
    mark = verdict_mark(found)
    verdict = found.verdict
    cells = (
        (clock(visit.at), DIM),
        (mask(who), INK),
        (f"{mark.glyph} {verdict.primary or '?'}", mark.style),
        (mask(verdict.headline), DIM),
    )
    return Line(cells, visit.text)
