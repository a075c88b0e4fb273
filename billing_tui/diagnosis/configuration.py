"""What every ticket of a profile shares, fetched beside the first one and kept for five minutes."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Generic, TypeVar

from billing_tui.diagnosis.asking import ask, gap_from
from billing_tui.model.evidence import Configuration, Gap, Probes, not_asked
from billing_tui.model.problem import KeyRefused, NotThere, Problem
from billing_tui.model.stripe import Account, Price, Product
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.endpoint import AppEndpoint
from billing_tui.services.purpose import Purpose, purpose
from billing_tui.services.stripe import Page, Stripe

T = TypeVar("T")

KEPT = 300.0
_PAGES = 3

NOTHING_YET = Configuration(
    account=not_asked("Stripe's account"),
    prices=not_asked("Stripe's prices"),
    products=not_asked("Stripe's products"),
    endpoints=not_asked("Stripe's webhook endpoints"),
    destinations=not_asked("Stripe's event destinations"),
    templates=not_asked("Clerk's JWT templates"),
    instance=not_asked("Clerk's instance"),
    domains=not_asked("Clerk's domains"),
)


class Shared:
    """The configuration and the probes of one opened profile."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._configuration = _Kept(
            lambda: _snapshot(services), lambda held: not _failed(held.account, held.prices, held.endpoints)
        )
        self._probes = _Kept(lambda: _probe(services.endpoint), lambda held: not isinstance(held, Gap))

    async def configuration(self) -> Configuration:
        """The snapshot, asked for at most once in five minutes unless it failed; those who ask at the same time share one."""
        return await self._configuration.get()

    async def probes(self) -> Probes | Gap:
        """The four probes, likewise."""
        return await self._probes.get()

    @property
    def probed(self) -> bool:
        """Whether asking for the probes would send nothing."""
        return self._probes.at_hand

    async def forget(self) -> None:
        """Both are asked for anew: something of them was written."""
        await self.close()

    async def close(self) -> None:
        """Ends what is still being asked; nothing is in flight afterwards."""
        await self._configuration.end()
        await self._probes.end()


class _Kept(Generic[T]):
    """One value that takes asking for, kept for a while."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], worth_keeping: Callable[[T], bool]) -> None:
        self._fetch = fetch
        self._worth_keeping = worth_keeping
        self._task: asyncio.Task[T] | None = None
        self._until = 0.0

    @property
    def at_hand(self) -> bool:
        held = self._task
        if held is None or not held.done() or held.cancelled() or held.exception() or time.monotonic() >= self._until:
            return False
        return self._worth_keeping(held.result())

    async def get(self) -> T:
        if self._task is None or (self._task.done() and not self.at_hand):
            self._task = asyncio.ensure_future(self._fetch())
            self._until = time.monotonic() + KEPT
        return await asyncio.shield(self._task)

    async def end(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


def _failed(*pieces: object) -> bool:
    return any(isinstance(piece, Gap) and piece.failed for piece in pieces)


async def _probe(endpoint: AppEndpoint | None) -> Probes | Gap:
    return await ask("the app's endpoint", endpoint, AppEndpoint.probe)


async def _snapshot(services: Services) -> Configuration:
    """Everything at once; each piece for itself may fail."""
    stripe, clerk = services.stripe, services.clerk
    with purpose(Purpose.CONFIGURATION):
        async with asyncio.TaskGroup() as group:
            account = group.create_task(_account(stripe))
            catalogue = group.create_task(_catalogue(stripe))
            endpoints = group.create_task(_optional("Stripe's webhook endpoints", stripe, Stripe.endpoints))
            destinations = group.create_task(_optional("Stripe's event destinations", stripe, Stripe.destinations))
            templates = group.create_task(_optional("Clerk's JWT templates", clerk, Clerk.templates))
            instance = group.create_task(_optional("Clerk's instance", clerk, Clerk.instance))
            domains = group.create_task(_optional("Clerk's domains", clerk, Clerk.domains))
    prices, products = catalogue.result()
    return Configuration(
        account=account.result(),
        prices=prices,
        products=products,
        endpoints=_rows(endpoints.result()),
        destinations=_rows(destinations.result()),
        templates=templates.result(),
        instance=instance.result(),
        domains=domains.result(),
    )


def _rows(page: Page[T] | Gap) -> tuple[T, ...] | Gap:
    return page if isinstance(page, Gap) else page.data


S = TypeVar("S")


async def _optional(what: str, service: S | Problem | None, call: Callable[[S], Awaitable[T]]) -> T | Gap:
    """A whole resource that a server may not have at all: that too is a gap."""
    try:
        return await ask(what, service, call)
    except NotThere as problem:
        return gap_from(what, problem)


async def _account(stripe: Stripe | Problem) -> Account | Gap:
    """The account; to a key that may not read it, the id that the refusal names."""
    what = "Stripe's account"
    if isinstance(stripe, Problem):
        return gap_from(what, stripe)
    try:
        return await stripe.account()
    except KeyRefused as problem:
        return Account(id=problem.account) if problem.account else gap_from(what, problem)
    except Problem as problem:
        return gap_from(what, problem)


async def _catalogue(stripe: Stripe | Problem) -> tuple[dict[str, Price] | Gap, dict[str, Product] | Gap]:
    """Prices by id, and the products within them by id; the newest three hundred prices at most."""
    prices: dict[str, Price] = {}
    after: str | None = None
    for _ in range(_PAGES):
        page = await _optional("Stripe's prices", stripe, partial(Stripe.prices, after=after))
        if isinstance(page, Gap):
            return page, page
        prices |= {price.id: price for price in page.data}
        if not page.has_more or not page.data:
            break
        after = page.data[-1].id
    return prices, {price.product.id: price.product for price in prices.values() if isinstance(price.product, Product)}
