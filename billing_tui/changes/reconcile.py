"""What a killed process left open: sent, and nobody saw the answer. It is looked up by reading, and never sent again."""

import asyncio
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
from billing_tui.model.change import Change, Step, StepState, Target, with_state
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
    steps = []
    there = await _arrived(desk, one.change)
    for step in one.change.steps:
        if step.field == "delivery" and there is not None and step.state in _OPEN:
            late = "It was sent, or was about to be, and has not arrived."
            steps.append(with_state(step, "verified") if step.object in there else with_state(step, "failed", error=late))
        else:
            steps.append(await _settled(desk.profile, open_places, step))
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


async def _settled(profile: Profile, open_places: dict[Target, Place], step: Step) -> Step:
    """A step as it really is."""
    if step.state == "planned":
        return with_state(step, "skipped", error="It was never sent.")
    if step.state not in _OPEN or step.field == "delivery":
        return step if step.state not in _OPEN else with_state(step, "unknown", error="Nobody can say whether it arrived.")
    try:
        (seen,) = await place_of(open_places, step).read([step])
    except Problem as problem:
        return with_state(step, "unknown", error=f"It could not be read: {problem.message}")
    if reads_as(profile, step, seen):
        return with_state(step, "verified", error=None)
    return with_state(step, "failed", error=f"It reads {seen!r}: it did not happen, or was changed since.")
