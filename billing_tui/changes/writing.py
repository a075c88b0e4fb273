"""The one way to write: plans made, kept for an hour, carried out, and what a killed process left open looked up afterwards."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from billing_tui.changes.apply import Applying
from billing_tui.changes.desk import Desk
from billing_tui.changes.journal import Journal
from billing_tui.changes.kept import forget_old, keep, kept, new_plan_id
from billing_tui.changes.planning import make
from billing_tui.changes.reconcile import reconcile
from billing_tui.changes.reins import Reins
from billing_tui.model.change import Change, Wanted


class Writing:
    """The plans and the journal in one directory, shared by every window and process of this machine."""

    def __init__(self, state: Path, now: Callable[[], datetime]) -> None:
        self._plans = state / "plans"
        self._locks = state / "locks"
        self._now = now
        self.journal = Journal(state / "audit.db")

    async def plan(self, desk: Desk, wanted: Wanted, *, keep_it: bool = False) -> Change:
        """A new plan; raises as `planning.make` does. A refused one says why in `refused`."""
        change = await make(desk, wanted, new_plan_id(), self._now())
        if keep_it and not change.refused and change.writes:
            await asyncio.to_thread(self._keep, change)
        return change

    async def kept(self, plan_id: str) -> Change:
        """A plan that was shown within the last hour. Raises as `kept.kept` does."""
        return await asyncio.to_thread(kept, self._plans, plan_id, self._now())

    async def apply(self, desk: Desk, change: Change, confirm: str, reins: Reins | None = None) -> AsyncIterator[Change]:
        """Carries out a plan: yields it after each step; the last is `applied`. Raises as `Applying.run` does."""
        replan = partial(make, desk, change.wanted, change.plan_id, change.at)
        async for held in Applying(change, desk, self.journal, self._locks, replan, reins).run(confirm):
            yield held

    async def reconcile(self, desk: Desk) -> list[Change]:
        """Looks up what killed processes left open. Raises as `reconcile.reconcile` does."""
        return await reconcile(desk, self.journal, self._locks)

    def _keep(self, change: Change) -> None:
        forget_old(self._plans, self._now())
        keep(self._plans, change)
