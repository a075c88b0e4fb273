"""The rows of the Go-live screen: how far one is, then every check by how bad it would be, faults first. Pure."""

from collections.abc import Iterable, Sequence

from billing_tui.golive.handover import WHERE, Handover
from billing_tui.model.golive import Checked, Severity, State
from billing_tui.model.text import plural
from billing_tui.tui.draw import Piece, fit, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, FAINT, GOOD, INK, LINK, MONEY
from billing_tui.tui.ticket.table import Line, blank, heading, parts, said, table
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
    todo = said(f"Next: {next_step(checks)}", width, LINK)
    groups: list[list[Row]] = [[_progress(checks, width), *(Row(line.content, stops=False) for line in todo)]]
    for severity, (name, why) in _SEVERITIES.items():
        held = [each for each in checks if each.severity == severity]
        if held:
            groups.append([heading(name, width, why), *(_line(each, width) for each in _worst_first(held))])
    return parts(*groups)


def next_step(checks: Sequence[Checked]) -> str:
    """What to do now, for somebody who comes here for the first time."""
    by_id = {held.id: held for held in checks}
    if any(by_id[name].state == "unknown" for name in ("GL-01", "GL-03") if name in by_id):
        return "give this tool the keys of both modes: billing-tui keys set stripe_key --mode live"
    if "GL-04" in by_id and by_id["GL-04"].state == "fail":
        return "C copies test mode's products, prices, portal and endpoint to live mode"
    order = list(_SEVERITIES)
    failing = sorted((held for held in checks if held.state == "fail"), key=lambda held: order.index(held.severity))
    worst = failing[0] if failing else by_id.get("GL-18")
    if worst and worst.id == "GL-18" and worst.state in ("fail", "unknown"):
        return "H shows how the app is given its live secret and price ids; then ctrl+r"
    if failing:
        held = failing[0]
        return (
            f"f on {held.id} shows the plan that mends it"
            if held.fix and held.fix.wanted
            else f"enter on {held.id} says what to do"
        )
    open_one = next((held for held in checks if held.state == "unknown"), None)
    if open_one:
        return f"enter on {open_one.id} says what is missing to know it"
    if any(held.state == "manual" and held.id != "GL-44" for held in checks):
        return "look at what is by hand, space notes that you have; T tries it all out; W writes a report"
    if any(held.state == "manual" for held in checks):
        return "T tries it all out, from a purchase to the plan and back"
    return "everything is well: W writes a report to keep"


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


def handover_page(made: Handover, width: int) -> tuple[Row, ...]:
    """What the app is given, and how each host is given it; no secret is in it."""
    what = [Line(((one.name, INK), (one.what, DIM), (one.value, LINK))) for one in made.given]
    hosts = [
        [heading(where, width), *(line for command in made.commands(where) for line in said(command, width, MONEY))]
        for where in (made.usual, *(one for one in WHERE if one != made.usual))
    ]
    told = said(f"Under these names, for {made.mode} mode; a secret goes through a pipe and is shown nowhere.", width, DIM)
    return parts(told, table(what, width, caps=(40, 30)), *hosts)


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
