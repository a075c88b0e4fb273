"""The reading that detection rests on: a handful of lists of Stripe and Clerk, a look at the database, all at the same time.

What cannot be read is a gap that says what it would have told, never a failure of the rest.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import Struct

from billing_tui.detection.findings import Lack
from billing_tui.detection.key_check import account_of
from billing_tui.diagnosis.links import Carriers
from billing_tui.model.clerk import JwtTemplate, Organization, User
from billing_tui.model.problem import OutOfReach, Problem
from billing_tui.model.stripe import Customer, Endpoint, Price, Session, Subscription
from billing_tui.services.clerk import Clerk
from billing_tui.services.database_look import TableSeen, survey
from billing_tui.services.database_thread import in_thread
from billing_tui.services.database_url import read_url
from billing_tui.services.stripe import Page, Stripe
from billing_tui.settings.secret import Secret

T = TypeVar("T")

_NO_STRIPE = Lack("Stripe", "With a key for Stripe: tiers, plans, the user link and the webhook endpoint.")
_NO_CLERK = Lack("Clerk", "With Clerk's secret key: where the plan is kept in its metadata, and the JWT template.")
_NO_DATABASE = Lack("the database", "With database_url: the table and the columns that keep the plan, and the ledger of events.")


class Seen(Struct, frozen=True):
    """What was read of one mode."""

    account: str = ""
    name: str = ""
    prices: tuple[Price, ...] = ()
    carriers: Carriers = Carriers()
    endpoints: tuple[Endpoint, ...] = ()
    users: tuple[User, ...] = ()
    organizations: tuple[Organization, ...] = ()
    templates: tuple[JwtTemplate, ...] = ()
    tables: tuple[TableSeen, ...] = ()
    lacks: tuple[Lack, ...] = ()


class Reader:
    """Reads, and notes what could not be read."""

    def __init__(self) -> None:
        self.lacks: list[Lack] = []

    async def of(self, asking: Awaitable[T], otherwise: T, what: str, tells: str) -> T:
        """The answer, or `otherwise` and a note."""
        try:
            return await asking
        except Problem as problem:
            self.lacks.append(Lack(what, f"It would tell {tells}.", problem))
            return otherwise

    async def stripe(self, stripe: Stripe) -> Seen:
        """What Stripe has to say, in seven requests at once."""
        api = stripe.api
        whose, prices, subscriptions, customers, sessions, endpoints = await asyncio.gather(
            self.of(account_of(stripe), ("", ""), "Stripe's account", "whose keys these are"),
            self.of(stripe.prices(), Page[Price](), "Stripe's prices", "which tiers are sold"),
            self.of(
                api.get("/v1/subscriptions", Page[Subscription], limit=100, status="all"),
                Page[Subscription](),
                "Stripe's subscriptions",
                "how they name their user",
            ),
            self.of(
                api.get("/v1/customers", Page[Customer], limit=100),
                Page[Customer](),
                "Stripe's customers",
                "how they name their user",
            ),
            self.of(
                api.get("/v1/checkout/sessions", Page[Session], limit=100),
                Page[Session](),
                "Stripe's checkout sessions",
                "whether they name the user",
            ),
            self.of(stripe.endpoints(), Page[Endpoint](), "Stripe's webhook endpoints", "where the app listens"),
        )
        carriers = Carriers(customers.data, subscriptions.data, sessions.data)
        return Seen(account=whose[0], name=whose[1], prices=prices.data, carriers=carriers, endpoints=endpoints.data)

    async def clerk(self, clerk: Clerk) -> tuple[tuple[User, ...], tuple[Organization, ...], tuple[JwtTemplate, ...]]:
        """The newest users and organizations, and the JWT templates."""
        return await asyncio.gather(
            self.of(clerk.everyone("", 100), (), "Clerk's users", "where the plan is kept"),
            self._organizations(clerk),
            self.of(clerk.templates(), (), "Clerk's JWT templates", "which one carries the plan"),
        )

    async def database(self, url: Secret, limit: float) -> tuple[TableSeen, ...]:
        """The tables that may have to do with billing."""

        async def asked() -> tuple[TableSeen, ...]:
            place = read_url(url.reveal())
            try:
                return tuple(await in_thread(lambda: survey(place, limit), limit))
            except TimeoutError as error:
                hint = "Check that it can be reached from here, or give it more with --timeout."
                raise OutOfReach(f"The database {place.place} did not answer in time.", hint, code="timeout") from error

        return await self.of(asked(), (), "the database", "which table keeps the plan")

    async def _organizations(self, clerk: Clerk) -> tuple[Organization, ...]:
        """None where the instance has organizations switched off, which is no gap."""
        try:
            return await clerk.organizations(0, 100)
        except Problem:
            return ()


def nothing_of(secret: Callable[[str], Secret | None]) -> list[Lack]:
    """What is missing because its key is."""
    wanted = (("stripe_key", _NO_STRIPE), ("clerk_key", _NO_CLERK), ("database_url", _NO_DATABASE))
    return [lack for slot, lack in wanted if secret(slot) is None]
