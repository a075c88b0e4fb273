"""Every kind of change by its name, and the one way to make its plan."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from msgspec import structs

from billing_tui.changes import (
    cancel,
    copying,
    endpoint,
    grant,
    product,
    recover,
    rehearsal,
    relink,
    resend,
    resync,
    sessions,
    several,
    stale,
    together,
    undo,
)
from billing_tui.changes.desk import Desk
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import BadUsage

Planner = Callable[[Desk, Wanted, str, datetime], Awaitable[Change]]
PLANNERS: dict[str, Planner] = {
    "resync": resync.plan,
    "resync several": several.plan,
    "cancel": cancel.plan,
    "relink": relink.plan,
    "fix product": product.plan,
    "fix endpoint": endpoint.plan,
    "new endpoint": endpoint.plan_new,
    "grant": grant.plan,
    "sign out": sessions.plan,
    "undo": undo.plan,
    "golive": together.plan,
    "copy catalogue": copying.plan,
    "fix rows": stale.plan,
    "first coupon": rehearsal.plan_coupon,
    "open portal": rehearsal.plan_portal,
    "remove coupon": rehearsal.plan_removal,
    "resend": resend.plan,
    "recover": recover.plan,
}


async def make(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """A plan from fresh reads, or a refused one, which has no steps. The same facts and arguments give the same plan.

    Raises:
        BadUsage: There is no such change, or an option of it makes no sense.
        NotThere: What it is about does not exist.
        KeyRefused, OutOfReach: What has to be read first could not be.
        Refused: The key is another account's.
    """
    planner = PLANNERS.get(wanted.action)
    if planner is None:
        raise BadUsage(f"There is no change called {wanted.action!r}.")
    change = await planner(desk, wanted, plan_id, stamp)
    if change.refused:
        return structs.replace(change, steps=())
    return structs.replace(change, undo=_undo(change))


def _undo(change: Change) -> str | None:
    if not change.writes or any(undo.final(step) for step in change.writes):
        return None
    return f"billing-tui audit --undo {change.plan_id} --mode {change.mode} --apply"
