"""Bringing a cache up to date: all of it once, and from then on only what the event tail says has changed.

A full run notes the newest event before it lists anything, lists everything, takes out what it has not seen, and then reads
again whatever an event since has touched: what the account was while it was listed makes no difference to the end.
"""

import asyncio
import fcntl
import sqlite3
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from billing_tui.cache import listing, state, store
from billing_tui.cache.book import Book
from billing_tui.cache.clocks import read_clocks
from billing_tui.cache.connections import Connections
from billing_tui.cache.listing import MOST_AT_ONCE, Listing
from billing_tui.cache.queries import totals
from billing_tui.cache.source import Source
from billing_tui.cache.state import State
from billing_tui.cache.store import Table
from billing_tui.model.problem import KeyRefused, NotThere, OutOfReach
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Item
from billing_tui.services.purpose import Purpose, counting, purpose
from billing_tui.services.stripe import Stripe
from billing_tui.settings.paths import private_dir, private_file

_ROUNDS = 3
_POLL = 0.2
_NOTHING = b'{"object": "list", "data": [], "has_more": false}'
Kind = Literal["full", "incremental", "resumed"]


class Progress(Struct, frozen=True, kw_only=True):
    """How a sync is getting on. `left` is a guess in seconds, None where there is none; `waiting` for another window's sync."""

    rows: int
    requests: int
    left: float | None = None
    waiting: bool = False


class SyncReport(Struct, frozen=True, kw_only=True):
    """What a sync did. `rows` are what the cache holds now, `fetched` what came, by kind.

    `lacking` are the kinds that the key may not read, each with the permission's name in Stripe's Dashboard where that is known.
    """

    kind: Kind
    rows: Mapping[str, int]
    fetched: Mapping[str, int]
    requests: int
    rate_limited: int
    elapsed_ms: int
    events_gap: bool
    lacking: Mapping[str, str]


Tell = Callable[[Progress], None]


async def sync(
    stripe: Stripe,
    find: Callable[[], Awaitable[Path]],
    profile: Profile,
    *,
    now: Callable[[], datetime],
    full: bool = False,
    tell: Tell | None = None,
) -> SyncReport:
    """Brings the cache up to date that `find` names, which may ask Stripe itself. Cancelling it keeps what was done; so does any
    other end.

    One sync at a time writes a cache, in whichever process; others wait for it, and then read the tail.

    Raises:
        KeyRefused: The key is wrong or expired, or may read neither customers nor subscriptions. Without one list it goes on.
        OutOfReach: Stripe, or the cache's file.
    """
    context, tally = counting()

    async def synced() -> SyncReport:
        with purpose(Purpose.SYNC):
            path = await find()
            async with _alone(path, tell):
                return await _synced(stripe, path, profile, Telling(now, tell, tally), full)

    task = asyncio.get_running_loop().create_task(synced(), context=context)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise


class Telling(NamedTuple):
    """What a sync looks at and speaks to: the clock, whoever draws its progress, the count of its requests."""

    now: Callable[[], datetime]
    tell: Tell | None
    tally: Counter[str]


async def _synced(stripe: Stripe, path: Path, profile: Profile, telling: Telling, full: bool) -> SyncReport:
    connections = Connections(path)
    try:
        for last in (False, True):
            try:
                return await Sync(stripe, connections, profile, telling).run(full=full)
            except OutOfReach as problem:
                if last or problem.code != "cache_damaged":
                    raise
    finally:
        connections.close()
    raise AssertionError("the last attempt returns or raises")


@asynccontextmanager
async def _alone(path: Path, tell: Tell | None) -> AsyncIterator[None]:
    """While inside, no other sync writes this cache; the system lets go if this process dies."""
    await asyncio.to_thread(private_dir, path.parent)
    lock = await asyncio.to_thread(private_file, path.with_name(path.name + ".sync"))
    with lock.open("a") as held:
        while True:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if tell:
                    tell(Progress(rows=0, requests=0, waiting=True))
                await asyncio.sleep(_POLL)
        yield


class Sync:
    """One sync of one cache."""

    def __init__(self, stripe: Stripe, connections: Connections, profile: Profile, telling: Telling) -> None:
        self._source = Source(stripe.api)
        self._book = Book(connections, stripe.api, profile)
        self._mode = profile.mode
        self._rate = float(profile.limits.stripe_requests_per_second)
        self._now, self._tell, self._tally = telling
        self._started = time.monotonic()
        self._lacking: dict[Table, str] = {}

    async def run(self, *, full: bool) -> SyncReport:
        """The sync that the cache needs, or the whole of it."""
        await self._book.settle()
        held = await self._book.state()
        gap = held.phase != "" and held.is_gap(self._now())
        # Without events nothing tells what has changed.
        blind = held.phase == "done" and "events" in held.lacking
        kind: Kind = "full" if full or gap or blind or not held.phase else "incremental"
        if held.phase in ("listing", "healing") and not gap:
            kind = "resumed"
        if kind == "resumed":
            self._lacking = dict(held.lacking)
        if kind != "full":
            try:
                await self._look_again(held)
                await self._continue(held)
            except _CursorGone:
                gap, kind = True, "full"
            except _Blind:
                kind = "full"
        if kind == "full":
            self._lacking.clear()
            await self._begin(held.run + 1)
            await self._continue(await self._book.state())
        return await self._report(kind, gap)

    async def _begin(self, run: int) -> None:
        refused: KeyRefused | None = None
        try:
            body = await self._source.events()
        except KeyRefused as problem:
            refused, body = problem, _NOTHING
        kinds: tuple[Table, ...] = ("products", "prices", "customers", "subscriptions")
        await self._book.begin(run, self._now().timestamp(), kinds, body)
        if refused:
            await self._refused("events", refused)

    async def _continue(self, held: State) -> None:
        if held.phase == "listing":
            await self._list(held.run)
            if self._mode == "test":
                await read_clocks(self._source, self._book, held.run)
            await self._book.write(lambda database: _listed(database, held.run, self._lacking))
        if held.phase != "done":
            await self._book.arrange()
        for _ in range(_ROUNDS):
            new = await self._tail(held.run)
            await self._refresh(held.run)
            if not new or held.phase == "done":
                break
        await self._book.settle()
        ended = self._now().timestamp()
        await self._book.write(lambda database: state.tell(database, phase="done", synced_at=ended))
        await self._book.write(lambda database: state.lack(database, self._lacking))

    async def _look_again(self, held: State) -> None:
        """Reads what the key could not be used for when it was last looked at, if it may by now."""
        wanted = [table for table in held.lacking if table != "events"]
        if held.phase == "done" and wanted:
            await self._book.write(lambda database: state.open_again(database, wanted))
            await self._list(held.run)
            await self._book.arrange()

    async def _list(self, run: int) -> None:
        await Listing(self._source, self._book, run, self._rate, listing.Telling(self._progressed, self._refused)).finish()

    async def _refused(self, table: Table, problem: KeyRefused) -> None:
        """Notes that the key lacks a permission, and goes on with the rest. Raises it where it is more than that."""
        if problem.code != "permission":
            raise problem
        self._lacking[table] = problem.permission
        await self._book.write(lambda database: state.lack(database, self._lacking))
        if {"customers", "subscriptions"} <= self._lacking.keys():
            raise problem

    async def _tail(self, run: int) -> int:
        """Reads the events since the last; how many were new."""
        if "events" in self._lacking:
            return 0
        try:
            return await self._new_events(run)
        except KeyRefused as problem:
            await self._refused("events", problem)
            if (await self._book.state()).phase == "done":
                raise _Blind from problem
            return 0

    async def _new_events(self, run: int) -> int:
        cursor = (await self._book.state()).anchor
        if not cursor:
            return await self._all_events(run)
        total, more = 0, True
        while more:
            try:
                body = await self._source.events(ending_before=cursor)
            except NotThere as problem:
                raise _CursorGone from problem
            newest, more, new = await self._book.tail(body, run, self._now().timestamp())
            cursor, more = newest or cursor, more and bool(newest)
            total += new
            self._progressed(None)
        return total

    async def _all_events(self, run: int) -> int:
        """The same where none was seen yet: taken oldest first, so that an interruption leaves none out."""
        bodies = [await self._source.events()]
        while (page := self._book.events(bodies[-1])).has_more and page.data:
            bodies.append(await self._source.events(starting_after=page.data[-1].id))
        return sum([(await self._book.tail(body, run, self._now().timestamp()))[2] for body in reversed(bodies)])

    async def _refresh(self, run: int) -> None:
        """Reads again what is marked, and what that marks."""
        under_way = asyncio.Semaphore(MOST_AT_ONCE)

        async def one(table: Table, object_id: str) -> None:
            async with under_way:
                await self._reread(table, object_id, run)
                self._progressed(None)

        while stale := [held for held in await self._book.write(state.marked) if held[0] not in self._lacking]:
            await all_or_none([one(table, object_id) for table, object_id in stale])

    async def _reread(self, table: Table, object_id: str, run: int) -> None:
        try:
            body = await self._source.one(table, object_id)
            if not await self._book.object(table, body, run):
                await self._book.object(table, body, run, await self._items(object_id))
        except NotThere:
            await self._book.gone(table, object_id)
        except KeyRefused as problem:
            await self._refused(table, problem)

    async def _items(self, subscription_id: str) -> list[Item]:
        found: list[Item] = []
        more = True
        while more:
            page = self._book.items(await self._source.items(subscription_id, found[-1].id if found else ""))
            found += page.data
            more = page.has_more and bool(page.data)
        return found

    def _progressed(self, left: float | None) -> None:
        if self._tell:
            self._tell(Progress(rows=self._book.fetched.total(), requests=self._tally["sync"], left=left))

    async def _report(self, kind: Kind, gap: bool) -> SyncReport:
        held = await self._book.write(totals)
        return SyncReport(
            kind=kind,
            rows=held,
            fetched={name: self._book.fetched[name] for name in held},
            requests=self._tally["sync"],
            rate_limited=self._tally["rate_limited"],
            elapsed_ms=round((time.monotonic() - self._started) * 1000),
            events_gap=gap,
            lacking={str(table): permission for table, permission in self._lacking.items()},
        )


async def all_or_none(work: Sequence[Coroutine[None, None, None]]) -> None:
    """Runs them at once; the first failure ends the others, and is raised."""
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _CursorGone(Exception):
    """Stripe no longer knows the event that the tail begins after."""


class _Blind(Exception):
    """The key may not read what has changed."""


def _listed(database: sqlite3.Connection, run: int, lacking: Collection[Table]) -> None:
    """Everything that a list shows was seen; what no list shows is looked at one by one. What could not be listed stays."""
    store.remove_unseen(database, run, lacking)
    for table in [table for table in ("customers", "subscriptions") if table not in lacking]:
        unseen = database.execute(f"select id from {table} where run <> ?", [run])  # noqa: S608 - constants
        state.mark(database, [(table, row["id"]) for row in unseen])
    state.tell(database, phase="healing")
