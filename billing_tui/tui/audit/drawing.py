"""The rows of the Audit screen, and one entry in full. Pure."""

from collections.abc import Sequence

from billing_tui.changes.history import Outcome, Told, Written
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Step
from billing_tui.model.text import plural
from billing_tui.tui.dialogs.explained import MOVES, keys, section
from billing_tui.tui.dialogs.plan_picture import value_text
from billing_tui.tui.draw import fit, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row, Rower
from billing_tui.tui.words import STEPS, Mark

MARKS: dict[Outcome, Mark] = {
    "verified": Mark("✓", "verified", GOOD),
    "partly failed": Mark("✗", "partly failed", BAD),
    "failed": Mark("✗", "failed", BAD),
    "outcome unknown": Mark("?", "unknown", ATTENTION),
    "under way": Mark("…", "under way", LINK),
    "not sent": Mark("·", "not sent", DIM),
}
_SIGNS = {
    "verified": "everything was written, and read back as it was meant",
    "partly failed": "some of it was written; the entry says what",
    "failed": "nothing of it was written",
    "outcome unknown": "it was sent, no answer came, and it could not be looked up yet",
    "under way": "another window is at it, or was killed at it; it is looked up when a window opens",
    "not sent": "it was confirmed, and stopped before anything was sent",
}
_WORD = max(len(mark.word) for mark in MARKS.values())
MOST = 1000


def audit_rows(written: Written, mask: Mask, width: int) -> tuple[Row, ...]:
    """Newest first, a line each; above them, whether the record is whole."""
    plans = written.plans
    if not plans:
        return parts(
            [heading("Nothing was written from this machine yet.", width)],
            said("Every re-sync, cancellation, resend or repair leaves an entry here: who, when, why, and how it ended.", width),
        )
    if written.broken_at is None:
        whole = Row(
            row(("✓ ", GOOD), ("the record is whole  ", GOOD), (plural(len(plans), "entry", "entries"), DIM)), stops=False
        )
    else:
        said_so = f"the record was altered: entry {written.broken_at} does not follow from the one before"
        whole = Row(row(("✗ ", BAD), (fit(said_so, width - 2), f"bold {BAD}")), stops=False)
    more = said(f"{len(plans) - MOST} older ones: billing-tui audit --limit shows them.", width) if len(plans) > MOST else []
    return parts([whole], [_line(one, mask, width) for one in plans[:MOST]], more)


def _line(one: Told, mask: Mask, width: int) -> Row:
    mark, change = MARKS[one.outcome], one.change
    when = f"{change.at.astimezone():%d %b %H:%M}"
    room = width - _WORD - len(when) - 18
    return Row(
        row(
            (f"{mark.glyph} {mark.word:<{_WORD}}  ", mark.style),
            (f"{when}  ", DIM),
            (f"{fit(one.who, 8)}  ", DIM),
            (fit(mask(change.title), max(room, 10)), INK),
        ),
        change.plan_id,
    )


def entry_page(one: Told, mask: Mask, width: int) -> tuple[Row, ...]:
    """One entry: who, when, why, every step from what to what, and the ids of its requests."""
    mark, change = MARKS[one.outcome], one.change
    facts = {
        "Entry": f"{one.entry}, plan {change.plan_id}",
        "When": f"{change.at.astimezone():%Y-%m-%d %H:%M:%S}",
        "Who": one.who + (f" from {one.origin}" if one.origin else ""),
        "Where": f"{change.profile}, {change.mode} mode, {change.account or 'account not told'}",
        "Ticket": mask(change.query),
        "Cause": change.rule,
        "Because": mask(change.because),
    }
    lines = [Line(((name, DIM), (value, INK))) for name, value in facts.items() if value]
    steps = [line for step in change.steps for line in _step_rows(step, mask, width)]
    return parts(
        [
            Row(
                row((f"{mark.glyph} {mark.word}  ", mark.style), (fit(mask(change.title), width - 18), f"bold {INK}")),
                stops=False,
            )
        ],
        table(lines, width),
        [heading("Steps", width), *steps] if steps else [],
    )


def _step_rows(step: Step, mask: Mask, width: int) -> list[Row]:
    sign = STEPS[step.state]
    values = f"{value_text(step.before, step.target)} → {value_text(step.after, step.target)}"
    first = row((f"{sign.glyph} ", sign.style), (fit(f"{step.target} {step.field}", 42), INK), ("  ", ""), (mask(values), INK))
    more = "  ".join(filter(None, (step.object, step.request_id, step.error)))
    return [Row(first), *said(mask(more), width, DIM, indent=2)]


def audit_help(*, read_only: bool) -> Rower:
    """The keys of the screen, and what the words mean."""

    def rows(width: int) -> tuple[Row, ...]:
        signs = [Line(((f"{mark.glyph} {mark.word}", mark.style), (_SIGNS[name], INK))) for name, mark in MARKS.items()]
        about = "Written before and after each step, each entry chained to the one before; deleting the cache loses none of it."
        return parts(
            said(about, width, DIM),
            [heading("How it ended", width), *table(signs, width, indent=1)],
            section("Move", MOVES, width),
            *keys("audit", width, read_only=read_only),
        )

    return rows


def found(plans: Sequence[Told], plan_id: str) -> Told | None:
    """The entry of a plan."""
    return next((one for one in plans if one.change.plan_id == plan_id), None)
