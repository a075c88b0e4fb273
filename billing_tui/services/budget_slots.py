"""When the next request may go out, given those that went before: pure arithmetic on a clock that everybody shares.

Two promises: no more than `rate` in any second, whoever asks; and patient requests evenly spaced, so that a server that counts
in buckets of its own never sees a burst of them. Somebody's ticket may use what is left of the second at once.
"""

from array import array
from dataclasses import dataclass, field

# Requests arrive a little early or late, so the second that is counted is longer by what a busy machine or server adds: a burst
# takes its time to get through.
SECOND = SPACING = 1.02
SECOND_OF_HASTE = SPACING_OF_HASTE = 1.3
# Requests that went out this much closer than evenly reach the server in a heap, some of them late.
_BURST = 0.7
# How far behind its schedule a patient request may be and still catch up, in spaces.
_LAG = 6.0


@dataclass(frozen=True, slots=True)
class Slots:
    """`times` are the latest requests' moments in order, `due` when the next patient one is due."""

    times: "array[float]" = field(default_factory=lambda: array("d"))
    due: float = 0.0

    def free(self, rate: float, now: float, *, patient: bool) -> float:
        """The first moment at which one more may go out."""
        most = max(int(rate), 1)
        at = max(now, self.times[-1]) if self.times else now
        if len(self.times) >= most:
            burst = self.times[-1] - self.times[-most] < _BURST * (most - 1) / rate
            second = SECOND if patient and not burst else SECOND_OF_HASTE
            at = max(at, self.times[-most] + max(second, most / rate))
        return max(at, self.due) if patient else at


def taken(slots: Slots, rate: float, at: float, now: float, *, patient: bool) -> Slots:
    """The same with one more request at a moment."""
    space = SPACING / rate
    # Only who asks late may catch up: who was held back by a full second is on time, or the heap would last for ever.
    due = at if at > max(now, slots.due) else max(slots.due, now - _LAG * space)
    kept = array("d", slots.times[-max(int(rate), 1) + 1 :] if rate >= 2 else [])
    kept.append(at)
    return Slots(kept, due + (space if patient else SPACING_OF_HASTE / rate))


def given_back(slots: Slots, at: float | None) -> Slots:
    """The same without the request that was to go out at a moment, and did not."""
    if at is None or at not in slots.times:
        return slots
    held = array("d", slots.times)
    held.remove(at)
    return Slots(held, slots.due)


def after_limit(slots: Slots, until: float) -> Slots:
    """The same, with nothing going out before a moment."""
    if slots.times and slots.times[-1] >= until:
        return slots
    return Slots(array("d", [*slots.times, until]), max(slots.due, until))
