"""A plan of many steps, drawn: how far it has come, its report, and of the steps those that one would look for. Pure."""

from textual.content import Content

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Change, Step
from billing_tui.model.outline import brief
from billing_tui.model.report import Report, told
from billing_tui.tui.draw import fold, indented, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK

_WHOLE = 40
"""Steps up to which a plan is drawn whole."""
_SAMPLE = 10


def is_long(change: Change) -> bool:
    """Whether no one would read all of its steps."""
    return len(brief(change)) > _WHOLE


def worth_seeing(change: Change) -> tuple[Step, ...]:
    """All of a short plan; of a long one the first, and once it has begun those that did not go well."""
    steps = brief(change)
    if not is_long(change):
        return steps
    begun = any(step.state != "planned" for step in steps)
    return tuple(step for step in steps if step.state in ("failed", "unknown"))[:_SAMPLE] if begun else steps[:_SAMPLE]


def unseen(change: Change, shown: tuple[Step, ...]) -> list[Content]:
    """How many more there are."""
    more = len(brief(change)) - len(shown)
    if more <= 0:
        return []
    what = "more like these" if shown and all(step.state == "planned" for step in change.writes) else "others"
    return [row((f"          {'and ' if shown else ''}{more:,} {what}", DIM))]


def progress(report: Report, width: int, *, paused: bool, stopping: bool) -> list[Content]:
    """A bar, how many of how many, and what did not go well."""
    whole = report.events + report.people
    failed = sum(report.failures.values())
    room = max(min(width - 50, 30), 10)
    filled = round(room * report.done / max(whole, 1))
    state = ("  stopping …", ATTENTION) if stopping else ("  paused", ATTENTION) if paused else ("", INK)
    return [
        row(
            ("█" * filled, GOOD),
            ("░" * (room - filled), GREY),
            (f"  {report.done:,} of {whole:,}", INK),
            (f", {failed:,} failed" if failed else "", BAD),
            state,
        )
    ]


def outcome(report: Report, mask: Mask, width: int) -> list[Content]:
    """The report, in sentences."""
    well = not report.failures and not report.left
    drawn: list[Content] = []
    for number, said in enumerate(told(report)):
        first, *more = fold(mask(f"Verified: {said}" if well and not number else said), width - 2, lines=3)
        good = well or (number == 0 and report.arrived + report.synced > 0)
        drawn.append(row(("✓ " if good else "! ", f"bold {GOOD if good else ATTENTION}"), (first, INK)))
        drawn += indented(more, 2, INK)
    return drawn
