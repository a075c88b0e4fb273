"""A member of an organization who is not its payer: which organizations they belong to, and what the one they work in has paid.

Where organizations hold the plans, the e-mail of a member leads to no payment of its own. Whom they belong to is asked for in
the second round; the organization, its row and its customer in a third, which only members need.
"""

import asyncio
from typing import TYPE_CHECKING

from billing_tui.diagnosis.asking import ask_for_one
from billing_tui.diagnosis.links import metadata_keys
from billing_tui.diagnosis.reads import add_customers, read_customer, read_organization, read_rows, read_subscriptions
from billing_tui.model.evidence import Gap, known
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Subscription, customer_of
from billing_tui.services.stripe import Page

if TYPE_CHECKING:
    from billing_tui.diagnosis.gather import Gathering

_PERSONAL = (Kind.EMAIL, Kind.USER)


async def read_memberships(g: "Gathering") -> None:
    """The organizations of whom the ticket is about, where those hold the plans and no payment named one."""
    user_id = member(g)
    if user_id is None or g.services.clerk is None or not g.may_ask():
        return
    what = "Clerk's memberships"
    found = await ask_for_one(what, g.services.clerk, lambda clerk: clerk.memberships(user_id))
    g.note(memberships=found if found is not None else ())


def member(g: "Gathering") -> str | None:
    """The user whose organization has to be found out; None where that is known, or not the question."""
    evidence = g.evidence
    asked = g.query.kind in _PERSONAL or evidence.named_user.startswith("user_")
    linked = any(held.startswith("org_") for held in g.case.linked_ids)
    if g.profile.scope != "organization" or evidence.memberships is not None or linked or not asked:
        return None
    held = evidence.named_user or (g.query.text if g.query.kind is Kind.USER else "")
    return held or next((user.id for user in known(evidence.users, ())), None)


async def read_their_organization(g: "Gathering") -> None:
    """The organization that they work in, or the first of theirs: itself, its row, and what it pays for."""
    theirs = known(g.evidence.memberships or (), ())
    if not theirs or g.evidence.organization is not None:
        return
    active = [held.last_active_organization_id for held in known(g.evidence.clerk_sessions, ())]
    chosen = next((held for held in active if held in theirs), theirs[0])
    g.note(member_of=chosen)
    await read_rows(g, key=chosen)
    row = next((held for held in known(g.evidence.rows, ()) if held.key == chosen), None)
    payer = row.customer_id if row else None
    reads = [read_customer(g, payer), read_subscriptions(g, payer)] if payer else [_search(g, chosen)]
    await asyncio.gather(read_organization(g, chosen), *reads)


async def _search(g: "Gathering", organization_id: str) -> None:
    """The subscriptions that name the organization, by search, where the profile keeps the link there."""
    keys = metadata_keys(g.profile, "subscription")
    if not keys or not g.may_ask():
        return
    query = " OR ".join(f"metadata['{key}']:'{organization_id}'" for key in keys[:5])
    page = await ask_for_one("Stripe's subscriptions", g.services.stripe, lambda stripe: stripe.search_subscriptions(query))
    if not isinstance(page, Page):
        return
    add_customers(g, [owner for held in page.data if (owner := customer_of(held.customer))])
    found: dict[str, tuple[Subscription, ...] | Gap] = {**g.evidence.subscriptions}
    for name in dict.fromkeys(held.customer_id for held in page.data):
        found[name] = tuple(held for held in page.data if held.customer_id == name)
    g.note(subscriptions=found)
