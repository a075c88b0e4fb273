"""The tickets of this window: what was asked, what is known so far, and the way back."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.problem import Problem

KEPT = 50
"""So many tickets are remembered; the oldest are forgotten first."""


@dataclass(frozen=True)
class Visit:
    """One ticket. `problem` is why there is no more of it; `asking` says that answers are still awaited."""

    text: str
    diagnosis: Diagnosis | None = None
    problem: Problem | None = None
    asking: bool = False
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Visits:
    """Every ticket once, in the order in which they were opened, and which of them is on the screen."""

    def __init__(self) -> None:
        self._visits: list[Visit] = []
        self._here = -1

    @property
    def here(self) -> Visit | None:
        """The ticket on the screen."""
        return self._visits[self._here] if 0 <= self._here < len(self._visits) else None

    @property
    def recent(self) -> tuple[Visit, ...]:
        """The newest first."""
        return tuple(reversed(self._visits))

    def open(self, text: str) -> Visit:
        """Goes to this ticket as to a new one, keeping what was known of it."""
        known = next((visit for visit in self._visits if visit.text == text), None)
        if known:
            self._visits.remove(known)
        visit = replace(known, asking=True, problem=None) if known else Visit(text, asking=True)
        self._visits = [*self._visits, visit][-KEPT:]
        self._here = len(self._visits) - 1
        return visit

    def step(self, by: int) -> Visit | None:
        """Back (-1) or forward (1); None at the ends."""
        there = self._here + by
        if not 0 <= there < len(self._visits):
            return None
        self._here = there
        return self.here

    def learn(self, text: str, **news: object) -> None:
        """Takes down what has become known of a ticket: `diagnosis`, `problem`, `asking`."""
        for number, visit in enumerate(self._visits):
            if visit.text == text:
                self._visits[number] = replace(visit, at=datetime.now(UTC), **news)  # type: ignore[arg-type]
