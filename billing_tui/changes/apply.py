"""Carrying out a plan: confirm, read again, compare, write, read back; with a journal entry before and after each step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from itertools import groupby
from pathlib import Path

from msgspec import structs

from billing_tui.changes.arrival import PATIENCE, arrived
from billing_tui.changes.desk import Desk
from billing_tui.changes.journal import Journal
from billing_tui.changes.locks import BULK as BULK_LOCK
from billing_tui.changes.locks import alone
from billing_tui.changes.pace import Pace
from billing_tui.changes.places import place_of, places
from billing_tui.changes.reading import reads_as
from billing_tui.model.change import Change, Step, StepState, Target, with_state
from billing_tui.model.delivery import Attempt
from billing_tui.model.problem import OutcomeUnknown, Problem, Refused
from billing_tui.services.purpose import Purpose, purpose

_REVEAL = "Reveal its signing secret in Stripe's Dashboard, and give it to the app and to billing-tui keys set webhook_secret."
BULK = ("resend", "recover", "resync several", "golive", "copy catalogue")
MOST_FAILURES = 3
A_SECOND = 5.0


class Applying:
    """One plan being carried out.

    Args:
        locks: The directory of the locks that all windows of this machine share.
        replan: Makes the same plan again from fresh reads.
    """

    def __init__(
        self, change: Change, desk: Desk, journal: Journal, locks: Path, replan: Callable[[], Awaitable[Change]]
    ) -> None:
        self._change = change
        self._held = {_name(step): step for step in change.steps}
        self._bulk = change.action in BULK
        self._desk = desk
        self._places = places(desk.services)
        self._journal = journal
        self._locks = locks
        self._replan = replan

    @property
    def change(self) -> Change:
        """The change as far as it is."""
        return structs.replace(self._change, steps=tuple(self._held.values()))

    async def run(self, confirm: str) -> AsyncIterator[Change]:
        """Yields the change after each thing that happened to it; the last one is `applied`.

        Raises:
            Refused: It is not confirmed, or not what a plan made now would be, or somebody else is at it. Nothing was written.
            OutOfReach: The journal, or what must be read before writing, could not be reached. Nothing was written.
        """
        self._check(confirm)
        with ExitStack() as held:
            for name in (BULK_LOCK,) if self._bulk else locks_of(self._change):
                held.enter_context(alone(self._locks, name))
            self._compare(await self._replan())
            await self._check_account()
            await self._note("planned")
            async for further in self._steps():
                yield further
            await self._verify()
            self._change = structs.replace(self._change, applied=True)
            await self._note("finished")
        yield self.change

    async def _steps(self) -> AsyncIterator[Change]:
        """One failure ends an ordinary change; a bulk goes on, and ends after some in a row."""
        failures, most = 0, MOST_FAILURES if self._bulk else 1
        pace = Pace(A_SECOND) if self._bulk else None
        for _, held in groupby(self.change.writes, key=lambda step: (step.target, step.object, step.call)):
            group = tuple(held)
            if failures >= most:
                self._mark(group, "skipped")
                continue
            if pace:
                await pace.turn()
            await self._note("sending", group)
            failures = 0 if await self._write(group) else failures + 1
            yield self.change

    def _check(self, confirm: str) -> None:
        profile = self._desk.profile
        if self.change.refused:
            raise Refused(self.change.refused)
        if profile.read_only:
            raise Refused("This is read-only: nothing may be written.", code="read_only")
        if (self.change.mode, self.change.profile) != (profile.mode, profile.name):
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
        if self._bulk and self._change.account == fresh.account:
            self._leave_out(fresh)
        elif (fresh.account, fresh.subject) != (self.change.account, self.change.subject) or not self.change.same_writes(fresh):
            raise Refused(_difference(self.change, fresh), "Look at a new plan and confirm that.", code="changed")

    def _leave_out(self, fresh: Change) -> None:
        """What has come right by itself since the plan is not done again; what has come up since is for another plan."""
        now = {_name(step): step for step in fresh.steps}
        for name, step in self._held.items():
            if step.state == "planned" and (name not in now or now[name].after != step.after):
                self._held[name] = with_state(step, "unchanged")

    async def _check_account(self) -> None:
        """What the plan was made from may be minutes old in this: whose key it is."""
        if "stripe" not in self._places:
            return
        account = await self._desk.account()
        if self.change.account and account and account != self.change.account:
            raise Refused(f"The key now belongs to {account}, the plan is for {self.change.account}.", code="account_mismatch")

    async def _write(self, group: tuple[Step, ...]) -> bool:
        """Writes what belongs to one call; False when what follows must not be tried."""
        try:
            with purpose(Purpose.WRITE), self._alone_with(group[0]):
                key = f"{self.change.plan_id} {group[0].call} {group[0].object}"
                receipt = await place_of(self._places, group[0]).write(group, key)
        except OutcomeUnknown as problem:
            self._mark(group, "unknown", error=problem.message)
            await self._note("unknown", group)
            return False
        except Problem as problem:
            self._mark(group, "failed", error=problem.message)
            await self._note("failed", group)
            return False
        state: StepState = "failed" if receipt.wrong else "applied"
        if receipt.made:
            group = self._name_made(group, receipt.made)
            await self._keep_secret(receipt.secret)
        self._mark(group, state, request_id=receipt.request_id, error=receipt.wrong or None, attempt=receipt.attempt)
        await self._note(state, group)
        return not receipt.wrong

    def _name_made(self, group: tuple[Step, ...], made: str) -> tuple[Step, ...]:
        """The steps of what was made, by the name that it has now."""
        named = {_name(step): structs.replace(step, object=made) for step in group}
        self._held = {_name(step): step for step in (named.get(name, held) for name, held in self._held.items())}
        return tuple(named.values())

    async def _keep_secret(self, secret: str) -> None:
        """Puts a secret that is told this once where secrets are kept, and says where that is, never what it is."""
        if not secret:
            return
        try:
            place = await asyncio.to_thread(self._desk.keep_secret, "webhook_secret", secret) if self._desk.keep_secret else ""
        except Problem as problem:
            place, why = "", problem.message
        else:
            why = "Nothing on this machine keeps secrets."
        said = f"Its signing secret is in the {place} now; the app needs it too." if place else f"{why} {_REVEAL}"
        self._change = structs.replace(self._change, warnings=(*self._change.warnings, said))

    def _alone_with(self, step: Step) -> AbstractContextManager[None]:
        """In a bulk, each person is locked for as long as they are written to."""
        name = f"{self._change.profile} {self._change.mode} {step.object}"
        return alone(self._locks, name) if self._bulk else nullcontext()

    async def _verify(self) -> None:
        """Reads back what was written, also where no answer came, and says what is now true."""
        waiting = [step for step in self.change.steps if step.state in ("applied", "unknown")]
        await self._verify_deliveries([step for step in waiting if step.field == "delivery"])
        targets: dict[tuple[Target, str, str], list[Step]] = {}
        for step in waiting:
            if step.field != "delivery":
                targets.setdefault((step.target, step.object, step.call), []).append(step)
        for group in targets.values():
            await self._verify_group(group)

    async def _verify_group(self, group: list[Step]) -> None:
        try:
            seen = await place_of(self._places, group[0]).read(group)
        except Problem as problem:
            self._mark(group, None, error=f"It could not be read back: {problem.message}")
            return
        for step, now in zip(group, seen, strict=True):
            right = reads_as(self._desk.profile, step, now)
            # A write without an answer that is not there yet may still arrive.
            wrong: StepState = "unknown" if step.state == "unknown" else "failed"
            self._mark((step,), "verified" if right else wrong, error=None if right else f"It reads {now!r} after the write.")
        await self._note("verified", self._current(group))

    async def _verify_deliveries(self, steps: list[Step]) -> None:
        """All of them at once: what the app answered itself, its ledger, or what Stripe still counts as outstanding."""
        answered = [step for step in steps if step.attempt]
        self._mark(answered, "verified")
        others = [step for step in steps if not step.attempt]
        if others:
            try:
                sent = any(step.state == "applied" for step in others)
                there = await arrived(self._desk, others, PATIENCE if sent else 1.0)
            except Problem as problem:
                self._mark(others, None, error=f"Whether it arrived could not be read: {problem.message}")
                return
            self._mark([step for step in others if step.object in there], "verified")
            late = [step for step in others if step.object not in there]
            self._mark(late, "failed", error="Stripe has sent it again, and it has not arrived.")
        if steps:
            await self._note("verified", self._current(steps))

    def _mark(
        self,
        group: Sequence[Step],
        state: StepState | None,
        *,
        request_id: str | None = None,
        error: str | None = None,
        attempt: Attempt | None = None,
    ) -> None:
        for step in group:
            held = self._held[_name(step)]
            self._held[_name(step)] = with_state(held, state or held.state, request_id=request_id, error=error, attempt=attempt)

    def _current(self, group: Sequence[Step]) -> tuple[Step, ...]:
        return tuple(self._held[_name(step)] for step in group)

    async def _note(self, phase: str, group: Sequence[Step] = ()) -> None:
        await asyncio.to_thread(self._journal.note, self.change, phase, self._current(group))


def locks_of(change: Change) -> tuple[str, ...]:
    """What may be written to by one window at a time: a person by every name that the plan knows, or what else it is about."""
    names = sorted({change.subject or change.query, change.customer_id or ""} - {""})
    return tuple(f"{change.profile} {change.mode} {name}" for name in names)


def _name(step: Step) -> tuple[str, str, str]:
    return step.target, step.object, step.field


def _difference(planned: Change, fresh: Change) -> str:
    """What changed since the plan, in one sentence."""
    now = {_name(step): step for step in fresh.steps}
    for step in planned.steps:
        held = now.get(_name(step))
        if held is None or held.before != step.before:
            was = "is gone" if held is None else f"is now {held.before!r}, the plan saw {step.before!r}"
            return f"Something changed since the plan: {step.field} of {step.object} {was}."
        if held.after != step.after:
            return f"Something changed since the plan: {step.field} should now become {held.after!r}, not {step.after!r}."
    return "Something changed since the plan."
