"""The second round: what happened to whom the first one found; and the rare third, for what only the second reveals."""

import asyncio
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

from billing_tui.diagnosis.asking import ask, ask_for_one
from billing_tui.diagnosis.case import Case, customer_named
from billing_tui.diagnosis.first_round import customers_with, linked_customers
from billing_tui.diagnosis.links import searchable
from billing_tui.diagnosis.membership import member, read_memberships, read_their_organization
from billing_tui.diagnosis.reads import (
    read_charges,
    read_customer,
    read_ledger,
    read_missing_row,
    read_organization,
    read_sessions,
    read_subscriptions,
    read_user,
    read_users,
)
from billing_tui.diagnosis.window import Window, around, covers, likely, reaches
from billing_tui.model.clerk import User
from billing_tui.model.evidence import Gap, Why, known, not_asked
from billing_tui.model.problem import Problem
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Event, Subscription
from billing_tui.services.stripe import Page

if TYPE_CHECKING:
    from billing_tui.diagnosis.gather import Gathering

_MOST_CUSTOMERS = 3
Asked = list[Coroutine[Any, Any, None]]


async def second_round(g: "Gathering") -> None:
    """Asks everything about the candidates at once."""
    asked = [*_payments(g), *_people(g), *_strangers(g), *_deliveries(g)]
    subject = g.case.subject_id
    if not g.case.customers and not g.case.sessions and g.case.emails:
        asked.append(_in_other_mode(g, g.case.emails[0]))
    if member(g):
        asked.append(read_memberships(g))
    if subject:
        # The same person may have paid with another e-mail.
        asked.append(linked_customers(g, subject))
    if g.probe and _probe_may_matter(g):
        asked.append(_probe(g))
    await g.all_of(*asked)


async def follow_up(g: "Gathering") -> None:
    """Asks for what the second round showed to be needed and did not bring: mostly nothing."""
    if g.evidence.memberships:
        await g.all_of(read_their_organization(g))
    await read_missing_row(g)
    asked = [*_customers_found_late(g), *_people(g, late=True), *_missing_products(g)]
    case = g.case
    if g.query.kind is Kind.EVENT and not case.linked_ids:
        asked += _namesakes(g, needed=2)
    if (case.drifted or case.lacking) and case.moment and not _events_cover(g, case.moment):
        asked.append(_read_events(g, around(case.moment, g.profile, g.evidence.at)))
    if case.subject_id and not g.evidence.searched and searchable(g.profile) and _seems_lowered(case):
        asked.append(linked_customers(g, case.subject_id))
    asked += _strangers(g) if None in g.evidence.linked.values() else []
    await g.all_of(*asked)
    case = g.case
    if g.probe and isinstance(g.evidence.probes, Gap) and (case.undelivered or case.lacking):
        # The endpoint is no part of the ticket's own way: nothing else waits for it.
        await _probe(g)
    _note_the_rest(g)
    case = g.case
    if case.drifted or case.undelivered or case.lacking:
        await read_ledger(g, [event.id for event in case.events])


async def _in_other_mode(g: "Gathering", email: str) -> None:
    """Whether somebody of whom this mode knows nothing has paid in the other one."""
    if g.services.elsewhere is None or not g.may_ask():
        return
    other = await g.services.elsewhere.open()
    if other is None or isinstance(other.stripe, Problem):
        g.left += 1
        return
    page = await ask("the other mode's customers", other.stripe, lambda stripe: stripe.customers(email.lower()))
    g.note(elsewhere=page if isinstance(page, Gap) else page.data)


def _strangers(g: "Gathering") -> Asked:
    """Whom the payment names and who does not hold the e-mail here, or is not here at all: perhaps the other mode has them."""
    if g.services.elsewhere is None or g.evidence.linked_elsewhere is not None or isinstance(g.evidence.users, Gap):
        return []
    here = {user.id for user in g.evidence.users} | {key for key, held in g.evidence.linked.items() if isinstance(held, User)}
    named = next((held for held in g.case.linked_ids if held.startswith("user_") and held not in here), None)
    return [_in_other_clerk(g, named)] if named else []


async def _in_other_clerk(g: "Gathering", user_id: str) -> None:
    """Whether a user whom this mode's Clerk does not have is the other's."""
    if g.services.elsewhere is None or not g.may_ask():
        return
    other = await g.services.elsewhere.open()
    if other is None or other.clerk is None or isinstance(other.clerk, Problem):
        g.left += 1
        g.note(linked_elsewhere=not_asked("the other mode's users"))
        return
    found = await ask_for_one("the other mode's users", other.clerk, lambda clerk: clerk.user(user_id))
    g.note(linked_elsewhere=found if isinstance(found, Gap) else found is not None)


def _seems_lowered(case: Case) -> bool:
    """Whether a layer has more than Stripe's facts allow: then no other customer of theirs may be missed."""
    rank = case.profile.rank
    return case.expected is not None and any(rank(plan) > rank(case.expected) for plan in case.layers)


def _payments(g: "Gathering") -> Asked:
    candidates = _candidates(g)
    asked: Asked = [read_subscriptions(g, held) for held in candidates if held not in g.evidence.subscriptions]
    found = {customer.id for customer in known(g.evidence.customers, ())}
    asked += [read_customer(g, held) for held in candidates if held not in found]
    if candidates and isinstance(g.evidence.charges, Gap):
        asked.append(read_charges(g, candidates[0]))
    sessions = g.evidence.sessions
    unasked = isinstance(sessions, Gap) and not sessions.failed
    if candidates and (unasked or (sessions == () and not g.case.links)):
        asked.append(read_sessions(g, "customer", candidates[0]))
    return asked + _namesakes(g, needed=4 if g.evidence.subscriptions else 7)


def _namesakes(g: "Gathering", needed: int) -> Asked:
    """Customers of the same e-mail are worth two or three requests where the round's own do not need them."""
    email = next(iter(g.case.emails), "")
    if not email or g.query.kind is Kind.EMAIL:
        return []
    return [customers_with(g, email)] if g.left >= needed + len({email, email.lower()}) + 1 else []


def _candidates(g: "Gathering") -> list[str]:
    """Customer ids worth asking about, those that pay first."""
    case = g.case
    ids = [g.evidence.owner] if g.evidence.owner else []
    ids += [customer.id for customer in case.customers]
    ids += [row.customer_id for row in case.rows if row.customer_id]
    ids += [held for session in case.sessions if (held := customer_named(session))]
    ids += _stored_in_clerk(g)
    dead = g.evidence.dead_customer
    gone = {dead.id} if dead is not None and not isinstance(dead, Gap) else set()
    # Whom a rival names is somebody else: their subscriptions are not this ticket's.
    return [held for held in dict.fromkeys(ids) if held not in gone | case.strangers][:_MOST_CUSTOMERS]


def _stored_in_clerk(g: "Gathering") -> list[str]:
    path = g.profile.clerk_fields.get("customer_id")
    user = g.case.user
    value = user.field(path) if path and isinstance(user, User) else None
    return [value] if isinstance(value, str) and value.startswith("cus_") else []


def _people(g: "Gathering", *, late: bool = False) -> Asked:
    """Whom the links name, and whether they are signed in: which is not worth a round of its own where a layer is wrong."""
    case = g.case
    found = {user.id for user in known(g.evidence.users, ())} | set(g.evidence.linked)
    linked = dict.fromkeys((*case.linked_ids[:2], *g.hints[:1]))
    asked: Asked = [read_user(g, held) for held in linked if held.startswith("user_") and held not in found]
    if g.profile.scope == "organization" and g.evidence.organization is None:
        asked += [read_organization(g, held) for held in case.linked_ids[:1] if held.startswith("org_")]
    enough = late and isinstance(case.user, User)
    if isinstance(g.evidence.users, Gap) and g.evidence.users.why is Why.PENDING and case.emails and not enough:
        asked.append(read_users(g, list(case.emails[:2])))
    subject = case.subject_id or ""
    if not asked and subject.startswith("user_") and subject not in found and isinstance(g.evidence.users, Gap):
        asked.append(read_user(g, subject))
    if late and case.wrong:
        return asked
    if subject.startswith("user_") and isinstance(g.evidence.clerk_sessions, Gap) and not g.evidence.clerk_sessions.failed:
        asked.append(_read_clerk_sessions(g, subject))
    return asked


async def _read_clerk_sessions(g: "Gathering", user_id: str) -> None:
    if g.services.clerk is None or not g.may_ask():
        return
    found = await ask_for_one("Clerk's sessions", g.services.clerk, lambda clerk: clerk.sessions(user_id))
    g.note(clerk_sessions=found if found is not None else ())


def _customers_found_late(g: "Gathering") -> Asked:
    late = [held for held in _candidates(g) if held not in g.evidence.subscriptions]
    within = {held.id: held.subscriptions.data for held in g.case.customers if held.id in late and held.subscriptions}
    # Those that are live came within the customer; the ended ones matter only where nothing is live.
    if within and (g.case.live or any(within.values())):
        g.note(subscriptions={**g.evidence.subscriptions, **within})
    return [read_subscriptions(g, held) for held in late if held not in g.evidence.subscriptions]


def _note_the_rest(g: "Gathering") -> None:
    """What is known of customers beyond those that were asked about: their live subscriptions came with them, or nothing did."""
    found: dict[str, tuple[Subscription, ...] | Gap] = {}
    for customer in g.case.customers:
        held = customer.subscriptions
        if customer.id not in g.evidence.subscriptions:
            message = f"There are more customers with this e-mail than one ticket may ask about, {customer.id} among them."
            gap = Gap(what="Stripe's subscriptions", why=Why.FAILED, message=message, exit_code=5)
            found[customer.id] = held.data if held is not None and not held.has_more else gap
    if found:
        g.note(subscriptions={**g.evidence.subscriptions, **found})


def _missing_products(g: "Gathering") -> Asked:
    """Products of prices that the shared snapshot did not hold."""
    configuration = g.evidence.configuration
    products = known(configuration.products, {})
    if isinstance(configuration.products, Gap):
        return []
    unknown = {
        item.price.product_id
        for subscription in g.case.live
        for item in subscription.items.data
        if item.price.id not in g.profile.prices and item.price.product_id not in products
    }
    return [_read_product(g, product_id) for product_id in sorted(unknown) if product_id]


async def _read_product(g: "Gathering", product_id: str) -> None:
    if not g.may_ask():
        return
    found = await ask_for_one("Stripe's products", g.services.stripe, lambda stripe: stripe.product(product_id))
    if found is not None and not isinstance(found, Gap):
        g.add_product(found)


# Deliveries.


def _deliveries(g: "Gathering") -> Asked:
    if not (g.case.customers or g.case.sessions or g.evidence.owner):
        return []
    best = g.case.moment if g.case.all_subscriptions else g.happened
    window = (
        around(best, g.profile, g.evidence.at) if best else likely(g.case.customers, g.case.sessions, g.profile, g.evidence.at)
    )
    return [_read_events(g, window)]


async def _read_events(g: "Gathering", window: Window) -> None:
    """Both lists of a stretch: what happened in it, and what of it has not been delivered since it began."""
    if not g.may_ask(2):
        return
    now = g.evidence.at

    async def happened() -> None:
        what = "Stripe's events"
        page = await ask_for_one(what, g.services.stripe, lambda held: held.events(window.types, window.start, window.end))
        _note_events(g, what, page)
        g.windows.append((window, page if isinstance(page, Page) else None))

    async def lost() -> None:
        what = "Stripe's undelivered events"
        page = await ask_for_one(
            what, g.services.stripe, lambda held: held.events(window.types, window.start, now, undelivered=True)
        )
        if isinstance(page, Page):
            _note_events(g, "Stripe's events", page)
            g.note(undelivered=known(g.evidence.undelivered, frozenset()) | {event.id for event in page.data})
            g.windows.append((Window(window.types, window.start, now), page))
        else:
            g.note(undelivered=page or Gap(what=what, why=Why.FAILED))

    async with asyncio.TaskGroup() as group:
        group.create_task(happened())
        group.create_task(lost())


def _note_events(g: "Gathering", what: str, page: Page[Event] | Gap | None) -> None:
    if not isinstance(page, Page):
        g.note(events=page or Gap(what=what, why=Why.FAILED))
        return
    if isinstance(g.evidence.events, Gap) and g.evidence.events.failed:
        return
    held = {event.id: event for event in known(g.evidence.events, ())}
    held |= {event.id: event for event in page.data if _concerns(g, event)}
    g.note(events=tuple(sorted(held.values(), key=lambda event: event.created)))


def _concerns(g: "Gathering", event: Event) -> bool:
    ids = {customer.id for customer in g.case.everyone} | {g.evidence.owner}
    ids |= set(_candidates(g))
    mine = {session.id for session in g.case.sessions}
    return event.customer_id in ids or event.data.object.id in mine


def _events_cover(g: "Gathering", moment: datetime) -> bool:
    """Whether both lists that came back go as far as the moment in question."""
    if g.case.deliveries_gap and g.case.deliveries_gap.failed:
        return True
    now = g.evidence.at
    return all(
        page is None
        or (covers(window, moment, now, g.profile, live=bool(g.case.live)) and reaches(page.data, page.has_more, moment))
        for window, page in g.windows
    ) and bool(g.windows)


# The probe.


async def _probe(g: "Gathering") -> None:
    g.note(probes=await g.shared.probes())


def _probe_may_matter(g: "Gathering") -> bool:
    """Whether somebody seems to pay and lack it: guessed before the second round, so that the probe costs no round of its own."""
    if g.shared.probed:
        return True
    case = g.case
    embedded = [held for customer in case.customers if customer.subscriptions for held in customer.subscriptions.data]
    told = bool(case.customers) and all(customer.subscriptions is not None for customer in case.customers)
    live = [held for held in (*embedded, *case.all_subscriptions) if held.status in g.profile.paid_statuses]
    if not live:
        paid = any(session.payment_status in ("paid", "no_payment_required") for session in case.sessions)
        return bool(case.customers or g.evidence.owner) and not told and (paid or not case.sessions) and _layers_at_free(g)
    tiers = {case.plan_of(held).tier for held in live}
    best = max(tiers, key=lambda tier: g.profile.rank(tier or ""))
    return any(plan != best for plan in case.layers) or not case.layers


def _layers_at_free(g: "Gathering") -> bool:
    return any(plan == g.profile.free for plan in g.case.layers)
