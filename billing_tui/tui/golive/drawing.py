"""The rows of the Go-live screen: how far one is, then every check by how bad it would be, faults first. Pure."""

from collections.abc import Iterable, Sequence

from billing_tui.model.golive import Checked, Severity, State
from billing_tui.model.text import plural
from billing_tui.tui.draw import Piece, fit, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, FAINT, GOOD, INK, LINK, MONEY
from billing_tui.tui.ticket.table import blank, heading, parts, said
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import Mark

MARKS: dict[State, Mark] = {
    "fail": Mark("✗", "fault", BAD),
    "unknown": Mark("?", "not known", ATTENTION),
    "manual": Mark("·", "by hand", LINK),
    "pass": Mark("✓", "well", GOOD),
}
_SEVERITIES: dict[Severity, tuple[str, str]] = {
    "blocker": ("Blockers", "people pay and stay free, or can't pay"),
    "high": ("High", "it will go wrong for somebody"),
    "warning": ("Warnings", "it may go wrong"),
    "info": ("Good to know", ""),
}
_WORD = 9


def check_rows(checks: Sequence[Checked], width: int) -> tuple[Row, ...]:
    """Everything, under how far it is."""
    groups: list[list[Row]] = [[_progress(checks, width)]]
    for severity, (name, why) in _SEVERITIES.items():
        held = [each for each in checks if each.severity == severity]
        if held:
            groups.append([heading(name, width, why), *(_line(each, width) for each in _worst_first(held))])
    return parts(*groups)


def _worst_first(held: Iterable[Checked]) -> list[Checked]:
    order = list(MARKS)
    return sorted(held, key=lambda each: order.index(each.state))


def _progress(checks: Sequence[Checked], width: int) -> Row:
    counted = {state: sum(held.state == state for held in checks) for state in MARKS}
    words: list[Piece] = []
    for state, mark in MARKS.items():
        said_so = plural(counted[state], mark.word) if state == "fail" else f"{counted[state]} {mark.word}"
        words += [("  ", ""), (said_so, mark.style if counted[state] else DIM)]
    room = max(min(width - sum(len(text) for text, _ in words), 40), 0)
    full = round(room * counted["pass"] / max(len(checks), 1))
    return Row(row(("█" * full, GOOD), ("░" * (room - full), FAINT), *words), stops=False)


def _line(held: Checked, width: int) -> Row:
    mark = MARKS[held.state]
    start: list[Piece] = [(f"{mark.glyph} {fit(mark.word, _WORD)} ", mark.style), (f"{held.id}  ", DIM)]
    room = width - sum(len(text) for text, _ in start)
    return Row(row(*start, (fit(held.headline, room), INK if held.state in ("fail", "unknown") else DIM)), held.id)


def check_page(held: Checked, width: int) -> tuple[Row, ...]:
    """One check in full: what was found, on what evidence, and what to do."""
    mark = MARKS[held.state]
    title = row((f"{mark.glyph} {mark.word}  ", mark.style), (held.id, DIM))
    evidence = [line for fact in held.evidence for line in said(f"{fact.id or fact.source}  {fact.says}", width, INK)]
    fix = held.fix
    todo = [heading("What to do", width), *said(fix.title, width, INK)] if fix else []
    commands = [Row(row((command, MONEY))) for command in (fix.commands if fix else ())]
    return parts(
        [Row(title, stops=False), *said(f"{held.name}. {held.headline}", width, f"bold {INK}")],
        [heading("Evidence", width), *evidence] if evidence else [],
        [*todo, *([blank()] if todo and commands else []), *commands],
    )
