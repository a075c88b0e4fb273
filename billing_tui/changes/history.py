"""What the journal tells, plan by plan: each put together again from its entries, with how it ended. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct, structs

from billing_tui.model.change import Change, Step, StepState, with_state
from billing_tui.model.delivery import Attempt, DeliveryLog

Outcome = Literal["verified", "partly failed", "failed", "outcome unknown", "under way", "not sent"]
_AFTER: dict[str, StepState] = {"sending": "unknown"}


class Told(Struct, frozen=True):
    """One plan as the journal tells it; `entry` is the number of its first entry."""

    entry: int
    who: str
    origin: str
    change: Change
    phases: tuple[str, ...]

    @property
    def unfinished(self) -> bool:
        """Whether something was sent and nobody wrote down how it ended."""
        return "sending" in self.phases and "finished" not in self.phases

    @property
    def outcome(self) -> Outcome:
        """How it ended, in a word or two."""
        if "sending" not in self.phases:
            return "not sent"
        states = {step.state for step in self.change.steps}
        if self.unfinished:
            return "outcome unknown" if "reconciled" in self.phases else "under way"
        if states == {"verified"}:
            return "verified"
        if "unknown" in states:
            return "outcome unknown"
        return "partly failed" if states & {"verified", "applied"} else "failed"


class Written(Struct, frozen=True):
    """The whole journal: its plans, newest first, and the first entry that does not follow from the one before, if any."""

    plans: tuple[Told, ...]
    broken_at: int | None


def told(entries: Iterable[Mapping[str, Any]]) -> list[Told]:
    """Every plan that the entries tell of, in the order in which they began."""
    found: dict[str, _Telling] = {}
    for entry in entries:
        plan_id = entry["plan_id"]
        if plan_id not in found:
            found[plan_id] = _Telling(entry)
        found[plan_id].add(entry)
    return [each.told() for each in found.values()]


class _Telling:
    """One plan while its entries are read; a bulk has thousands of both."""

    def __init__(self, entry: Mapping[str, Any]) -> None:
        self._first = _first(entry)
        self._steps = {step.name: step for step in self._first.change.steps}
        self._phases: list[str] = []

    def add(self, entry: Mapping[str, Any]) -> None:
        phase = entry["phase"]
        self._phases.append(phase)
        for step in _steps(entry["body"]) if phase != "planned" else ():
            if step.name in self._steps:
                self._steps[step.name] = _after(step, phase)

    def told(self) -> Told:
        last = self._phases[-1]
        change = structs.replace(self._first.change, steps=tuple(self._steps.values()), applied=last == "finished")
        return structs.replace(self._first, phases=tuple(self._phases), change=change)


def _first(entry: Mapping[str, Any]) -> Told:
    body = entry["body"]
    change = Change(
        plan_id=entry["plan_id"],
        action=entry["action"],
        profile=entry["profile"],
        mode=entry["mode"],
        account=entry["account"] or None,
        at=datetime.fromisoformat(entry["at"]),
        query=body.get("query", ""),
        subject=entry["subject"],
        named_user=body.get("user", ""),
        options=body.get("options", {}),
        rule=body.get("rule", ""),
        customer_id=entry["customer_id"] or None,
        title=body.get("title", ""),
        because=body.get("because", ""),
        steps=_steps(body),
        confirm=(entry["customer_id"] or entry["subject"])[-4:],
    )
    return Told(entry["id"], entry["who"], entry["origin"], change, ())


def _after(step: Step, phase: str) -> Step:
    """A step as an entry tells it: while it is being sent, nobody knows."""
    return with_state(step, _AFTER[phase]) if phase in _AFTER else step


def _steps(body: Mapping[str, Any]) -> tuple[Step, ...]:
    return msgspec.convert(body["steps"], tuple[Step, ...])


def attempts_told(entries: Iterable[Mapping[str, Any]]) -> dict[str, list[Attempt]]:
    """By event: what this tool sent again, oldest first; through Stripe nobody sees an answer."""
    found: dict[str, list[Attempt]] = {}
    for one in told(entries):
        for step in one.change.steps:
            if step.field == "delivery" and step.state not in ("planned", "skipped", "unchanged"):
                found.setdefault(step.object, []).append(step.attempt or Attempt(at=one.change.at, via="stripe"))
    return found


def with_attempts(log: DeliveryLog, attempts: Mapping[str, list[Attempt]]) -> DeliveryLog:
    """A delivery log with this tool's own attempts, at the endpoint of the app."""
    held = tuple(structs.replace(one, attempts=tuple(attempts.get(one.event, ()))) for one in log.deliveries)
    return structs.replace(log, deliveries=held)
