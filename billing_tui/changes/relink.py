"""Relink: write which user a Stripe customer is, in every place where the app looks for it."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.resync import row_steps
from billing_tui.changes.stripe_params import stripe_step
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.clerk import Organization, User
from billing_tui.model.database import AppRow
from billing_tui.model.problem import BadUsage, NotThere
from billing_tui.model.stripe import Customer, Metadata, Subscription
from billing_tui.model.text import quoted, short

_ENDED = ("canceled", "incomplete_expired")


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is the customer, `user` the user or organization.

    Raises:
        BadUsage: They are not such ids.
        NotThere: Stripe has no such customer.
    """
    if not wanted.query.startswith("cus_"):
        raise BadUsage(f"{quoted(wanted.query)} is not a customer's id.", "It begins with cus_; diagnose shows it.")
    if not wanted.user.startswith(("user_", "org_")):
        raise BadUsage(
            f"{quoted(wanted.user)} is not the id of a user.", "It begins with user_ or org_; Clerk's Dashboard shows it."
        )
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    customer = await desk.stripe.customer(wanted.query)
    draft = structs.replace(
        draft,
        subject=wanted.user,
        customer_id=customer.id or wanted.query,
        emails=(customer.email,) if customer.email else (),
        targets=("stripe", "database"),
        confirm=wanted.query[-4:],
    )
    holder = await _holder(desk, wanted.user)
    refused = draft.refused or _refusal(desk, customer, holder, wanted.user)
    if refused:
        return structs.replace(draft, refused=refused)
    held = [one for one in (await desk.stripe.subscriptions(customer.id)).data if one.status not in _ENDED]
    row = await _row(desk, wanted.user)
    table = desk.profile.database
    return structs.replace(
        draft,
        title=f"Link {customer.email or short(customer.id)} to {wanted.user}",
        because=f"{len(held)} of its subscriptions have not ended; the app finds the user by what is written on them.",
        # The row first: what is written at Stripe makes the app write there too.
        steps=(*_row_steps(desk, row, customer.id, stamp), *_stripe_steps(desk, customer, held, wanted.user)),
        warnings=tuple(_warnings(desk, customer, holder, wanted.user, missing=table is not None and row is None)),
    )


async def _holder(desk: Desk, user: str) -> User | Organization | None:
    """None where there is no Clerk to ask, or it has nobody of that id."""
    clerk = desk.clerk
    if clerk is None:
        return None
    try:
        return await (clerk.organization(user) if user.startswith("org_") else clerk.user(user))
    except NotThere:
        return None


def _refusal(desk: Desk, customer: Customer, holder: User | Organization | None, user: str) -> str | None:
    if customer.deleted:
        return f"{customer.id} was deleted; nothing can be written on it."
    if desk.clerk is not None and holder is None:
        return f"Clerk has no {user} in {desk.profile.mode} mode, so nothing is linked to them."
    if not [*_keys(desk, "customer"), *_keys(desk, "subscription")]:
        return "user_id_from names no metadata of the customer or the subscription, so there is nowhere to write the link."
    return None


def _keys(desk: Desk, of: str) -> list[str]:
    start = f"{of}.metadata."
    return [path.removeprefix(start) for path in desk.profile.user_id_from if path.startswith(start)]


def _stripe_steps(desk: Desk, customer: Customer, held: list[Subscription], user: str) -> Iterator[Step]:
    for key in _keys(desk, "customer"):
        yield stripe_step("customers", customer.id, f"metadata.{key}", _written(customer.metadata, key), user)
    for subscription in held:
        for key in _keys(desk, "subscription"):
            yield stripe_step("subscriptions", subscription.id, f"metadata.{key}", _written(subscription.metadata, key), user)


def _written(metadata: Metadata | None, key: str) -> str | None:
    value = (metadata or {}).get(key)
    return None if value is None else str(value)


async def _row(desk: Desk, user: str) -> AppRow | None:
    """The user's row; None where there is none, or the table is not kept by users."""
    table, database = desk.profile.database, desk.database
    if table is None or database is None or table.key_is != "clerk_id":
        return None
    return next((row for row in await database.rows_by(key=user) if row.key == user), None)


def _row_steps(desk: Desk, row: AppRow | None, customer_id: str, stamp: datetime) -> Iterator[Step]:
    table = desk.profile.database
    if row is not None and table is not None and table.customer_id_column:
        yield from row_steps(table, row, {table.customer_id_column: customer_id}, stamp)


def _warnings(desk: Desk, customer: Customer, holder: User | Organization | None, user: str, *, missing: bool) -> Iterator[str]:
    named = {_written(customer.metadata, key) for key in _keys(desk, "customer")} - {None, "", user}
    if named:
        yield f"It names {', '.join(sorted(str(one) for one in named))} now; nothing is taken from them by this."
    if (
        isinstance(holder, User)
        and customer.email
        and customer.email.casefold() not in {mail.casefold() for mail in holder.emails}
    ):
        yield f"{customer.email} is none of this user's addresses: be sure that they are the same person."
    if missing and desk.profile.database and desk.profile.database.key_is == "clerk_id":
        yield "The database has no row for them, and none is inserted."
    yield f"No plan is written yet: afterwards, billing-tui resync {user} does."
