"""Reads of one thing each, as the rounds ask for them: within the ticket's budget, noted where they belong.

A read that the budget has no room for is left out; what it would have told stays a gap.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

from billing_tui.diagnosis.asking import ask, ask_for_one
from billing_tui.model.database import AppRow, LedgerEntry
from billing_tui.model.evidence import DeadCustomer, Gap, Why, known
from billing_tui.model.problem import NotThere
from billing_tui.model.stripe import Customer, Subscription
from billing_tui.services.database import AppDatabase
from billing_tui.services.stripe import Page

if TYPE_CHECKING:
    from billing_tui.diagnosis.gather import Gathering

CUSTOMERS = "Stripe's customers"


def add_customers(g: "Gathering", found: Iterable[Customer]) -> None:
    """Notes customers beside those already known, deleted ones left out."""
    held = {customer.id: customer for customer in known(g.evidence.customers, ())}
    for customer in found:
        if not customer.deleted:
            held.setdefault(customer.id, customer)
    g.note(customers=tuple(held.values()))


async def read_customer(g: "Gathering", customer_id: str) -> None:
    """A customer whom something of the app's names; one that is not there is evidence too."""
    if not g.may_ask():
        return
    try:
        customer = await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.customer(customer_id))
    except NotThere as problem:
        g.note(dead_customer=DeadCustomer(customer_id, problem.other_mode, problem.message))
        return
    if isinstance(customer, Gap):
        g.note(dead_customer=customer)
    else:
        add_customers(g, [customer])


async def read_subscriptions(g: "Gathering", customer_id: str) -> None:
    if not g.may_ask():
        return
    what = "Stripe's subscriptions"
    page = await ask_for_one(what, g.services.stripe, lambda stripe: stripe.subscriptions(customer_id))
    found: tuple[Subscription, ...] | Gap = page if isinstance(page, Gap) else page.data if page else ()
    if isinstance(page, Page) and page.has_more:
        found = Gap(what=what, why=Why.FAILED, message=f"{customer_id} has more than a hundred subscriptions.", exit_code=5)
    g.note(subscriptions={**g.evidence.subscriptions, customer_id: found})


async def read_sessions(g: "Gathering", by: Literal["customer", "customer_details[email]"], value: str) -> None:
    if not g.may_ask():
        return
    what = "Stripe's checkout sessions"
    page = await ask_for_one(what, g.services.stripe, lambda stripe: stripe.sessions(by, value))
    if isinstance(page, Gap):
        g.note(sessions=page)
    else:
        held = {session.id: session for session in (*known(g.evidence.sessions, ()), *(page.data if page else ()))}
        g.note(sessions=tuple(sorted(held.values(), key=lambda session: -session.created)))


async def read_charges(g: "Gathering", customer_id: str) -> None:
    if not g.may_ask():
        return
    page = await ask_for_one("Stripe's charges", g.services.stripe, lambda stripe: stripe.charges(customer_id))
    g.note(charges=page if isinstance(page, Gap) else page.data if page else ())


async def read_users(g: "Gathering", emails: list[str]) -> None:
    if g.services.clerk is None or not g.may_ask():
        return
    spellings = list(dict.fromkeys(spelling for email in emails for spelling in (email, email.lower())))
    g.note(users=await ask("Clerk's users", g.services.clerk, lambda clerk: clerk.users(spellings)))


async def read_user(g: "Gathering", user_id: str) -> None:
    if user_id in g.evidence.linked or g.services.clerk is None or not g.may_ask():
        return
    found = await ask_for_one("Clerk's users", g.services.clerk, lambda clerk: clerk.user(user_id))
    g.note(linked={**g.evidence.linked, user_id: found})


async def read_organization(g: "Gathering", organization_id: str) -> None:
    if g.services.clerk is None or not g.may_ask():
        return
    what = "Clerk's organizations"
    g.note(organization=await ask_for_one(what, g.services.clerk, lambda clerk: clerk.organization(organization_id)))


async def read_rows(g: "Gathering", *, key: str | None = None, email: str | None = None, customer_id: str | None = None) -> None:
    table = g.profile.database
    if table is None:
        return
    by_key = {"clerk_id": key, "customer_id": customer_id, "email": None}[table.key_is]

    async def call(database: AppDatabase) -> list[AppRow]:
        return await database.rows_by(key=by_key, email=email, customer_id=customer_id)

    found = await ask("the app's database", g.services.database, call)
    if isinstance(found, Gap):
        g.note(rows=found)
    else:
        held = {row.key: row for row in (*known(g.evidence.rows, ()), *found)}
        g.note(rows=tuple(held.values()))


async def read_missing_row(g: "Gathering") -> None:
    """The subject's row by the ids that are known by now, where the e-mail led to none."""
    if isinstance(g.evidence.rows, Gap) and g.evidence.rows.why is not Why.PENDING:
        return
    case = g.case
    customer_id = next((customer.id for customer in case.customers), None)
    if case.row is None or isinstance(case.row, Gap):
        email = next(iter(case.emails), None) if g.profile.database and g.profile.database.key_is == "email" else None
        if case.subject_id or customer_id or email:
            await read_rows(g, key=case.subject_id, customer_id=customer_id, email=email)


async def read_ledger(g: "Gathering", event_ids: list[str]) -> None:
    """Which of these events the app says it has processed."""
    table = g.profile.database
    if table is None or not table.events_table or not event_ids:
        return

    async def call(database: AppDatabase) -> list[LedgerEntry]:
        return await database.ledger(event_ids)

    found = await ask("the app's ledger of events", g.services.database, call)
    g.note(ledger=found if isinstance(found, Gap) else tuple(found))
