"""What the checks look at: each mode of the profile, as its own services describe it, gathered once and at the same time.

A side that can't be opened at all is a `Problem`; a piece that can't be read is a gap that says why. Nothing is written.
"""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from billing_tui.diagnosis.asking import ask, gap_from
from billing_tui.diagnosis.configuration import Shared
from billing_tui.golive.books import NOT_READ, Books, read_books
from billing_tui.golive.names import Host
from billing_tui.golive.seen import Seen
from billing_tui.model.evidence import Configuration, Gap, Probes
from billing_tui.model.plans import read_price
from billing_tui.model.problem import NotThere, Problem
from billing_tui.model.profile import Mode, Profile
from billing_tui.model.stripe import Portal, Price, Product, Subscription
from billing_tui.services.bundle import Services
from billing_tui.services.purpose import Purpose, purpose
from billing_tui.services.stripe import Page, Stripe

_MOST_ORPHANS = 10


@dataclass(frozen=True)
class Side:
    """One mode. `secret_mark` is a digest of the signing secret, to compare the modes by; "" where there is none."""

    profile: Profile
    configuration: Configuration
    portals: tuple[Portal, ...] | Gap
    probes: Probes | Gap
    orphans: tuple[str, ...] | Gap
    """Archived prices that lead to no tier and that somebody still subscribes to."""
    secret_mark: str = ""
    books: Books | Gap = NOT_READ
    seen: Mapping[str, Seen] = field(default_factory=dict)
    """What a person has looked at, by check."""
    tried: datetime | None = None
    """When a guided run went through to its end."""

    @property
    def mode(self) -> Mode:
        return self.profile.mode

    @property
    def prices(self) -> dict[str, Price] | Gap:
        return self.configuration.prices

    @property
    def products(self) -> dict[str, Product]:
        held = self.configuration.products
        return {} if isinstance(held, Gap) else held


@dataclass(frozen=True)
class Both:
    """The two modes, when they were looked at."""

    at: datetime
    test: Side | Problem
    live: Side | Problem
    host: Host | None = None


async def gather_side(services: Services, shared: Shared, profile: Profile, signing_secret: str) -> Side:
    """Reads one mode, everything at once; each piece for itself may fail."""
    async with asyncio.TaskGroup() as group:
        configuration = group.create_task(shared.configuration())
        portals = group.create_task(_portals(services))
        probes = group.create_task(shared.probes())
        books = group.create_task(_books(services, profile))
    orphans = await _orphans(services, profile, configuration.result())
    mark = hashlib.sha256(signing_secret.encode()).hexdigest() if signing_secret else ""
    return Side(profile, configuration.result(), portals.result(), probes.result(), orphans, mark, books.result())


async def _books(services: Services, profile: Profile) -> Books | Gap:
    """Of live mode alone: in test mode's database test ids are at home."""
    return await read_books(services, profile) if profile.mode == "live" else NOT_READ


async def _portals(services: Services) -> tuple[Portal, ...] | Gap:
    what = "the customer portal's configurations"
    try:
        with purpose(Purpose.CONFIGURATION):
            page = await ask(what, services.stripe, Stripe.portals)
    except NotThere as problem:
        return gap_from(what, problem)
    return page if isinstance(page, Gap) else page.data


async def _subscribed(price_id: str, stripe: Stripe) -> Page[Subscription]:
    return await stripe.subscribed_to(price_id)


async def _orphans(services: Services, profile: Profile, configuration: Configuration) -> tuple[str, ...] | Gap:
    prices, products = configuration.prices, configuration.products
    if isinstance(prices, Gap) or isinstance(products, Gap):
        return prices if isinstance(prices, Gap) else products if isinstance(products, Gap) else ()
    archived = [
        price.id
        for price in prices.values()
        if not price.active and price.recurring and read_price(price, products.get(price.product_id), profile).tier is None
    ]
    found = []
    for price_id in archived[:_MOST_ORPHANS]:
        with purpose(Purpose.CONFIGURATION):
            page = await ask("Stripe's subscriptions", services.stripe, partial(_subscribed, price_id))
        if isinstance(page, Gap):
            return page
        found += [price_id] if page.data else []
    return tuple(found)
