"""A look at everybody: what Clerk and the app's database say of each subject, kept in the cache, and who has drifted.

Page by page, each in a transaction of its own. A layer that can't be read is left as it was, and named.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import TypeVar

from msgspec import Struct

from billing_tui.cache import drift, state, subjects
from billing_tui.cache.connections import Connections
from billing_tui.cache.subjects import Layer, Sighting
from billing_tui.model.clerk import Organization, User
from billing_tui.model.database import AppRow
from billing_tui.model.plans import clerk_plan
from billing_tui.model.problem import OutOfReach, Problem
from billing_tui.model.profile import Profile
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase

T = TypeVar("T")
_PAGE = 500
_ROWS = 2000


class SurveyReport(Struct, frozen=True, kw_only=True):
    """What a survey saw: subjects by layer, paid subjects that were compared, and the layers that could not be read."""

    seen: dict[str, int]
    checked: int
    drifted: int
    missing: dict[str, Problem]


Told = Callable[[int], None]


async def survey(
    services: Services, connections: Connections, profile: Profile, *, now: Callable[[], datetime], tell: Told | None = None
) -> SurveyReport:
    """Looks at every layer that the profile has. Raises `OutOfReach` for a cache that can't be used."""
    seen: dict[str, int] = {}
    missing: dict[str, Problem] = {}
    run = time.time_ns()
    for layer, pages in _sources(services, profile, now):
        try:
            seen[layer] = await _look(connections, layer, pages, run, tell)
        except Problem as problem:
            missing[layer] = problem
    moment = now().timestamp()
    checked, found = await _write(connections, lambda database: _compared(database, profile, list(seen), moment))
    return SurveyReport(seen=seen, checked=checked, drifted=found, missing=missing)


def _sources(
    services: Services, profile: Profile, now: Callable[[], datetime]
) -> Iterator[tuple[Layer, AsyncIterator[list[Sighting]]]]:
    if profile.clerk_plan_field:
        yield "clerk", _in_clerk(services, profile, now)
    if profile.database is not None:
        yield "database", _in_database(services, profile, now)


async def _look(connections: Connections, layer: Layer, pages: AsyncIterator[list[Sighting]], run: int, tell: Told | None) -> int:
    count = 0
    async for page in pages:
        await _write(connections, partial(subjects.note, found=page, run=run))
        count += len(page)
        if tell:
            tell(count)
    await _write(connections, partial(subjects.sweep, layer=layer, run=run))
    return count


async def _in_clerk(services: Services, profile: Profile, now: Callable[[], datetime]) -> AsyncIterator[list[Sighting]]:
    clerk = services.clerk
    if not isinstance(clerk, Clerk):
        raise clerk or OutOfReach("This profile has no Clerk.")
    offset, after = 0, ""
    while True:
        at = now().timestamp()
        held: Sequence[User | Organization]
        if profile.scope == "organization":
            held = await clerk.organizations(offset, _PAGE)
        else:
            held = await clerk.everyone(after, _PAGE)
        yield [of_clerk(each, profile, at) for each in held]
        if len(held) < _PAGE:
            return
        offset, after = offset + len(held), held[-1].id


async def _in_database(services: Services, profile: Profile, now: Callable[[], datetime]) -> AsyncIterator[list[Sighting]]:
    database = services.database
    if not isinstance(database, AppDatabase):
        raise database or OutOfReach("This profile has no database.")
    after: str | None = None
    while True:
        at = now().timestamp()
        rows = await database.rows_after(after, _ROWS)
        yield [of_row(row, profile, at) for row in rows]
        if len(rows) < _ROWS or rows[-1].key == after:
            return
        after = rows[-1].key


def of_clerk(held: User | Organization, profile: Profile, seen: float) -> Sighting:
    """What Clerk says of a subject."""
    path = profile.clerk_fields.get("customer_id")
    customer = held.field(path) if path else None
    emails = held.emails if isinstance(held, User) else ()
    return Sighting(
        layer="clerk",
        key=held.id,
        plan=clerk_plan(held, profile),
        customer=customer if isinstance(customer, str) else "",
        emails=tuple(email.lower() for email in emails),
        seen=seen,
    )


def of_row(row: AppRow, profile: Profile, seen: float) -> Sighting:
    """What the app's database says of a subject."""
    emails = (row.email.lower(),) if row.email else ()
    return Sighting(
        layer="database", key=row.key, plan=row.plan or profile.free, customer=row.customer_id or "", emails=emails, seen=seen
    )


def _compared(database: sqlite3.Connection, profile: Profile, layers: list[str], at: float) -> tuple[int, int]:
    checked = drift.find(database, profile, layers, at)
    state.tell(database, surveyed_at=at, surveyed=",".join(layers))
    return checked, database.execute("select count(*) from drift").fetchone()[0]


async def _write(connections: Connections, work: Callable[[sqlite3.Connection], T]) -> T:
    def written() -> T:
        with connections.writing() as database:
            return work(database)

    return await asyncio.to_thread(written)
