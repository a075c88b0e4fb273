"""What a killed process left open: sent, and nobody saw the answer. It is looked up by reading, and never sent again."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from msgspec import structs

from billing_tui.changes.apply import locks_of
from billing_tui.changes.arrival import arrived
from billing_tui.changes.desk import Desk
from billing_tui.changes.history import Told, told
from billing_tui.changes.journal import Journal
from billing_tui.changes.locks import alone
from billing_tui.changes.places import Place, place_of, places
from billing_tui.changes.reading import reads_as
from billing_tui.changes.receipt import in_calls
from billing_tui.changes.verify import look_ahead
from billing_tui.model.change import Change, Step, StepState, Target, Value, with_state
from billing_tui.model.problem import Problem, Refused
from billing_tui.model.profile import Profile

_PATIENCE = 3.0
"""Seconds, for what was sent just before its process was killed."""
_OPEN: tuple[StepState, ...] = ("applied", "unknown")


async def reconcile(desk: Desk, journal: Journal, locks: Path) -> list[Change]:
    """Ends every plan of this profile and mode that began and did not end, unless its process is still at it.

    Returns them, each step `verified`, `failed` (not there), `skipped` (never sent), or `unknown` where it could not be read.

    Raises:
        OutOfReach: The journal can't be read or written.
    """
    profile = desk.profile
    open_ones = [
        one
        for one in await asyncio.to_thread(lambda: told(journal.entries()))
        if one.unfinished and (one.change.profile, one.change.mode) == (profile.name, profile.mode)
    ]
    ended = []
    for one in open_ones:
        with ExitStack() as held:
            try:
                for name in locks_of(one.change):
                    held.enter_context(alone(locks, name))
            except Refused:
                continue  # its process lives
            ended.append(await _looked_up(desk, journal, one))
    return ended


async def _looked_up(desk: Desk, journal: Journal, one: Told) -> Change:
    open_places = places(desk.services)
    there = await _arrived(desk, one.change)
    groups = in_calls(one.change.steps)
    await look_ahead(open_places, [group for group in groups if any(step.state in _OPEN for step in group)])
    found = {step.name: step for group in groups for step in await _settled(desk.profile, open_places, group)}
    steps = [_delivered(step, there) or found[step.name] for step in one.change.steps]
    change = structs.replace(one.change, steps=tuple(steps), applied=True)
    settled = tuple(now for now, was in zip(steps, one.change.steps, strict=True) if now != was)
    await asyncio.to_thread(journal.note, change, "reconciled", settled)
    if not any(step.state in _OPEN for step in steps):
        await asyncio.to_thread(journal.note, change, "finished", change.steps)
    return change


async def _arrived(desk: Desk, change: Change) -> frozenset[str] | None:
    """Of the events that were sent, those that have arrived; None where nobody can say."""
    sent = [step for step in change.steps if step.field == "delivery" and step.state in _OPEN]
    try:
        return await arrived(desk, sent, _PATIENCE) if sent else frozenset()
    except Problem:
        return None


def _delivered(step: Step, there: frozenset[str] | None) -> Step | None:
    """A sending as it ended; None for what is no sending, or where nobody can say."""
    if step.field != "delivery" or there is None or step.state not in _OPEN:
        return None
    late = "It was sent, or was about to be, and has not arrived."
    return with_state(step, "verified") if step.object in there else with_state(step, "failed", error=late)


async def _settled(profile: Profile, open_places: dict[Target, Place], group: Sequence[Step]) -> list[Step]:
    """The steps of one request as they really are; sendings are told otherwise."""
    waiting = [step for step in group if step.state in _OPEN and step.field != "delivery"]
    seen: list[Value] | Problem = []
    try:
        seen = await place_of(open_places, group[0]).read(waiting) if waiting else []
    except Problem as problem:
        seen = problem
    values = iter([] if isinstance(seen, Problem) else seen)
    return [_ended(profile, step, seen if isinstance(seen, Problem) else values) for step in group]


def _ended(profile: Profile, step: Step, seen: Problem | Iterator[Value]) -> Step:
    if step.state == "planned":
        return with_state(step, "skipped", error="It was never sent.")
    if step.state not in _OPEN:
        return step
    if step.field == "delivery":
        return with_state(step, "unknown", error="Nobody can say whether it arrived.")
    if isinstance(seen, Problem):
        return with_state(step, "unknown", error=f"It could not be read: {seen.message}")
    now = next(seen)
    if reads_as(profile, step, now):
        return with_state(step, "verified", error=None)
    return with_state(step, "failed", error=f"It reads {now!r}: it did not happen, or was changed since.")
