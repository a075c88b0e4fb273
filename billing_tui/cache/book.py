"""Where a sync writes: answers of Stripe in, each as one transaction of rows and of how far that brings the cache.

Bytes become structs and rows in here, in a worker thread, so that the event loop never does. One writer at a time.
"""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

from msgspec import structs

from billing_tui.cache import arranging, pending, state, store
from billing_tui.cache.connections import Connections
from billing_tui.cache.events import gone_of, marks_of, stranger
from billing_tui.cache.objects import (
    ENDED,
    Clock,
    ListedCustomer,
    ListedEvent,
    ListedSubscription,
    Standing,
    Values,
    customer_values,
    event_values,
    price_values,
    product_values,
    subscription_values,
)
from billing_tui.cache.source import PAGE
from billing_tui.cache.standings import is_settled, settle, standings
from billing_tui.cache.state import EVER, State, Window
from billing_tui.cache.store import Table
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Item, Items, Price, Product, Wire
from billing_tui.services.stripe import Page
from billing_tui.services.stripe_api import StripeApi

T = TypeVar("T")
_TYPES: dict[Table, Any] = {
    "products": Product,
    "prices": Price,
    "customers": ListedCustomer,
    "subscriptions": ListedSubscription,
    "events": ListedEvent,
}
_PAGES: dict[Table, Any] = {
    "products": Page[Product],
    "prices": Page[Price],
    "customers": Page[ListedCustomer],
    "subscriptions": Page[ListedSubscription],
    "events": Page[ListedEvent],
}
_CATALOGUE = ("products", "prices")


class Book:
    """The cache as a sync writes it. Coroutines raise `OutOfReach` for a file that can't be used, or an answer without sense."""

    def __init__(self, connections: Connections, api: StripeApi, profile: Profile) -> None:
        self._connections = connections
        self._api = api
        self._profile = profile
        self._one_at_a_time = asyncio.Lock()
        self._standings: dict[str, Standing] = {}
        self._unsettled = True
        self._recent: list[tuple[str, int]] = []
        self.fetched: Counter[str] = Counter()

    async def write(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` answers, in a thread, in a transaction of its own."""

        def written() -> T:
            with self._connections.writing() as database:
                return work(database)

        async with self._one_at_a_time:
            return await asyncio.to_thread(written)

    async def state(self) -> State:
        """How far the cache is."""
        return await self.write(state.load)

    async def begin(self, run: int, now: float, kinds: Sequence[Table], newest_events: bytes) -> None:
        """A full run: its lists from their newest object, and of the events those before the newest, which are taken at once."""

        def begun(database: sqlite3.Connection) -> None:
            page: Page[ListedEvent] = self._api.decode(newest_events, _PAGES["events"])
            windows = [Window(0, kind, 0, EVER) for kind in kinds]
            if page.has_more and page.data:
                windows.append(Window(0, "events", 0, page.data[-1].created, page.data[-1].id))
            state.begin(database, run, now, windows)
            self._put(database, "events", page.data, run)
            self._anchor(database, page.data)

        await self.write(begun)

    async def page(self, table: Table, body: bytes) -> Page[Any]:
        """A page of a list, as structs."""
        return await asyncio.to_thread(self._api.decode, body, _PAGES[table])

    async def keep(self, window: Window, page: Page[Any], run: int, *, done: bool) -> None:
        """A page, and how far it has brought its window."""

        def kept(database: sqlite3.Connection) -> None:
            self._put(database, window.table, page.data, run)
            if window.table in store.SEARCHED and store.unindexed(database, window.table) >= store.BATCH:
                store.index(database, window.table)
            state.move(database, window, done)

        await self.write(kept)

    async def hidden(self, table: Table, body: bytes, run: int) -> tuple[str, bool]:
        """A page of what no list shows: its last id, and whether there is more."""

        def taken(database: sqlite3.Connection) -> tuple[str, bool]:
            page: Page[Any] = self._api.decode(body, _PAGES[table])
            self._put(database, table, page.data, run)
            return (page.data[-1].id, page.has_more) if page.data else ("", False)

        return await self.write(taken)

    async def arrange(self) -> None:
        """Brings everything into the search index and makes what indexes are missing, in steps that hold the file briefly."""
        for table in store.SEARCHED:
            while await self.write(partial(store.index, table=table)):
                pass
        missing = await self.write(arranging.missing)
        for name in missing:
            await self.write(partial(arranging.make, name=name))
        if missing:
            await self.write(arranging.note_figures)

    async def tail(self, body: bytes, run: int, at: float) -> tuple[str, bool, int]:
        """A page of the event tail, as read at a moment: its newest id, whether there is more, and how many events were new."""

        def taken(database: sqlite3.Connection) -> tuple[str, bool, int]:
            page: Page[ListedEvent] = self._api.decode(body, _PAGES["events"])
            new = [event for event in page.data if not _known(database, event.id)]
            waited = pending.still_waiting(database, [event.id for event in page.data])
            store.put(database, "events", [event_values(event) for event in page.data], run)
            pending.note(database, [event.id for event in new if event.pending_webhooks is not None], waited, int(at))
            self.fetched["events"] += len(new)
            for event in reversed(new):
                state.mark(database, marks_of(database, event))
                for customer in gone_of(event):
                    self._gone(database, "customers", customer)
            self._anchor(database, page.data)
            return page.data[0].id if page.data else "", page.has_more, len(new)

        return await self.write(taken)

    async def object(self, table: Table, body: bytes, run: int, items: Sequence[Item] = ()) -> bool:
        """One object read again; whether its items are complete with those given. A deleted one is taken out."""

        def taken(database: sqlite3.Connection) -> bool:
            held = self._api.decode(body, _TYPES[table])
            if items and isinstance(held, ListedSubscription):
                held = structs.replace(held, items=Items(tuple(items)))
            if isinstance(held, ListedSubscription) and held.items.has_more:
                return False
            if getattr(held, "deleted", False):
                self._gone(database, table, held.id)
            else:
                self._put(database, table, [held], run)
                state.unmark(database, table, held.id)
                if table in store.SEARCHED:
                    store.index(database, table)
            if isinstance(held, ListedSubscription) and held.status not in ENDED:
                state.mark(database, stranger(database, held.customer_id))
            return True

        return await self.write(taken)

    async def gone(self, table: Table, object_id: str) -> None:
        """An object is not there any more."""

        def taken(database: sqlite3.Connection) -> None:
            self._gone(database, table, object_id)

        await self.write(taken)

    async def settle(self) -> None:
        """Tiers follow the catalogue and the profile."""

        def settled(database: sqlite3.Connection) -> None:
            if self._unsettled or not is_settled(database, self._profile):
                settle(database, self._profile)
                self._standings = standings(database)
                self._unsettled = False

        await self.write(settled)

    def events(self, body: bytes) -> Page[ListedEvent]:
        """A page of events."""
        return self._api.decode(body, Page[ListedEvent])

    def clocks(self, body: bytes) -> Page[Clock]:
        """A page of test clocks."""
        return self._api.decode(body, Page[Clock])

    def items(self, body: bytes) -> Page[Item]:
        """A page of a subscription's items."""
        return self._api.decode(body, Page[Item])

    def _anchor(self, database: sqlite3.Connection, newest: Sequence[ListedEvent]) -> None:
        self._recent = [*((event.id, event.created) for event in newest), *self._recent][:PAGE]
        state.drop_anchor(database, self._recent)

    def _gone(self, database: sqlite3.Connection, table: Table, object_id: str) -> None:
        store.remove(database, table, [object_id])
        state.unmark(database, table, object_id)
        self._unsettled |= table in _CATALOGUE

    def _put(self, database: sqlite3.Connection, table: Table, held: Sequence[Wire], run: int) -> None:
        store.put(database, table, [self._values(table, each) for each in held], run)
        self.fetched[table] += len(held)
        self._unsettled |= table in _CATALOGUE
        if table == "subscriptions":
            state.mark(
                database, [(table, each.id) for each in held if isinstance(each, ListedSubscription) and each.items.has_more]
            )

    def _values(self, table: Table, held: Any) -> Values:
        match table:
            case "customers":
                return customer_values(held)
            case "subscriptions":
                return subscription_values(held, self._standings, self._profile)
            case "products":
                return product_values(held)
            case "prices":
                return price_values(held)
            case "events":
                return event_values(held)


def _known(database: sqlite3.Connection, event_id: str) -> bool:
    return database.execute("select 1 from events where id = ?", [event_id]).fetchone() is not None
