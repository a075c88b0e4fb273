"""Undo: from what the journal says was written, the plan that writes back what stood there, if nobody has changed it since."""

import asyncio
from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.history import Told, told
from billing_tui.changes.places import place_of, places
from billing_tui.changes.reading import reads_as
from billing_tui.changes.receipt import MAKING
from billing_tui.changes.stripe_fields import OFFERED
from billing_tui.changes.stripe_params import params_of
from billing_tui.model.change import Change, Step, Value, Wanted
from billing_tui.model.moment import day
from billing_tui.model.problem import NotThere, Problem


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is the entry's number or the plan's id.

    Raises:
        NotThere: The journal has no such entry.
        KeyRefused, OutOfReach: What was written could not be read.
    """
    one = await asyncio.to_thread(lambda: _found(told(desk.journal.entries()), wanted.query))
    before = one.change
    draft = structs.replace(
        desk.draft(wanted, plan_id, stamp, await desk.account()),
        subject=before.subject,
        customer_id=before.customer_id,
        targets=before.targets,
        title=f"Undo: {before.title}",
        because=f"Written by {one.who} on {day(before.at)}.",
        confirm=before.confirm,
    )
    refused = draft.refused or _refusal(one, draft)
    if refused:
        return structs.replace(draft, refused=refused)
    written = [step for step in reversed(before.steps) if step.state in ("verified", "applied")]
    now = [await _now(desk, step) for step in written]
    changed = next((step for step, seen in zip(written, now, strict=True) if not reads_as(desk.profile, step, seen)), None)
    if changed:
        seen = now[written.index(changed)]
        why = f"{changed.field} of {changed.object} was changed since: it is {seen!r}, and the entry wrote {changed.after!r}."
        return structs.replace(draft, refused=why)
    return structs.replace(draft, steps=_steps(desk, written, now))


def _found(plans: Sequence[Told], name: str) -> Told:
    for one in plans:
        if name in (str(one.entry), one.change.plan_id):
            return one
    raise NotThere(f"The journal has no entry {name[:40]}.", "billing-tui audit lists them.")


def _refusal(one: Told, draft: Change) -> str | None:
    before = one.change
    if (before.profile, before.mode) != (draft.profile, draft.mode):
        return f"That was written in {before.mode} mode of {before.profile}: undo it there."
    if before.account and draft.account and before.account != draft.account:
        return f"That was written on {before.account}, and this key belongs to {draft.account}."
    if any(final(step) for step in before.steps):
        return "What has ended, or was sent, can't be taken back."
    if not any(step.state in ("verified", "applied") for step in before.steps):
        return "Nothing of it was written, so there is nothing to take back."
    return None


def final(step: Step) -> bool:
    """Whether a step ends something or sends something, which nothing takes back."""
    ended = step.field == "status" and step.object.startswith(("sess_", "sub_sched_"))
    return ended or step.call.startswith("DELETE") or step.call in MAKING or step.field in ("delivery", OFFERED)


async def _now(desk: Desk, step: Step) -> Value:
    try:
        (seen,) = await place_of(places(desk.services), step).read([step])
    except NotThere as problem:
        raise Problem(f"{step.object} is not there any more, so nothing can be taken back.", problem.hint) from problem
    return seen


def _steps(desk: Desk, written: Sequence[Step], now: Sequence[Value]) -> tuple[Step, ...]:
    """Each field back to what it was. The stamp of the row moves on: it says when the row was last written."""
    table = desk.profile.database
    column = f"{table.table}.{table.updated_at_column}" if table and table.updated_at_column else ""
    return tuple(
        structs.replace(
            step,
            before=seen,
            after=step.before,
            params=params_of(step.field, step.before) if step.target == "stripe" else {},
            state="planned",
            request_id=None,
            error=None,
        )
        for step, seen in zip(written, now, strict=True)
        if step.field != column or step.target != "database"
    )
