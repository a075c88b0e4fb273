"""Carrying out a plan: confirm, read again, compare, write, read back; with a journal entry before and after each step."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, ExitStack, nullcontext
from itertools import groupby
from pathlib import Path
from time import monotonic

from billing_tui.changes.course import Course, difference
from billing_tui.changes.desk import Desk
from billing_tui.changes.flight import MOST, Flight
from billing_tui.changes.journal import Journal
from billing_tui.changes.line import Line
from billing_tui.changes.locks import BULK as BULK_LOCK
from billing_tui.changes.locks import alone
from billing_tui.changes.pace import Paces, events_a_second
from billing_tui.changes.places import place_of, places
from billing_tui.changes.reins import Reins
from billing_tui.changes.verify import verify
from billing_tui.model.change import BULK, Change, Step, StepState
from billing_tui.model.problem import OutcomeUnknown, Problem, Refused
from billing_tui.services.purpose import Purpose, purpose

_REVEAL = "Reveal its signing secret in Stripe's Dashboard, and give it to the app and to billing-tui keys set webhook_secret."
MOST_FAILURES = 3
_HAND_OVER = "the app needs it too: billing-tui golive --handover shows how."
UNPACED = ("copy catalogue",)
"""Bulks that reach nobody: what they write waits for Stripe's own limits alone."""


class Applying:
    """One plan being carried out.

    Args:
        locks: The directory of the locks that all windows of this machine share.
        replan: Makes the same plan again from fresh reads.
        reins: How whoever looks on pauses and stops a bulk.
    """

    def __init__(
        self,
        change: Change,
        desk: Desk,
        journal: Journal,
        locks: Path,
        replan: Callable[[], Awaitable[Change]],
        reins: Reins | None = None,
    ) -> None:
        self._course = Course(change, journal)
        self._bulk = change.action in BULK
        self._desk = desk
        self._places = places(desk.services)
        self._locks = locks
        self._replan = replan
        self._reins = reins or Reins()

    @property
    def change(self) -> Change:
        """The change as far as it is."""
        return self._course.change

    async def run(self, confirm: str) -> AsyncIterator[Change]:
        """Yields the change after each thing that happened to it; the last one is `applied`.

        Raises:
            Refused: It is not confirmed, or not what a plan made now would be, or somebody else is at it. Nothing was written.
            OutOfReach: The journal, or what must be read before writing, could not be reached. Nothing was written.
        """
        self._check(confirm)
        with ExitStack() as held:
            for name in locks_of(self.change):
                held.enter_context(alone(self._locks, name))
            self._compare(await self._replan())
            await self._check_account()
            await self._course.note("planned")
            began = monotonic()
            async for further in self._many() if self._bulk else self._few():
                yield further
            await verify(self._course, self._desk, self._places)
            self._course.end(monotonic() - began)
            await self._course.note("finished")
        yield self.change

    async def _few(self) -> AsyncIterator[Change]:
        """One failure ends it."""
        failed = False
        for group in self._groups():
            if failed:
                self._course.mark(group, "skipped")
                continue
            await self._course.note("sending", group)
            failed = not await self._write(group)
            yield self.change

    async def _many(self) -> AsyncIterator[Change]:
        """A bulk goes on past a failure, and ends after some in a row."""
        rate = events_a_second(self._desk.profile.limits, (await self._desk.shared.configuration()).instance)
        line, paces, flight, failures = Line(self._groups()), Paces(rate), Flight(self._course, self._desk), 0
        while line and max(failures, flight.lost) < MOST_FAILURES and await self._reins.free():
            group = await line.next(lambda: self._reins.stopped)
            if group is None:
                break
            if self.change.action not in UNPACED:
                await paces.turn(group[0])
            delivery = group[0].field == "delivery"
            if delivery and await flight.room([group[0], *line.ahead(MOST)]):
                yield self.change
            if flight.lost >= MOST_FAILURES or self._reins.stopped:
                line.put_back(group)
                break
            group = self._course.current(group)
            if group[0].state != "planned":
                continue
            if self._course.lacks(group):
                self._course.mark(group, "skipped", error="What it needs was not made.")
                continue
            await self._course.note("sending", group)
            wrote = await self._write(group)
            failures = 0 if wrote else failures + 1
            if wrote and delivery:
                flight.sent(*self._course.current(group))
            yield self.change
        for group in line.rest():
            self._course.mark([step for step in self._course.current(group) if step.state == "planned"], "skipped")

    def _groups(self) -> list[tuple[Step, ...]]:
        """The steps of one request each."""
        return [tuple(held) for _, held in groupby(self.change.writes, key=lambda step: (step.target, step.object, step.call))]

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
        if self._bulk and self.change.account == fresh.account:
            self._course.leave_out(fresh)
        elif (fresh.account, fresh.subject) != (self.change.account, self.change.subject) or not self.change.same_writes(fresh):
            raise Refused(difference(self.change, fresh), "Look at a new plan and confirm that.", code="changed")

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
            self._course.mark(group, "unknown", error=problem.message)
            await self._course.note("unknown", group)
            return False
        except Problem as problem:
            self._course.mark(group, "failed", error=problem.message)
            await self._course.note("failed", group)
            return False
        state: StepState = "failed" if receipt.wrong else "applied"
        if receipt.made:
            group = self._course.name_made(group, receipt.made)
            await self._keep_secret(receipt.secret)
        self._course.mark(group, state, request_id=receipt.request_id, error=receipt.wrong or None, attempt=receipt.attempt)
        await self._course.note(state, group)
        return not receipt.wrong

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
        said = f"Its signing secret is in the {place} now; {_HAND_OVER}" if place else f"{why} {_REVEAL}"
        self._course.warn(said)

    def _alone_with(self, step: Step) -> AbstractContextManager[None]:
        """In a bulk, each person is locked for as long as they are written to; events are nobody's."""
        name = f"{self.change.profile} {self.change.mode} {step.object}"
        return alone(self._locks, name) if self._bulk and step.field != "delivery" else nullcontext()


def locks_of(change: Change) -> tuple[str, ...]:
    """What may be written to by one window at a time: a person by every name that the plan knows, or what else it is about."""
    if change.action in BULK:
        return (BULK_LOCK,)
    names = sorted({change.subject or change.query, change.customer_id or ""} - {""})
    return tuple(f"{change.profile} {change.mode} {name}" for name in names)
