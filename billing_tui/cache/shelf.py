"""What screens and scripts ask of the cache: a window of rows, a count, a search, an object and what belongs to it.

Everything blocks on a local file and on nothing else; call it from worker threads, as many as there are. Nothing in here writes,
and nothing in here knows the network.
"""

import sqlite3
from array import array
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, overload

from billing_tui.cache import completing, drift, persons, queries, state, tiers
from billing_tui.cache.connections import Connections
from billing_tui.cache.delivery_times import DeliveryTimes, delivery_times
from billing_tui.cache.drift import Drifted
from billing_tui.cache.filters import understood
from billing_tui.cache.health import Health, health
from billing_tui.cache.pending import Hour, hours
from billing_tui.cache.persons import Person
from billing_tui.cache.rows import (
    CustomerRow,
    EventRow,
    ItemRow,
    Kind,
    Match,
    PriceRow,
    Row,
    Sent,
    SubscriptionRow,
    TierRow,
    View,
)
from billing_tui.cache.standings import is_settled, settle
from billing_tui.cache.undelivered import Recent, Undelivered, recent, undelivered
from billing_tui.model.moment import from_unix
from billing_tui.model.profile import Profile
from billing_tui.model.query import Query

__all__ = [
    "CustomerRow", "EventRow", "ItemRow", "Kind", "Match", "PriceRow", "Row", "Shelf", "SubscriptionRow", "TierRow", "View",
    "open_shelf",
]  # fmt: skip


Place = Path | Callable[[], Path | None] | None


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Shelf:
    """The cache of one account in one mode, for reading. Safe to share among threads.

    Every method raises `OutOfReach` where the file can't be read, and empties a damaged one first.
    """

    def __init__(self, place: Place, *, profile: Profile | None = None, now: Callable[[], datetime] = _utc_now) -> None:
        self._connections = Connections(place)
        self._unsettled = profile
        self._now = now

    def count(self, view: View) -> int:
        """How many rows a view has. Raises `BadUsage` naming the filter word or column that is not understood."""
        with self._reading() as database:
            return queries.count(database, view.kind, understood(view, self._now()))

    def ids(self, view: View, limit: int | None = None) -> "array[int]":
        """The row numbers of a view, `array('I')`, in its order. Raises what `count` does."""
        with self._reading() as database:
            return queries.numbers(database, view, self._now(), limit)

    @overload
    def rows(self, kind: Literal["customers"], numbers: Sequence[int]) -> list[CustomerRow | None]: ...
    @overload
    def rows(self, kind: Literal["subscriptions"], numbers: Sequence[int]) -> list[SubscriptionRow | None]: ...
    @overload
    def rows(self, kind: Literal["events"], numbers: Sequence[int]) -> list[EventRow | None]: ...
    def rows(self, kind: Kind, numbers: Sequence[int]) -> Sequence[Row | None]:
        """The rows with these numbers, in the same order; None for one that is gone since."""
        with self._reading() as database:
            found = {row.n: row for row in queries.by_number(database, kind, numbers)}
        return [found.get(number) for number in numbers]

    @overload
    def one(self, kind: Literal["customers"], object_id: str) -> CustomerRow | None: ...
    @overload
    def one(self, kind: Literal["subscriptions"], object_id: str) -> SubscriptionRow | None: ...
    @overload
    def one(self, kind: Literal["events"], object_id: str) -> EventRow | None: ...
    def one(self, kind: Kind, object_id: str) -> Row | None:
        """One object by its id (`cus_…`, `sub_…`, `evt_…`)."""
        with self._reading() as database:
            return next(iter(queries.having(database, kind, "id", object_id)), None)

    def customer_of(self, subscription_id: str) -> CustomerRow | None:
        """Whose subscription it is; None where the customer was deleted or is not cached."""
        held = self.one("subscriptions", subscription_id)
        return self.one("customers", held.customer_id) if held else None

    def subscriptions_of(self, customer_id: str) -> list[SubscriptionRow]:
        """All of a customer's, newest first."""
        with self._reading() as database:
            return queries.having(database, "subscriptions", "customer", customer_id)

    def events_of(self, object_id: str, limit: int = 100) -> list[EventRow]:
        """What happened to a customer, a subscription or any other object, newest first."""
        with self._reading() as database:
            return queries.events_of(database, object_id, limit)

    def undelivered(self, since: datetime) -> Undelivered:
        """Events made since then that some endpoint had not taken when they were last read."""
        with self._reading() as database:
            return undelivered(database, int(since.timestamp()), int(self._now().timestamp()))

    def recent(self, types: Collection[str], since: datetime, most: int = 50) -> list[Recent]:
        """The newest events of these types, or of all, since then, and whether each was taken when last read."""
        with self._reading() as database:
            return recent(database, types, int(since.timestamp()), most)

    def hours(self) -> list[Hour]:
        """The last day's events by the hour, oldest first."""
        with self._reading() as database:
            return hours(database, int(self._now().timestamp()))

    def health(self, sent: Sent) -> dict[str, Health]:
        """How each of these endpoints is doing, by its id."""
        now = int(self._now().timestamp())
        with self._reading() as database:
            return {held.id: health(database, held, sent, now) for held in sent.endpoints}

    def delivery_times(self, types: Collection[str], days: float, before: float = 0.0) -> DeliveryTimes:
        """How long deliveries of these types took, or of all, over so many days that ended so many days ago; at most."""
        until = int(self._now().timestamp() - before * 86400)
        with self._reading() as database:
            return delivery_times(database, types, until - int(days * 86400), until)

    def find(self, text: str, limit: int = 20) -> list[Match]:
        """Customers whose e-mail, name, id or metadata holds this text, as one types; those by prefix of the e-mail first."""
        with self._reading() as database:
            return queries.find(database, text, limit)

    def person(self, query: Query) -> Person | None:
        """All that is held of whoever a ticket's query names; None where that is nobody, or where nothing was ever synced."""
        with self._reading() as database:
            return persons.person(database, query)

    def drifted(self, cause: str = "", limit: int | None = None) -> list[Drifted]:
        """Whoever paid and lacked it when Clerk and the database were last looked at, worst first."""
        with self._reading() as database:
            return drift.drifted(database, cause, limit)

    @property
    def surveyed(self) -> tuple[datetime | None, tuple[str, ...]]:
        """When Clerk and the database were last looked at, and which of them could be."""
        with self._reading() as database:
            return state.surveyed(database)

    def tiers(self) -> list[TierRow]:
        """The app's tiers with their prices, subscribers and revenue."""
        with self._reading() as database:
            return tiers.standing(database)

    def complete(self, kind: Kind, word: str) -> list[str]:
        """What the filter word being typed may become: `sta` → `status:`, `status:pa` → `status:past_due`, `status:paused`."""
        with self._reading() as database:
            return completing.complete(database, kind, word)

    def totals(self) -> dict[str, int]:
        """How many rows of each kind there are."""
        with self._reading() as database:
            return queries.totals(database)

    @property
    def synced_at(self) -> datetime | None:
        """When the cache was last brought fully up to date; None if it never was."""
        with self._reading() as database:
            seconds = queries.synced_at(database)
        return from_unix(seconds) if seconds else None

    @property
    def is_whole(self) -> bool:
        """Whether the whole account was read, and lately enough for events to tell everything since, if they may be read."""
        with self._reading() as database:
            held = state.load(database)
        return held.phase == "done" and "events" not in held.lacking and not held.is_gap(self._now())

    @property
    def lacking(self) -> Mapping[str, str]:
        """The kinds that the key could not list, each with the permission's name in Stripe's Dashboard, "" where unknown."""
        with self._reading() as database:
            return {str(kind): permission for kind, permission in state.load(database).lacking.items()}

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        profile, self._unsettled = self._unsettled, None
        if profile is not None:
            with self._connections.reading() as database:
                settled = is_settled(database, profile)
            if not settled:
                with self._connections.writing() as database:
                    settle(database, profile)
        with self._connections.reading() as database:
            yield database

    def move(self, path: Path) -> None:
        """From now on the cache is in this file."""
        self._connections.move(path)

    def close(self) -> None:
        """Lets go of the file."""
        self._connections.close()


def open_shelf(place: Place, *, profile: Profile | None = None, now: Callable[[], datetime] = _utc_now) -> Shelf:
    """The cache in this file, empty where there is none yet, or no file. No I/O before the first question: that is also when
    a `place` that finds the file is called.

    With a profile, tiers are what its chain of places makes of the catalogue, even if that was another when it was synced.
    """
    return Shelf(place, profile=profile, now=now)
