"""Events on their way: sent again, and not yet known to have arrived.

A few at first, until one is seen to arrive, then some more at a time: an app that does not keep up, or refuses, is noticed while
most is still unsent. What comes in by itself meanwhile, because Stripe goes on trying too, need not be sent any more.
"""

import asyncio
from collections.abc import Sequence

from billing_tui.changes.arrival import PATIENCE, UNPROCESSED, there
from billing_tui.changes.course import Course
from billing_tui.changes.desk import Desk
from billing_tui.model.change import Step
from billing_tui.model.problem import Problem

MOST = 20
_FIRST = 3
_PAUSE = 0.05
_LOOK = 0.25
_ASK = 3.0
"""Seconds between two looks: at the app's ledger, and at Stripe's list, which counts against its limits."""


class Flight:
    """The events of one bulk that are on their way.

    Attributes:
        lost: How many in a row have been waited for in vain, to this moment.
    """

    def __init__(self, course: Course, desk: Desk) -> None:
        self._course, self._desk = course, desk
        self._sent: dict[str, tuple[Step, float]] = {}
        self._seen, self._asked = 0.0, 0.0
        self._sure = False
        self.lost = 0

    def sent(self, step: Step) -> None:
        """One more, unless it was answered already."""
        if not step.attempt:
            self._sent[step.object] = (step, _now())

    async def room(self, ahead: Sequence[Step]) -> bool:
        """Returns when the next may be sent; whether anything was heard of those before, or of those `ahead`."""
        heard = False
        if not self._full() and _now() - self._seen >= _LOOK:
            heard = await self._look(ahead)
        while self._full() and self.lost < _FIRST:
            heard |= await self._look(ahead)
            await asyncio.sleep(_PAUSE if self._full() else 0)
        return heard

    def _full(self) -> bool:
        """Whether those on their way are as many as may be lost, for all that is known."""
        return len(self._sent) >= (MOST if self._sure and not self.lost else _FIRST - self.lost)

    async def _look(self, ahead: Sequence[Step]) -> bool:
        """Asks once where they are, and notes it."""
        asked = [*(step for step, _ in self._sent.values()), *ahead]
        stripe = _now() - self._asked >= _ASK
        self._seen = _now()
        self._asked = self._seen if stripe else self._asked
        try:
            found = await there(self._desk, asked, ask_stripe=stripe)
        except Problem as problem:
            return await self._sort(set(), f"Whether it arrived could not be read: {problem.message}")
        by_itself = [step for step in ahead if step.object in found and step.object not in self._sent]
        self._course.mark(by_itself, "verified")
        return await self._sort(found) or bool(by_itself)

    async def _sort(self, found: set[str], why: str = "") -> bool:
        landed, late = [], []
        for name, (step, at) in list(self._sent.items()):
            if name in found:
                landed.append(step)
                self.lost, self._sure = 0, True
            elif _now() - at > PATIENCE:
                late.append(step)
                self.lost += 1
            else:
                continue
            del self._sent[name]
        self._course.mark(landed, "verified")
        for step in late:
            self._course.mark([step], "failed", error=why or late_words(step))
        if landed or late:
            await self._course.note("verified", self._course.current([*landed, *late]))
        return bool(landed or late)


def late_words(step: Step) -> str:
    """What is said of one that did not arrive."""
    if step.before == UNPROCESSED:
        return "Stripe has sent it again, and the app's ledger does not hold it."
    return "Stripe has sent it again, and it has not arrived."


def _now() -> float:
    return asyncio.get_running_loop().time()
