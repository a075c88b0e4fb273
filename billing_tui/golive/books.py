"""What the live database says of people, held against Stripe: a sample of the rows that name something of Stripe or a paid tier.

Every row is read once, a page at a time up to a limit; of those that matter, so many are looked up as a person waits for.
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from billing_tui.diagnosis.asking import gap_from
from billing_tui.model.database import AppRow, Uniques
from billing_tui.model.evidence import Gap, Why, not_asked
from billing_tui.model.grant import grant_of
from billing_tui.model.problem import NotThere, Problem
from billing_tui.model.profile import Profile
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.purpose import Purpose, purpose
from billing_tui.services.stripe import Stripe

WHAT = "the app's live database"
NOT_READ = not_asked(WHAT)
_PAGE, _MOST_PAGES, _SAMPLE, _AT_ONCE = 1000, 5, 24, 6
Standing = Literal["pays", "does not pay", "is not in live mode", "is in test mode", "has no customer", "was given"]


class Seen(Struct, frozen=True):
    """One row, and how it stands with Stripe."""

    key: str
    plan: str
    customer_id: str
    standing: Standing


class Books(Struct, frozen=True):
    """The sample; `rows` were read, `held` of them matter, and `whole` is whether there were no more."""

    rows: int
    held: int
    whole: bool
    seen: tuple[Seen, ...]
    uniques: Uniques | Gap


async def read_books(services: Services, profile: Profile) -> Books | Gap:
    """Everything that the checks of the database look at."""
    database, stripe = services.database, services.stripe
    if database is None:
        return Gap(what=WHAT, why=Why.NOT_CONFIGURED, message="The profile has no database for live mode.")
    if isinstance(database, Problem):
        return gap_from(WHAT, database)
    try:
        rows, whole = await _rows(database)
        held = [row for row in rows if row.customer_id or row.subscription_id or _paid(row, profile)]
        if isinstance(stripe, Problem):
            return gap_from("Stripe", stripe)
        with purpose(Purpose.CONFIGURATION):
            few = asyncio.Semaphore(_AT_ONCE)
            seen = await asyncio.gather(*(_seen(services, stripe, profile, row, few) for row in _spread(held)))
    except Problem as problem:
        return gap_from(WHAT, problem)
    return Books(len(rows), len(held), whole, tuple(seen), await _uniques(database))


async def _uniques(database: AppDatabase) -> Uniques | Gap:
    try:
        return await database.uniques()
    except Problem as problem:
        return gap_from(WHAT, problem)


async def _rows(database: AppDatabase) -> tuple[list[AppRow], bool]:
    rows: list[AppRow] = []
    for _ in range(_MOST_PAGES):
        page = await database.rows_after(rows[-1].key if rows else None, _PAGE)
        rows += page
        if len(page) < _PAGE:
            return rows, True
    return rows, False


def _paid(row: AppRow, profile: Profile) -> bool:
    return profile.rank(row.plan or profile.free) > 0


def _spread(rows: Sequence[AppRow]) -> Sequence[AppRow]:
    """So many of them, from everywhere."""
    if len(rows) <= _SAMPLE:
        return rows
    return [rows[place * len(rows) // _SAMPLE] for place in range(_SAMPLE)]


async def _seen(services: Services, stripe: Stripe, profile: Profile, row: AppRow, few: asyncio.Semaphore) -> Seen:
    async with few:
        standing = await _standing(stripe, profile, row)
        if standing not in ("pays", "is in test mode") and _paid(row, profile) and await _given(services, profile, row):
            standing = "was given"
    return Seen(row.key, row.plan or profile.free, row.customer_id or "", standing)


async def _standing(stripe: Stripe, profile: Profile, row: AppRow) -> Standing:
    if not row.customer_id:
        return "has no customer"
    try:
        customer = await stripe.customer(row.customer_id)
    except NotThere as problem:
        return "is in test mode" if problem.other_mode == "test" else "is not in live mode"
    held = customer.subscriptions.data if customer.subscriptions else ()
    return "pays" if any(one.status in profile.paid_statuses for one in held) else "does not pay"


async def _given(services: Services, profile: Profile, row: AppRow) -> bool:
    """Whether Clerk holds the mark of a given plan."""
    table = profile.database
    if not isinstance(services.clerk, Clerk) or table is None or table.key_is != "clerk_id":
        return False
    try:
        holder: object = await (
            services.clerk.organization(row.key) if profile.scope == "organization" else services.clerk.user(row.key)
        )
    except NotThere:
        return False
    return grant_of(holder) is not None
