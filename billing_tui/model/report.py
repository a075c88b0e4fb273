"""What came of a bulk, in figures: how many events arrived, how many did not and why, who was re-synced, how long. Pure."""

from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from billing_tui.model.change import Change, Step, StepState
from billing_tui.model.moment import lasting
from billing_tui.model.text import plural

_REPORTED = ("resend", "recover", "resync several")
_WRONG: tuple[StepState, ...] = ("failed", "unknown")
_WORST_FIRST: tuple[StepState, ...] = ("failed", "unknown", "skipped", "planned", "applied", "verified", "unchanged")


class Report(Struct, frozen=True, kw_only=True):
    """`events` and `people` are what was planned; each of them is in one of the figures that follow.

    `arrived_before` are events that came in by themselves before they were sent; `failures` say why, with how many; `left` are
    steps that were never begun.
    """

    events: int
    arrived: int
    arrived_before: int
    people: int
    synced: int
    failures: Mapping[str, int]
    left: int
    seconds: float

    @property
    def done(self) -> int:
        """What has been settled, one way or another."""
        return self.arrived + self.arrived_before + self.synced + sum(self.failures.values())


def report_of(change: Change) -> Report | None:
    """The figures as far as it is; None for a change that is not about events or people by the dozen."""
    if change.action not in _REPORTED:
        return None
    sent = [step for step in change.steps if step.field == "delivery"]
    people: dict[str, list[Step]] = {}
    for step in change.writes:
        if step.field != "delivery":
            people.setdefault(step.whose or step.object, []).append(step)
    arrived = sum(step.state == "verified" for step in sent)
    by_itself = sum(step.state == "verified" and not step.request_id and not step.attempt for step in sent)
    whole = [_as_one(steps) for steps in people.values()]
    failures = Counter(step.error or "Nobody can say how it ended." for step in (*sent, *whole) if step.state in _WRONG)
    return Report(
        events=len(sent),
        arrived=arrived - by_itself,
        arrived_before=by_itself + sum(step.state == "unchanged" for step in sent),
        people=len(people),
        synced=sum(step.state == "verified" for step in whole),
        failures=dict(failures.most_common()),
        left=sum(step.state == "skipped" for step in (*sent, *whole)),
        seconds=change.took,
    )


def _as_one(steps: list[Step]) -> Step:
    """The step that says how it went with somebody: the worst of theirs."""
    return min(steps, key=lambda step: _WORST_FIRST.index(step.state))


def told(report: Report) -> tuple[str, ...]:
    """The report in sentences, what went well first."""
    took = f" in {lasting(report.seconds)}" if report.seconds else ""
    by_itself = f"; {report.arrived_before:,} had come in by themselves" if report.arrived_before else ""
    arrived = f"{report.arrived:,} of {plural(report.events, 'event')} arrived{took}{by_itself}."
    synced = f"{report.synced:,} of {plural(report.people, 'person', 'people')} re-synced."
    return (
        *((arrived,) if report.events else ()),
        *((synced,) if report.people else ()),
        *(f"{count:,} failed: {why}" for why, count in report.failures.items()),
        *((f"{report.left:,} were not begun. The same again takes up what is left.",) if report.left else ()),
    )
