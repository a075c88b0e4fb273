"""The plan of a write, drawn: before and after for each layer, why, what must be known, and how far it has come."""

import re

from rich.cells import cell_len
from textual.content import Content

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Change, Step, calls_of
from billing_tui.model.problem import Problem
from billing_tui.model.report import report_of
from billing_tui.model.text import plural, quoted, short
from billing_tui.tui.dialogs.plan_bulk import is_long, outcome, unseen, worth_seeing
from billing_tui.tui.draw import Piece, cut, fit, fold, indented, lines, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK
from billing_tui.tui.words import STEPS

_LAYERS = {"clerk": "Clerk", "database": "Database", "stripe": "Stripe", "app": "App"}
_LABEL = 10
_CALLS = 8
"""Requests that are spelt out."""
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)")


def plan_content(change: Change, mask: Mask, width: int, *, begun: bool) -> Content:
    """The whole plan; once it has begun, each step says how far it is, and afterwards by which request."""
    drawn = [_subject(change, mask, width), *_title(change, mask, width), Content("")]
    if change.refused:
        return lines([*drawn, *_labelled("Refused", change.refused, mask, width, BAD), *_warnings(change, mask, width)])
    why = _labelled("Because", change.because, mask, width)
    if is_long(change) and not begun:  # what must be known stands above what is only a sample
        drawn += [*why, *_warnings(change, mask, width), Content("")]
        return lines([*drawn, *_steps(change, mask, width, begun=begun), Content(""), *_calls(change, mask, width)])
    drawn += [*_steps(change, mask, width, begun=begun), Content(""), *why]
    report = report_of(change)
    if change.applied and report:
        return lines([*drawn, *outcome(report, mask, width)])
    if change.applied:
        return lines([*drawn, *_outcome(change, mask, width)])
    drawn += _labelled("Undo", _undo(change), mask, width, INK)
    return lines([*drawn, *_warnings(change, mask, width), *_calls(change, mask, width)])


def _calls(change: Change, mask: Mask, width: int) -> list[Content]:
    calls = calls_of(change)
    drawn: list[Content] = []
    for number, call in enumerate(calls[:_CALLS]):
        drawn += _labelled("" if number else "Calls", call, mask, width, DIM)
    more = f"and {len(calls) - _CALLS:,} more like these" if len(calls) > _CALLS else ""
    return drawn + _labelled("", more, mask, width, DIM)


def _title(change: Change, mask: Mask, width: int) -> list[Content]:
    """What it does, where that is not what its name and its fields say anyway."""
    shown = change.title if change.action != "resync" and not change.refused else ""
    return [row((text, INK)) for text in fold(mask(shown), width, lines=3)] if shown else []


def _undo(change: Change) -> str:
    return "afterwards 8, then u, unless somebody changes it meanwhile" if change.undo else "there is none"


def problem_content(problem: Problem, mask: Mask, width: int) -> list[Content]:
    """What happened and what to do, where one looks."""
    first, *more = fold(mask(problem.message), width - 2, lines=4)
    drawn = [row(("✗ ", f"bold {BAD}"), (first, f"bold {INK}")), *indented(more, 2, f"bold {INK}")]
    return drawn + (indented(fold(mask(problem.hint), width - 2, lines=4), 2, DIM) if problem.hint else [])


def value_text(value: str | bool | int | None, target: str) -> str:
    """A value as it stands there: nothing is named as the layer names it, and a stray blank is shown."""
    if value is None:
        return "NULL" if target == "database" else "missing"
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value)
    return quoted(text) if text != text.strip() or not text else text


def _subject(change: Change, mask: Mask, width: int) -> Content:
    who = mask(change.emails[0] if change.emails else change.subject or change.query)
    ids = [short(each) for each in (change.customer_id, change.subject) if each and each != who]
    return row((cut(who, max(width - 34, 16)), f"bold {INK}"), *(("   " + each, DIM) for each in ids))


def _steps(change: Change, mask: Mask, width: int, *, begun: bool) -> list[Content]:
    shown = worth_seeing(change)
    if not change.writes:
        said = "every layer already says what Stripe says" if change.action == "resync" else "it is so already"
        return [row((f"Nothing to change: {said}.", GOOD))]
    if not shown:
        return unseen(change, shown)
    columns = _Columns(shown, mask, width, begun=begun)
    drawn: list[Content] = []
    for number, step in enumerate(shown):
        again = number > 0 and (shown[number - 1].target, shown[number - 1].whose) == (step.target, step.whose)
        if step.whose and (number == 0 or shown[number - 1].whose != step.whose):
            drawn.append(row((cut(mask(step.whose), width), f"bold {INK}")))
        layer = "" if again else _LAYERS.get(step.target, step.target)
        drawn.append(row((fit(layer, _LABEL), INK), *columns.pieces(number), *(_state(step) if begun else [])))
        drawn += indented(fold(mask(step.error), width - _LABEL), _LABEL, BAD) if step.error else []
    drawn += unseen(change, shown)
    left = len(change.steps) - len(change.writes)
    return drawn + (
        [row((" " * _LABEL + f"{plural(left, 'more field is', 'more fields are')} already right", DIM))] if left else []
    )


class _Columns:
    """Field, before and after, aligned. Where it is narrow the table's name goes, and once it has begun what was before."""

    def __init__(self, steps: tuple[Step, ...], mask: Mask, width: int, *, begun: bool) -> None:
        narrow = width < 90
        self._steps = steps
        self._fields = [_field(step, narrow=narrow) for step in steps]
        self._befores = [mask(value_text(step.before, step.target)) for step in steps]
        self._afters = [mask(value_text(step.after, step.target)) for step in steps]
        self._past = not (begun and narrow)
        state = max(cell_len(STEPS[step.state].word) for step in steps) + 4 if begun else 0
        room = width - _LABEL - state - 5
        self._before = min(max(map(cell_len, self._befores)), 26 if not narrow else 16 if width >= 70 else 9) if self._past else 0
        self._field = min(max(map(cell_len, self._fields)), room - self._before - 10)
        self._after = max(min(max(map(cell_len, self._afters)), room - self._before - self._field - 2), 8)

    def pieces(self, number: int) -> list[Piece]:
        """One step's."""
        step = self._steps[number]
        before: Piece = (fit(_brief(self._befores[number], self._before), self._before), DIM if step.before is None else BAD)
        after = fit(_brief(self._afters[number], self._after), self._after)
        return [
            (fit(self._fields[number], self._field), DIM),
            *([("  ", ""), before] if self._past else []),
            ("  →  " if self._past else " → ", DIM),
            (after, DIM if step.after is None else f"bold {GOOD}"),
        ]


def _field(step: Step, *, narrow: bool) -> str:
    """What is written; of an event which; where it is narrow a column without its table, which the layer's name stands for."""
    if step.field == "delivery":
        return f"{short(step.object)}  {step.made.astimezone():%-d %b %H:%M:%S}" if step.made else short(step.object)
    if not narrow:
        return step.field
    return step.field.rpartition(".")[2] if step.target == "database" else step.field


def _brief(value: str, room: int) -> str:
    """A value that is too long as an id is recognised, or a moment to the minute."""
    if cell_len(value) <= room:
        return value
    moment = _MOMENT.match(value)
    return f"{moment[1]} {moment[2]}" if moment else short(value)


def _state(step: Step) -> list[Piece]:
    mark = STEPS[step.state]
    return [("  ", ""), (f"{mark.glyph} {mark.word}", mark.style)]


def _warnings(change: Change, mask: Mask, width: int) -> list[Content]:
    return [each for warning in change.warnings for each in _labelled("Careful", warning, mask, width, INK, ATTENTION)]


def _outcome(change: Change, mask: Mask, width: int) -> list[Content]:
    requests = list(dict.fromkeys(step.request_id for step in change.steps if step.request_id))
    drawn = [
        each for number, held in enumerate(requests) for each in _labelled("" if number else "Requests", held, mask, width, DIM)
    ]
    failed = [step for step in change.steps if step.state in ("failed", "skipped", "unknown")]
    if failed:
        done = sum(step.state == "verified" for step in change.steps)
        text = f"{done} of {len(change.writes)} verified. Close this, look at the ticket again, and make a new plan for the rest."
        return [*drawn, Content(""), *_labelled("✗ Partly", text, mask, width, INK, BAD)]
    return [
        *drawn,
        Content(""),
        row(
            ("✓ ", f"bold {GOOD}"),
            (f"Verified: read back, and it is so ({plural(len(change.writes), 'change')}).", f"bold {INK}"),
        ),
    ]


def _labelled(label: str, text: str, mask: Mask, width: int, style: str = INK, label_style: str = DIM) -> list[Content]:
    if not text:
        return []
    first, *more = fold(mask(text), width - _LABEL)
    return [row((fit(label, _LABEL), label_style), (first, style)), *indented(more, _LABEL, style)]
