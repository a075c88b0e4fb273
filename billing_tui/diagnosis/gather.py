"""Evidence for one ticket, in two rounds and at most twelve requests, yielded as it arrives.

The first round finds who it may be, the second what happened to them. A third is rare: it follows up what only the second
could reveal. What can't be had becomes a gap; nothing is asked twice, and nothing is concluded here.
"""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextvars import Context
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import structs

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.configuration import NOTHING_YET, Shared
from billing_tui.diagnosis.confirm import confirmation, looks_well
from billing_tui.diagnosis.first_round import check, first_round
from billing_tui.diagnosis.recall import laid_over, recall
from billing_tui.diagnosis.second_round import follow_up, second_round
from billing_tui.diagnosis.window import Window
from billing_tui.model.evidence import Configuration, Evidence, Gap, Why, known, not_asked
from billing_tui.model.problem import Refused
from billing_tui.model.profile import Profile
from billing_tui.model.query import Query
from billing_tui.model.stripe import Account, Event, Product
from billing_tui.services.bundle import Services
from billing_tui.services.stripe import Page

if TYPE_CHECKING:
    from billing_tui.cache.persons import Person

MOST_REQUESTS = 12
# What a write may ask for: nothing that could speak against it is left out for thrift.
THOROUGH = 40


class Gathering:
    """One ticket's evidence while it is being gathered.

    Attributes:
        evidence: All that has arrived so far, live.
        recalled: What the cache held of them at the start, if anything.
        rounds: How many sequential round trips were made.
        hints: Subjects that the event asked for names.
        left: How many of the ticket's requests are still free.
        happened: When what the object asked for stands for happened, once known.
        emails_asked: Addresses, in lower case, whose customers were asked for.
        windows: The stretches of events that were asked for, and what came of each.
        confirmed: Whether live reads of what decides agreed with the cache, so that nothing else had to be asked.
    """

    def __init__(
        self,
        services: Services,
        shared: Shared,
        profile: Profile,
        query: Query,
        *,
        at: datetime,
        named_user: str,
        probe: bool,
        most: int = MOST_REQUESTS,
        person: "Person | None" = None,
    ) -> None:
        self.services = services
        self.shared = shared
        self.profile = profile
        self.query = query
        self.probe = probe and services.endpoint is not None
        self.rounds = 0
        self.left = most
        self.hints: tuple[str, ...] = ()
        self.happened: datetime | None = None
        self.emails_asked: set[str] = set()
        self.windows: list[tuple[Window, Page[Event] | None]] = []
        self.evidence = nothing_yet(query, at, profile, named_user)
        self.recalled = recall(person, self.evidence) if person else None
        self.confirmed = False
        self._changed = asyncio.Event()

    @property
    def shown(self) -> Evidence:
        """What has arrived, and until all has, what the cache holds in its place."""
        if self.recalled is None or (self.evidence.settled and not self.confirmed):
            return self.evidence
        return laid_over(self.evidence, self.recalled)

    @property
    def case(self) -> Case:
        """What the evidence so far comes to."""
        return Case(self.evidence)

    def note(self, **pieces: Any) -> None:
        """Adds what arrived."""
        self.evidence = structs.replace(self.evidence, **pieces)
        self._changed.set()

    def add_product(self, product: Product) -> None:
        """Adds a product that the shared snapshot did not hold."""
        configuration = self.evidence.configuration
        products = {**known(configuration.products, {}), product.id: product}
        self.note(configuration=structs.replace(configuration, products=products))

    def may_ask(self, requests: int = 1) -> bool:
        """Takes so many requests off the budget, if it has them."""
        if self.left < requests:
            return False
        self.left -= requests
        return True

    async def all_of(self, *asked: Coroutine[Any, Any, None]) -> None:
        """One round: everything at once. The first failure that is not a gap ends it, and the rest with it."""
        if not asked:
            return
        self.rounds += 1
        async with asyncio.TaskGroup() as group:
            for one in asked:
                group.create_task(one)

    async def run(self, context: Context | None = None) -> AsyncGenerator[Evidence, None]:
        """Yields the evidence each time more of it is there; the last one is settled.

        Args:
            context: What to ask in, where the requests are to be counted.

        Raises:
            BadUsage: The query names nothing that a ticket can be about.
            NotThere: The object asked for does not exist.
            Refused: The key belongs to another account than the profile's.
        """
        work = asyncio.create_task(self._rounds(), context=context)
        try:
            if self.recalled:
                yield self.shown
            while not work.done():
                waiting = asyncio.ensure_future(self._changed.wait())
                await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
                waiting.cancel()
                if self._changed.is_set() and not work.done():
                    self._changed.clear()
                    yield self.shown
            await _unwrapped(work)
            yield self.shown
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)

    async def _rounds(self) -> None:
        check(self.query)
        if self.recalled and looks_well(self.recalled):
            await self.all_of(self._configuration(), *confirmation(self, self.recalled))
            self._check_account()
            self.confirmed = looks_well(self.shown)
            if self.confirmed:
                self.note(settled=True)
                return
        await self.all_of(self._configuration(), first_round(self))
        self._check_account()
        await second_round(self)
        await follow_up(self)
        self.note(settled=True, **_unasked(self.evidence))

    async def _configuration(self) -> None:
        self.note(configuration=await self.shared.configuration())

    def _check_account(self) -> None:
        wanted, account = self.profile.stripe_account, self.evidence.configuration.account
        if wanted and isinstance(account, Account) and account.id and account.id != wanted:
            raise Refused(
                f"The {self.profile.mode} key belongs to {account.id}, but the profile {self.profile.name} expects {wanted}.",
                "Use the key of that account, or correct stripe_account in the configuration.",
                code="account_mismatch",
            )


def nothing_yet(query: Query, at: datetime, profile: Profile, named_user: str) -> Evidence:
    """Evidence before anything was asked: every piece a gap."""

    def pending(what: str) -> Gap:
        return Gap(what=what, why=Why.PENDING)

    return Evidence(
        query=query,
        at=at,
        profile=profile,
        named_user=named_user,
        configuration=_pending(NOTHING_YET),
        customers=pending("Stripe's customers"),
        subscriptions={},
        sessions=pending("Stripe's checkout sessions"),
        charges=pending("Stripe's charges"),
        events=pending("Stripe's events"),
        undelivered=pending("Stripe's undelivered events"),
        users=pending("Clerk's users"),
        clerk_sessions=pending("Clerk's sessions"),
        rows=pending("the app's database"),
        ledger=pending("the app's ledger of events"),
        probes=pending("the app's endpoint"),
    )


def _pending(configuration: Configuration) -> Configuration:
    pieces = {name: structs.replace(gap, why=Why.PENDING) for name, gap in structs.asdict(configuration).items()}
    return Configuration(**pieces)


def _unasked(evidence: Evidence) -> dict[str, Gap]:
    """What nobody ended up asking for is no longer on its way."""
    waiting = {
        name: piece for name, piece in structs.asdict(evidence).items() if isinstance(piece, Gap) and piece.why is Why.PENDING
    }
    return {name: not_asked(piece.what) for name, piece in waiting.items()}


async def _unwrapped(work: "asyncio.Future[None]") -> None:
    """Waits for it, and raises what went wrong inside rather than the group it came in."""
    try:
        await work
    except BaseExceptionGroup as group:
        first: BaseException = group
        while isinstance(first, BaseExceptionGroup):
            first = first.exceptions[0]
        raise first from None
