"""Re-sync several people in one plan: at most the cap at once, each as if alone; who can't be is left out, and named."""

import asyncio
import os
from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from billing_tui.changes import resync
from billing_tui.changes.desk import Desk
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.problem import BadUsage, Problem
from billing_tui.model.text import clean, plural, quoted

CAP = 25
CAP_VARIABLE = "BILLING_TUI_BULK_CAP"
_MOST = 500
_AT_ONCE = 3
_SHOWN = 5


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` holds customers' or users' ids; option `cap`: how many of them at most."""
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    names = list(dict.fromkeys(wanted.query.split()))
    cap = bulk_cap(wanted)
    draft = structs.replace(
        draft, subject=names[0] if names else "", customer_id=_customer(names), confirm=(names or [""])[0][-4:]
    )
    if draft.refused:
        return draft
    steps, refusals = await resync_each(desk, names[:cap], plan_id, stamp)
    if not steps:
        return structs.replace(draft, refused=refusals[0] if refusals else "Everybody has what they pay for: nothing is written.")
    people = len({step.object for step in steps})
    left = (f"{plural(len(names) - cap, 'person', 'people')} more are left for the next time.",) if len(names) > cap else ()
    more = (f"{len(refusals) - _SHOWN} more are left out.",) if len(refusals) > _SHOWN else ()
    return structs.replace(
        draft,
        targets=("clerk", "database"),
        title=f"Re-sync {plural(people, 'person', 'people')} to what they pay for",
        because="Each was read just now: what they pay for, and what Clerk and the database say.",
        steps=tuple(steps),
        warnings=(*left, *refusals[:_SHOWN], *more, "It stops after three failures in a row, and can be taken up again."),
    )


def bulk_cap(wanted: Wanted) -> int:
    """How many people one plan may write for: as the plan was asked for, else as the environment says, else 25.

    Raises `BadUsage` for what is no number between 1 and 500.
    """
    said = wanted.options.get("cap") or os.environ.get(CAP_VARIABLE, "").strip() or str(CAP)
    if not said.isdecimal() or not 1 <= int(said) <= _MOST:
        raise BadUsage(f"{quoted(clean(said)[:20])} is no cap.", f"Set {CAP_VARIABLE} to a number from 1 to {_MOST}.")
    return int(said)


async def resync_each(desk: Desk, names: Sequence[str], plan_id: str, stamp: datetime) -> tuple[list[Step], list[str]]:
    """The steps that bring each of these people up to date, and why some can't be."""
    few = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> Change | str:
        async with few:
            try:
                return await resync.plan(desk, Wanted(action="resync", query=name), plan_id, stamp)
            except Problem as problem:
                return f"{name}: {problem.message}"

    made = await asyncio.gather(*(one(name) for name in names))
    refusals = [held if isinstance(held, str) else f"{held.query}: {held.refused}" for held in made if _refused(held)]
    return [step for held in made if isinstance(held, Change) for step in _named(held)], refusals


def _named(change: Change) -> list[Step]:
    who = change.emails[0] if change.emails else change.subject
    return [structs.replace(step, whose=who) for step in change.writes]


def _refused(held: Change | str) -> bool:
    return isinstance(held, str) or held.refused is not None


def _customer(names: Sequence[str]) -> str | None:
    return next((name for name in names[:1] if name.startswith("cus_")), None)
