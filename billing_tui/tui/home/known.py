"""What the cache knows for the Tickets screen: whom a text may mean, and what needs attention. Blocking, for threads."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # the first paint waits for no cache
    from billing_tui.cache.rows import Match
    from billing_tui.cache.shelf import Shelf

MOST = 8
"""So many matches are shown."""
_RETRIED = timedelta(days=3)
"""For so long Stripe tries to deliver an event."""


@dataclass(frozen=True)
class Found:
    """Whom a text may mean, by a cache that was last brought up to date at `read`; None where it never was."""

    text: str = ""
    matches: "tuple[Match, ...]" = ()
    read: datetime | None = None


NOBODY = Found()


@dataclass(frozen=True)
class Concern:
    """Something that needs attention: how many, of what, and the list and words that show them, or the ticket that says why."""

    count: int
    what: str
    note: str
    place: str = ""
    words: str = ""
    ticket: str = ""


@dataclass(frozen=True)
class Concerns:
    """All of them, as of `read`."""

    held: tuple[Concern, ...] = ()
    read: datetime | None = None


NO_CONCERNS = Concerns()
_Place = Literal["customers", "subscriptions"]
_LISTS: tuple[tuple[_Place, str, str, str], ...] = (
    ("subscriptions", "status:past_due", "past due", "a payment failed; Stripe tries again"),
    ("subscriptions", "status:unpaid", "unpaid", "every retry failed"),
    ("subscriptions", "status:incomplete", "incomplete", "the first payment has not gone through"),
    ("customers", "delinquent:yes", "delinquent", "the latest invoice is not paid"),
    ("subscriptions", "ends:<7d ended:no", "ending within 7 days", "a cancellation is scheduled"),
)


def find(shelf: "Shelf", text: str) -> Found:
    """Whom this text may mean."""
    return Found(text, tuple(shelf.find(text, MOST)), shelf.synced_at)


def concerns(shelf: "Shelf") -> Concerns:
    """What needs attention; nothing where the cache was never filled."""
    read = shelf.synced_at
    if read is None:
        return NO_CONCERNS
    return Concerns((*_undelivered(shelf), *_listed(shelf)), read)


def _undelivered(shelf: "Shelf") -> list[Concern]:
    found = shelf.undelivered(datetime.now(UTC) - _RETRIED)
    count = sum(found.types.values())
    note = ", ".join(f"{kind} {number:,}" for kind, number in found.types.items())
    what = f"event{'' if count == 1 else 's'} not delivered when read"
    return [Concern(count, what, note, ticket=found.newest)] if count else []


def _listed(shelf: "Shelf") -> list[Concern]:
    from billing_tui.cache.rows import View

    held = []
    for place, words, what, note in _LISTS:
        count = shelf.count(View(kind=place, words=words))
        one = place.removesuffix("s") if count == 1 else place
        if count:
            held.append(Concern(count, f"{one} {what}", note, place, words))
    return held
