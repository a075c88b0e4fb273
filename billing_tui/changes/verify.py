"""Reading back what was written, also where no answer came, so that what is said at the end is what is now true."""

from collections.abc import Sequence

from billing_tui.changes.arrival import PATIENCE, arrived
from billing_tui.changes.course import Course
from billing_tui.changes.desk import Desk
from billing_tui.changes.flight import late_words
from billing_tui.changes.places import Place, place_of
from billing_tui.changes.reading import reads_as
from billing_tui.changes.receipt import in_calls
from billing_tui.changes.stripe_place import StripePlace
from billing_tui.model.change import Step, StepState, Target
from billing_tui.model.problem import Problem


async def verify(course: Course, desk: Desk, open_places: dict[Target, Place]) -> None:
    """Marks each step that was written, or may have been, as what it is now, and tells the journal."""
    waiting = [step for step in course.change.steps if step.state in ("applied", "unknown")]
    await _deliveries(course, desk, [step for step in waiting if step.field == "delivery"])
    groups = in_calls([step for step in waiting if step.field != "delivery"])
    await look_ahead(open_places, groups)
    for group in groups:
        await _group(course, desk, open_places, course.current(group))


async def look_ahead(open_places: dict[Target, Place], groups: Sequence[Sequence[Step]]) -> None:
    """Reads what is many at once; where that fails, each is read for itself and says why it can't be."""
    stripe = open_places.get("stripe")
    if not isinstance(stripe, StripePlace):
        return
    try:
        await stripe.look_ahead(groups)
    except Problem:
        return


async def _group(course: Course, desk: Desk, open_places: dict[Target, Place], group: Sequence[Step]) -> None:
    try:
        seen = await place_of(open_places, group[0]).read(group)
    except Problem as problem:
        course.mark(group, None, error=f"It could not be read back: {problem.message}")
        return
    for step, now in zip(group, seen, strict=True):
        right = reads_as(desk.profile, step, now)
        # A write without an answer that is not there yet may still arrive.
        wrong: StepState = "unknown" if step.state == "unknown" else "failed"
        course.mark((step,), "verified" if right else wrong, error=None if right else f"It reads {now!r} after the write.")
    await course.note("verified", course.current(group))


async def _deliveries(course: Course, desk: Desk, steps: list[Step]) -> None:
    """All of them at once: what the app answered itself, its ledger, or what Stripe still counts as outstanding."""
    answered = [step for step in steps if step.attempt]
    course.mark(answered, "verified")
    others = [step for step in steps if not step.attempt]
    if others:
        try:
            sent = any(step.state == "applied" for step in others)
            there = await arrived(desk, others, PATIENCE if sent else 1.0)
        except Problem as problem:
            course.mark(others, None, error=f"Whether it arrived could not be read: {problem.message}")
            return
        course.mark([step for step in others if step.object in there], "verified")
        for step in others:
            if step.object not in there:
                course.mark([step], "failed", error=late_words(step))
    if steps:
        await course.note("verified", course.current(steps))
