"""The rows of the guided run: each hop with its sign and when it was ticked, and what a person is to do now. Pure."""

from collections.abc import Iterator

from billing_tui.golive.course import Course, Hop, HopState
from billing_tui.tui.draw import Piece, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import blank, parts, said
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import Mark

MARKS: dict[HopState, Mark] = {
    "to come": Mark("·", "to come", DIM),
    "now": Mark("…", "waiting", ATTENTION),
    "done": Mark("✓", "done", GOOD),
    "broken": Mark("✗", "broken", BAD),
    "left out": Mark("–", "left out", DIM),
}
_WORD = 9


def course_rows(course: Course, shop: str, width: int) -> tuple[Row, ...]:
    """Everything, with what is to be done above it; `shop` is where the demo's app sells."""
    todo: list[Row] = []
    if course.todo:
        todo = _lines(course.todo, width, f"bold {ATTENTION}")
        todo += _lines(f"Here the app sells at {shop}", width, LINK) if shop else []
    elif course.over and course.broken:
        todo = _lines(f"It stopped there. The code {course.code} ends by itself within the hour.", width, f"bold {BAD}")
    elif course.over:
        todo = _lines("From the checkout to the plan and back, everything works.", width, f"bold {GOOD}")
    return parts(todo, [line for hop in course.hops for line in _hop(hop, width)], [blank()])


def _lines(text: str, width: int, style: str) -> list[Row]:
    return [Row(line.content, stops=False) for line in said(text, width, style)]


def _hop(hop: Hop, width: int) -> Iterator[Row]:
    mark = MARKS[hop.state]
    when = f"{hop.at.astimezone():%H:%M:%S}" if hop.at else " " * 8
    pieces: list[Piece] = [(f"{mark.glyph} {mark.word:<{_WORD}}", mark.style), (f"{when}  ", DIM)]
    yield Row(row(*pieces, (hop.title, DIM if hop.state in ("to come", "left out") else INK)), hop.name, stops=False)
    if hop.says:
        style = BAD if hop.state == "broken" else DIM
        yield from (Row(line.content, stops=False) for line in said(hop.says, width, style, indent=21))
