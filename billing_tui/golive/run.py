"""The guided run from end to end: somebody buys for nothing, each hop is ticked as it happens, and all is taken back again.

It writes nothing itself: each write is asked for as a change, which whoever runs it plans, has confirmed and carries out. Where
something does not come within its time the run stops and says where.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from msgspec import structs

from billing_tui.golive.bought import Bought
from billing_tui.golive.course import Course, beginning
from billing_tui.model.change import Change, Wanted
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Profile

PATIENCE, ARRIVAL, EVERY = 1800.0, 60.0, 3.0
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_SEEN = ("subscription", "delivery", "clerk", "database")


class Ground(Protocol):
    """What a run stands on: one opened profile."""

    @property
    def profile(self) -> Profile: ...

    async def bought_with(self, coupon: str, since: datetime) -> Bought | None:
        """The purchase with a coupon since a moment."""

    async def read_customer(self, customer: str) -> Diagnosis:
        """A customer, read now in every layer."""

    async def has_arrived(self, event: str) -> bool:
        """Whether an event has got to the app, as Stripe or the app's own ledger tells."""


class _Broken(Exception):
    """It did not come; the text says what."""


class Run:
    """One run.

    Args:
        write: Plans a change, has it confirmed and carries it out; answers what came of it. Raises `Problem` where it did not.
        patience: Seconds for somebody to buy; `arrival` for what follows to arrive.
    """

    def __init__(
        self,
        ground: Ground,
        write: Callable[[Wanted], Awaitable[Change]],
        now: Callable[[], datetime],
        *,
        patience: float = PATIENCE,
        arrival: float = ARRIVAL,
        every: float = EVERY,
    ) -> None:
        self._ground, self._write, self._now = ground, write, now
        self._patience, self._arrival, self._every = patience, arrival, every
        self._since = now()
        self._bought: Bought | None = None
        self.course = beginning("FIRST" + "".join(secrets.choice(_LETTERS) for _ in range(7)))

    async def steps(self) -> AsyncIterator[Course]:
        """Yields the course after each thing that happened; the last one is `over`."""
        legs = (self._coupon, self._checkout, self._arrivals, self._portal, self._again, self._cancel, self._free, self._removal)
        try:
            for leg in legs:
                async for further in leg():
                    yield further
        except (_Broken, Problem) as trouble:
            says = str(trouble) if isinstance(trouble, _Broken) else trouble.message
            self.course = self.course.stopped(self._now(), says)
        self.course = structs.replace(self.course, over=True, todo="")
        yield self.course

    def fail(self, says: str) -> None:
        """It ends here, by no fault of what it looked at."""
        self.course = structs.replace(self.course.stopped(self._now(), says), over=True, todo="")

    # The legs

    async def _coupon(self) -> AsyncIterator[Course]:
        yield self._begin("coupon")
        await self._written(Wanted(action="first coupon", query=self.course.code))
        yield self._tick("coupon", f"The code is {self.course.code}, for one purchase within the hour.")

    async def _checkout(self) -> AsyncIterator[Course]:
        code = self.course.code
        self.course = structs.replace(self.course, todo=f"Buy a plan in the app now, as a customer would, with the code {code}.")
        yield self._begin("checkout")

        async def found() -> bool:
            self._bought = await self._ground.bought_with(code, self._since)
            return self._bought is not None

        await self._until(found, self._patience, f"Nobody has bought with {code}. Does the checkout take promotion codes?")
        self.course = structs.replace(self.course, todo="", customer=self._own.customer)
        yield self._tick("checkout", f"{self._own.customer} has bought {self._own.subscription}.")

    async def _arrivals(self) -> AsyncIterator[Course]:
        for name in _SEEN:
            self._begin(name)
        yield self.course
        waited = self._now()
        while True:
            found = await self._ground.read_customer(self._own.customer)
            states = {hop.name: (hop.state, hop.value) for hop in found.strip}
            # An event as young as this one is judged by nobody else yet.
            states["delivery"] = ("good" if await self._ground.has_arrived(self._own.event) else "bad", "")
            for name in _SEEN:
                state, value = states.get(name, ("off", ""))
                if self.course.hop(name).state == "now" and state in ("good", "off"):
                    yield self._tick(name, value) if state == "good" else self._leave(name, "The app has none.")
            if all(self.course.hop(name).state in ("done", "left out") for name in _SEEN):
                return
            if (self._now() - waited).total_seconds() > self._arrival:
                raise _Broken(f"It did not come within {self._arrival:.0f} s. {found.verdict.headline}")
            await asyncio.sleep(self._every)

    async def _portal(self) -> AsyncIterator[Course]:
        yield self._begin("portal")
        await self._written(Wanted(action="open portal", query=self._own.customer))
        yield self._tick("portal")

    async def _again(self) -> AsyncIterator[Course]:
        yield self._begin("again")
        before = _standing(await self._ground.read_customer(self._own.customer))
        await self._written(Wanted(action="resend", query=self._own.event, options={"again": "yes"}))
        after = _standing(await self._ground.read_customer(self._own.customer))
        if before != after:
            raise _Broken(f"It changed something: {_told(before)} before, {_told(after)} after.")
        yield self._tick("again", _told(after))

    async def _cancel(self) -> AsyncIterator[Course]:
        yield self._begin("cancel")
        await self._written(Wanted(action="cancel", query=self._own.subscription, options={"now": "yes"}))
        yield self._tick("cancel")

    async def _free(self) -> AsyncIterator[Course]:
        yield self._begin("free")
        free, last = self._ground.profile.free, {"": ""}

        async def back() -> bool:
            nonlocal last
            last = _standing(await self._ground.read_customer(self._own.customer))
            return all(plan == free for plan in last.values())

        await self._until(back, self._arrival, "The plan did not go back: what was bought has ended, and somebody still has it.")
        yield self._tick("free", _told(last))

    async def _removal(self) -> AsyncIterator[Course]:
        yield self._begin("removed")
        await self._written(Wanted(action="remove coupon", query=self.course.code))
        yield self._tick("removed")

    # What the legs are made of

    @property
    def _own(self) -> Bought:
        if self._bought is None:
            raise _Broken("Nobody has bought anything.")
        return self._bought

    async def _written(self, wanted: Wanted) -> None:
        change = await self._write(wanted)
        wrong = next((step for step in change.steps if step.state in ("failed", "skipped", "unknown")), None)
        if change.refused or wrong or not change.applied:
            raise _Broken(change.refused or (wrong and wrong.error) or "It was not carried out.")

    async def _until(self, there: Callable[[], Awaitable[bool]], seconds: float, otherwise: str) -> None:
        waited = self._now()
        while not await there():
            if (self._now() - waited).total_seconds() > seconds:
                raise _Broken(otherwise)
            await asyncio.sleep(self._every)

    def _begin(self, name: str) -> Course:
        self.course = self.course.put(name, state="now")
        return self.course

    def _tick(self, name: str, says: str = "") -> Course:
        self.course = self.course.put(name, state="done", at=self._now(), says=says)
        return self.course

    def _leave(self, name: str, says: str) -> Course:
        self.course = self.course.put(name, state="left out", says=says)
        return self.course


def last_run(entries: Iterable[Mapping[str, Any]], profile: Profile) -> datetime | None:
    """When a run of this profile and mode last came to its end, as the journal tells: its coupon is removed last."""
    ended = [
        entry["at"]
        for entry in entries
        if (entry["action"], entry["phase"]) == ("remove coupon", "finished")
        and (entry["profile"], entry["mode"]) == (profile.name, profile.mode)
        and all(step["state"] == "verified" for step in entry["body"]["steps"])
    ]
    return datetime.fromisoformat(ended[-1]) if ended else None


def shop_of(profile: Profile, code: str) -> str:
    """Where the pretend app of the sandbox sells, with a code; "" everywhere else."""
    start, found, _ = profile.webhook_url.partition("/webhook/stripe")
    return f"{start}/buy?code={code}" if found and profile.stripe_api_base.startswith("http://") else ""


def writes_of(profile: Profile) -> Sequence[str]:
    """Everything that a run writes, for whoever has to agree to it."""
    return (
        "makes a coupon of 100 % and its code in Stripe, for one purchase within the hour",
        "opens the customer portal for whoever bought with it",
        f"has Stripe send the event of that purchase to {profile.webhook_url or 'the app'} once more",
        "cancels the subscription that was bought with it, at once",
        "removes the coupon",
    )


def _standing(found: Diagnosis) -> dict[str, str]:
    """The plan in each layer that the app has."""
    layers = found.layers
    return {name: plan for name in ("clerk", "database") if isinstance(plan := getattr(layers, name), str)}


def _told(standing: dict[str, str]) -> str:
    return ", ".join(f"{name} {plan}" for name, plan in standing.items() if name) or "no layer"
