"""Carrying out a plan: confirm, read again, compare, write, read back; with a journal entry before and after each step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from itertools import groupby

from msgspec import structs

from billing_tui.changes.journal import Journal
from billing_tui.changes.resync import reads_as
from billing_tui.model.change import Change, Step, StepState, with_state
from billing_tui.model.clerk import Bag
from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import OutcomeUnknown, Problem, Refused
from billing_tui.model.profile import Profile
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.http import Purpose, purpose


class Applying:
    """One plan being carried out.

    Args:
        replan: Makes the same plan again from fresh reads.
    """

    def __init__(
        self, change: Change, services: Services, profile: Profile, journal: Journal, replan: Callable[[], Awaitable[Change]]
    ) -> None:
        self.change = change
        self._services = services
        self._profile = profile
        self._journal = journal
        self._replan = replan

    async def run(self, confirm: str) -> AsyncIterator[Change]:
        """Yields the change after each thing that happened to it; the last one is `applied`.

        Raises:
            Refused: It is not confirmed, or not what a plan made now would be. Nothing was written.
            OutOfReach: The journal, or what must be read before writing, could not be reached. Nothing was written.
        """
        self._check(confirm)
        self._compare(await self._replan())
        await self._note("planned")
        stopped = False
        for _, held in groupby(self.change.writes, key=lambda step: step.target):
            group = tuple(held)
            if stopped:
                self._mark(group, "skipped")
                continue
            await self._note("sending", group)
            stopped = not await self._write(group)
            yield self.change
        await self._verify()
        self.change = structs.replace(self.change, applied=True)
        await self._note("finished")
        yield self.change

    def _check(self, confirm: str) -> None:
        if self.change.refused:
            raise Refused(self.change.refused)
        if self._profile.read_only:
            raise Refused("This is read-only: nothing may be written.", code="read_only")
        if (self.change.mode, self.change.profile) != (self._profile.mode, self._profile.name):
            raise Refused(f"The plan is for {self.change.profile} in {self.change.mode} mode.", code="mode_mismatch")
        if self.change.mode == "live" and self.change.writes and confirm != self.change.confirm:
            raise Refused(
                "Writing in live mode needs to be confirmed, and it was not.",
                f"Type {self.change.confirm} where it is asked for, or give --confirm {self.change.confirm}.",
                code="unconfirmed",
            )

    def _compare(self, fresh: Change) -> None:
        """Refuses unless a plan made from what is true now is this one."""
        if fresh.refused:
            raise Refused(f"Something changed since the plan: {fresh.refused}", "Look at a new plan.", code="changed")
        if (fresh.account, fresh.subject) != (self.change.account, self.change.subject) or not self.change.same_writes(fresh):
            raise Refused(_difference(self.change, fresh), "Look at a new plan and confirm that.", code="changed")

    async def _write(self, group: tuple[Step, ...]) -> bool:
        """Writes what belongs to one place; False when what follows must not be tried."""
        try:
            with purpose(Purpose.WRITE):
                request_id = await (self._to_clerk(group) if group[0].target == "clerk" else self._to_database(group))
        except OutcomeUnknown as problem:
            self._mark(group, "unknown", error=problem.message)
            await self._note("unknown", group)
            return False
        except Problem as problem:
            self._mark(group, "failed", error=problem.message)
            await self._note("failed", group)
            return False
        self._mark(group, "applied", request_id=request_id)
        await self._note("applied", group)
        return True

    async def _to_clerk(self, group: Sequence[Step]) -> str | None:
        if not isinstance(self._services.clerk, Clerk):
            raise Refused("Clerk is not open, so nothing was written there.")
        bags: dict[str, Bag] = {}
        for step in group:
            bag, *keys = step.field.split(".")
            held = bags.setdefault(bag, {})
            for key in keys[:-1]:
                held = held.setdefault(key, {})
            held[keys[-1]] = step.after
        _, request_id = await self._services.clerk.merge_metadata(group[0].object, bags)
        return request_id

    async def _to_database(self, group: Sequence[Step]) -> None:
        if not isinstance(self._services.database, AppDatabase):
            raise Refused("The database is not open, so nothing was written there.")
        changes = [ColumnChange(step.field.rpartition(".")[2], _text(step.before), _text(step.after)) for step in group]
        await self._services.database.update_row(group[0].object, changes)

    async def _verify(self) -> None:
        """Reads back what was written, also where no answer came, and says what is now true."""
        for target in ("clerk", "database"):
            group = tuple(step for step in self.change.steps if step.target == target and step.state in ("applied", "unknown"))
            if not group:
                continue
            try:
                seen = await (self._read_clerk(group) if target == "clerk" else self._read_database(group))
            except Problem as problem:
                self._mark(group, None, error=f"It could not be read back: {problem.message}")
                continue
            for step, now in zip(group, seen, strict=True):
                right = reads_as(self._profile, step, now) or (
                    target == "database" and step.field.endswith(_stamp(self._profile))
                )
                # A write without an answer that is not there yet may still arrive.
                wrong: StepState = "unknown" if step.state == "unknown" else "failed"
                self._mark((step,), "verified" if right else wrong, error=None if right else f"It reads {now!r} after the write.")
            await self._note("verified", tuple(self._current(step) for step in group))

    async def _read_clerk(self, group: Sequence[Step]) -> list[str | bool | int | None]:
        if not isinstance(self._services.clerk, Clerk):
            raise Refused("Clerk is not open.")
        key = group[0].object
        holder = await (self._services.clerk.organization(key) if key.startswith("org_") else self._services.clerk.user(key))
        values = [holder.field(step.field) for step in group]
        return [value if value is None or isinstance(value, str | bool | int) else str(value) for value in values]

    async def _read_database(self, group: Sequence[Step]) -> list[str | bool | int | None]:
        if not isinstance(self._services.database, AppDatabase):
            raise Refused("The database is not open.")
        rows = [row for row in await self._services.database.rows_by(key=group[0].object) if row.key == group[0].object]
        columns = rows[0].columns if rows else {}
        return [columns.get(step.field.rpartition(".")[2]) for step in group]

    def _mark(
        self, group: Sequence[Step], state: StepState | None, *, request_id: str | None = None, error: str | None = None
    ) -> None:
        names = {(step.target, step.field) for step in group}
        steps = tuple(
            with_state(step, state or step.state, request_id=request_id, error=error)
            if (step.target, step.field) in names
            else step
            for step in self.change.steps
        )
        self.change = structs.replace(self.change, steps=steps)

    def _current(self, step: Step) -> Step:
        return next(held for held in self.change.steps if (held.target, held.field) == (step.target, step.field))

    async def _note(self, phase: str, group: tuple[Step, ...] = ()) -> None:
        steps = tuple(self._current(step) for step in group)
        await asyncio.to_thread(self._journal.note, self.change, phase, steps)


def _text(value: str | bool | int | None) -> str | None:
    return value if value is None or isinstance(value, str) else str(value).lower()


def _stamp(profile: Profile) -> str:
    """The column that the write stamps; the database may keep it in a notation of its own."""
    column = profile.database.updated_at_column if profile.database else ""
    return f".{column}" if column else "\0"


def _difference(planned: Change, fresh: Change) -> str:
    """What changed since the plan, in one sentence."""
    now = {(step.target, step.field): step for step in fresh.steps}
    for step in planned.steps:
        held = now.get((step.target, step.field))
        if held is None or held.before != step.before:
            was = "is gone" if held is None else f"is now {held.before!r}, the plan saw {step.before!r}"
            return f"Something changed since the plan: {step.field} of {step.object} {was}."
        if held.after != step.after:
            return f"Something changed since the plan: {step.field} should now become {held.after!r}, not {step.after!r}."
    return "Something changed since the plan."
