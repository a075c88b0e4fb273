"""The first round: from what was pasted to who it may be. One function for each kind of query."""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING

from billing_tui.diagnosis.asking import ask, ask_for_one
from billing_tui.diagnosis.case import moment_of
from billing_tui.diagnosis.links import Carriers, links, metadata_keys, searchable
from billing_tui.diagnosis.reads import (
    CUSTOMERS,
    add_customers,
    read_charges,
    read_customer,
    read_missing_row,
    read_organization,
    read_rows,
    read_sessions,
    read_subscriptions,
    read_user,
    read_users,
)
from billing_tui.model.clerk import User
from billing_tui.model.evidence import DeadCustomer, Gap, Why, known
from billing_tui.model.moment import from_unix
from billing_tui.model.problem import BadUsage, NotThere
from billing_tui.model.query import Kind, Query
from billing_tui.model.stripe import Charge, Customer, Event, Invoice, Session, Subscription, customer_of, id_of
from billing_tui.services.stripe import Page, Retrieved

if TYPE_CHECKING:
    from billing_tui.diagnosis.gather import Gathering


def check(query: Query) -> None:
    """Raises `BadUsage` where a query names nothing that a ticket can be about; nobody is asked for that."""
    if query.kind is Kind.UNKNOWN:
        raise BadUsage(
            f"{query.text[:60] or 'An empty line'} is not something to look a person up by.",
            "Give an e-mail, an id (cus_, sub_, in_, pi_, ch_, cs_, evt_, user_, org_), or a receipt or invoice number.",
        )


async def first_round(g: "Gathering") -> None:
    """Asks everything that the query alone allows to ask.

    Raises:
        NotThere: The object that the query names does not exist.
    """
    async with asyncio.TaskGroup() as group:
        if g.evidence.named_user.startswith("user_") and g.query.text != g.evidence.named_user:
            group.create_task(read_user(g, g.evidence.named_user))
        by_kind = {
            Kind.EMAIL: _by_email,
            Kind.CUSTOMER: _by_customer,
            Kind.USER: _by_subject,
            Kind.ORGANIZATION: _by_subject,
            Kind.NUMBER: _by_number,
        }
        group.create_task(by_kind.get(g.query.kind, _by_object)(g))


async def _by_email(g: "Gathering") -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(customers_with(g, g.query.text))
        group.create_task(read_sessions(g, "customer_details[email]", g.query.text))
        group.create_task(_person(g, g.query.text))


async def customers_with(g: "Gathering", email: str) -> None:
    """Every customer with an e-mail. Stripe compares by case, so it is asked for both spellings, and its search for others."""
    lower = email.lower()
    spellings = tuple(dict.fromkeys((email, lower)))
    if lower in g.emails_asked or not g.may_ask(len(spellings) + 1):
        return
    g.emails_asked.add(lower)
    *exact, found = await asyncio.gather(
        *(_exactly(g, spelling) for spelling in spellings),
        ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.search_customers(f"email:{_quote(lower)}")),
    )
    # Search is not to be had everywhere and lags behind: its failure takes nothing away.
    missing = next((page for page in exact if isinstance(page, Gap)), None)
    if missing:
        g.note(customers=missing)
        return
    pages = [page.data for page in (*exact, found) if isinstance(page, Page)]
    add_customers(g, (held for page in pages for held in page if (held.email or "").lower() == lower))


async def _exactly(g: "Gathering", email: str) -> Page[Customer] | Gap:
    return await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.customers(email))


async def _person(g: "Gathering", email: str) -> None:
    """The Clerk user and the database row of an e-mail; the row by the user's id where the table has no e-mail."""
    async with asyncio.TaskGroup() as group:
        users = group.create_task(read_users(g, [email]))
        rows = group.create_task(read_rows(g, email=email))
    await asyncio.gather(users, rows)
    await read_missing_row(g)


async def _by_customer(g: "Gathering") -> None:
    customer_id = g.query.text
    g.note(owner=customer_id)
    async with asyncio.TaskGroup() as group:
        group.create_task(_the_customer(g, customer_id))
        group.create_task(read_subscriptions(g, customer_id))
        group.create_task(read_sessions(g, "customer", customer_id))
        group.create_task(read_charges(g, customer_id))
        group.create_task(read_rows(g, customer_id=customer_id))
    if isinstance(g.evidence.dead_customer, DeadCustomer) and not known(g.evidence.rows, ()):
        dead = g.evidence.dead_customer
        raise not_there(g, dead.says, dead.other_mode)


async def _the_customer(g: "Gathering", customer_id: str) -> None:
    g.may_ask()
    try:
        customer = await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.customer(customer_id))
    except NotThere as problem:
        g.note(customers=(), dead_customer=DeadCustomer(customer_id, problem.other_mode, problem.message))
        return
    if isinstance(customer, Gap):
        g.note(customers=customer)
    else:
        add_customers(g, [customer])


async def _by_subject(g: "Gathering") -> None:
    """A user or an organization: its row first, which costs no request and mostly names the customer."""
    subject_id = g.query.text
    await read_rows(g, key=subject_id)
    stored = next((row.customer_id for row in known(g.evidence.rows, ()) if row.customer_id), None)
    email = next((row.email for row in known(g.evidence.rows, ()) if row.email), None)
    async with asyncio.TaskGroup() as group:
        asked = read_organization if g.query.kind is Kind.ORGANIZATION else read_user
        group.create_task(asked(g, subject_id))
        group.create_task(linked_customers(g, subject_id))
        if email:
            group.create_task(customers_with(g, email))
        if stored:
            group.create_task(read_customer(g, stored))
            group.create_task(read_subscriptions(g, stored))
            group.create_task(read_charges(g, stored))
            group.create_task(read_sessions(g, "customer", stored))
    if isinstance(g.evidence.customers, Gap) and g.evidence.customers.why is Why.PENDING:
        g.note(customers=())
    if isinstance(g.evidence.users, Gap) and not g.evidence.users.failed and g.query.kind is Kind.USER:
        held = g.evidence.linked.get(subject_id)
        g.note(users=(held,) if isinstance(held, User) else held if isinstance(held, Gap) else ())


async def linked_customers(g: "Gathering", subject_id: str) -> None:
    """Customers that name the subject, or whose subscriptions do, by search, where the profile keeps the link there."""
    if g.evidence.searched or not searchable(g.profile):
        return
    on_customers, on_subscriptions = (metadata_keys(g.profile, root) for root in ("customer", "subscription"))
    asked = [_by_customer_link(g, subject_id, on_customers)] if on_customers and g.may_ask() else []
    asked += [_by_subscription_link(g, subject_id, on_subscriptions)] if on_subscriptions and g.may_ask() else []
    answered = await asyncio.gather(*asked)
    if all(answered) and len(answered) == bool(on_customers) + bool(on_subscriptions):
        g.note(searched=True)


def _link_query(keys: list[str], subject_id: str) -> str:
    return " OR ".join(f"metadata[{_quote(key)}]:{_quote(subject_id)}" for key in keys[:5])


async def _by_customer_link(g: "Gathering", subject_id: str, keys: list[str]) -> bool:
    query = _link_query(keys, subject_id)
    page = await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.search_customers(query))
    if isinstance(page, Gap):
        if isinstance(g.evidence.customers, Gap):
            g.note(customers=page)
        return False
    return _add_linked(g, page.data)


async def _by_subscription_link(g: "Gathering", subject_id: str, keys: list[str]) -> bool:
    query = _link_query(keys, subject_id)
    page = await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.search_subscriptions(query))
    if isinstance(page, Gap):
        return False
    return _add_linked(g, [owner for held in page.data if (owner := customer_of(held.customer))])


def _add_linked(g: "Gathering", found: Iterable[Customer]) -> bool:
    """Adds what a search found, unless the list itself is closed to this key: a search makes no whole of that."""
    if isinstance(g.evidence.customers, Gap) and g.evidence.customers.failed:
        return False
    add_customers(g, found)
    return True


async def _by_object(g: "Gathering") -> None:
    g.may_ask()
    try:
        found = await ask(CUSTOMERS, g.services.stripe, lambda stripe: stripe.retrieve(g.query.kind, g.query.text))
    except NotThere as problem:
        raise not_there(g, problem.message, problem.other_mode) from problem
    if isinstance(found, Gap):
        g.note(customers=found)
    else:
        take(g, found)
        await _row_of_owner(g)


async def _by_number(g: "Gathering") -> None:
    """An invoice's number or a receipt's: they look alike, so both are asked for at once."""
    g.may_ask(2)
    invoice, charge = await asyncio.gather(
        ask_for_one(CUSTOMERS, g.services.stripe, lambda stripe: stripe.invoice_numbered(g.query.text)),
        ask_for_one(CUSTOMERS, g.services.stripe, lambda stripe: stripe.charge_receipted(g.query.text)),
    )
    found = next((held for held in (invoice, charge) if held is not None and not isinstance(held, Gap)), None)
    gap = next((held for held in (invoice, charge) if isinstance(held, Gap)), None)
    if found:
        take(g, found)
        await _row_of_owner(g)
    elif gap:
        g.note(customers=gap)
    else:
        raise not_there(g, f"No invoice and no recent receipt has the number {g.query.text}.", "")


async def _row_of_owner(g: "Gathering") -> None:
    """The row of whom an object belongs to: it costs no request, and may name the user for the second round."""
    email = next((held.email for held in known(g.evidence.customers, ()) if held.email), None)
    if g.evidence.owner or email:
        await read_rows(g, customer_id=g.evidence.owner or None, email=email)


def take(g: "Gathering", found: Retrieved) -> None:
    """Notes an object of Stripe's and whose it is."""
    if isinstance(found, Session):
        g.note(sessions=(found,))
    if isinstance(found, Event):
        owner: str | None = found.customer_id
    else:
        owner = id_of(found.customer)
        whole = customer_of(found.customer)
        if whole:
            add_customers(g, [whole])
    if not owner and isinstance(found, Invoice | Charge | Subscription):
        raise not_there(g, f"{g.query.text} belongs to no customer.", "")
    g.note(owner=owner or "")
    if isinstance(found, Event):
        g.hints = tuple(link.value for link in links(_carriers(found), g.profile))
    g.happened = moment_of(found) if isinstance(found, Subscription) else from_unix(found.created) if found.created else None
    if not owner:
        g.note(customers=())


def _carriers(event: Event) -> Carriers:
    """What an event is about, as far as it may carry a link."""
    held = event.data.object
    if held.object == "checkout.session":
        reference = held.client_reference_id if isinstance(held.client_reference_id, str) else None
        return Carriers(sessions=(Session(id=held.id or "", metadata=held.metadata, client_reference_id=reference),))
    if held.object == "subscription":
        return Carriers(subscriptions=(Subscription(id=held.id or "", metadata=held.metadata),))
    return Carriers((Customer(id=held.id or "", metadata=held.metadata),)) if held.object == "customer" else Carriers()


def not_there(g: "Gathering", says: str, other_mode: str) -> NotThere:
    """That the object asked for is not there, and where it is."""
    hint = f"Look in {other_mode} mode: add --mode {other_mode}." if other_mode else "Check the id, the profile and the mode."
    message = says if not other_mode else f"{g.query.text} does not exist in {g.profile.mode} mode; {other_mode} mode has it."
    return NotThere(message, hint, other_mode=other_mode)


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
