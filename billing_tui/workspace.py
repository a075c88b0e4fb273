"""One profile in one mode, opened: its services, its shared configuration, its journal. What screens and commands hold.

What writes, syncs or checks before going live is loaded by whoever comes to it: the first paint waits for none of that.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cached_property, partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from billing_tui.diagnosis.sending import heard_types
from billing_tui.model.band import Band
from billing_tui.model.change import Change, Wanted
from billing_tui.model.delivery import DeliveryLog
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Configuration, Gap, Probes
from billing_tui.model.notice import Attention, Notice, Silence
from billing_tui.model.problem import NotThere, OutOfReach, Problem, Refused
from billing_tui.model.profile import Profile
from billing_tui.model.query import understand
from billing_tui.model.stripe import Account, Event
from billing_tui.model.trend import Trend
from billing_tui.notices.silence import Silences
from billing_tui.settings.collecting import is_held_off, set_aside
from billing_tui.settings.openings import Openings
from billing_tui.statistics.statistics import Statistics

if TYPE_CHECKING:
    from billing_tui.cache.delivery_times import DeliveryTimes
    from billing_tui.cache.persons import Person
    from billing_tui.cache.shelf import Shelf
    from billing_tui.cache.survey import SurveyReport, Told
    from billing_tui.cache.sync import SyncReport, Tell
    from billing_tui.changes.desk import Desk
    from billing_tui.changes.history import Written
    from billing_tui.changes.journal import Journal
    from billing_tui.changes.reins import Reins
    from billing_tui.changes.writing import Writing
    from billing_tui.diagnosis.configuration import Shared
    from billing_tui.golive.bought import Bought, Till
    from billing_tui.golive.facts import Side
    from billing_tui.golive.seen import SeenFile
    from billing_tui.services.bundle import Services
    from billing_tui.services.stripe import Stripe


def utc_now() -> datetime:
    """The clock, where nobody gives another."""
    return datetime.now(UTC)


class Workspace:
    """An opened profile.

    Args:
        openings: What it takes to open the services; nothing is opened, nor a secret looked up, before it is needed.
        state: The directory of the journal, the kept plans and the budget of requests.
        cache: The directory of the caches; without it, one inside `state`.
    """

    def __init__(
        self, openings: Openings, state: Path, *, cache: Path | None = None, now: Callable[[], datetime] = utc_now
    ) -> None:
        self.profile: Profile = openings.profile
        self.locked = self.profile.mode == "live"
        self._openings = replace(openings, state=openings.state or state)
        self._cache = cache or state / "cache"
        self._shelf: Shelf | None = None
        self._till: tuple[str, Till] | None = None
        self._now = now
        self._state = state
        self._statistics = Statistics(state / "statistics.db", self.profile, now)
        self._silences = Silences(state / "notices.json", self.profile.name, self.profile.mode)
        self._opened: asyncio.Task[tuple[Services, Shared]] | None = None
        self._configuration: Configuration | None = None
        self._fresh: datetime | None = None
        self._services: Services | None = None
        self._closed = False

    async def open(self) -> "tuple[Services, Shared]":
        """Opens the services, once. What can't be opened is a problem in its place, not a failure here.

        Raises:
            Refused: A key belongs to the other mode, or this was closed.
        """
        if self._closed:
            raise Refused("This was closed, and asks nobody any more.", code="closed")
        if self._opened is None or (self._opened.done() and self._opened.exception()):
            self._opened = asyncio.ensure_future(self._open())
        return await asyncio.shield(self._opened)

    async def _open(self) -> "tuple[Services, Shared]":
        services, shared = await asyncio.to_thread(_opened, self._openings)
        self._services = services
        if is_held_off():
            set_aside()
        return services, shared

    async def _stripe(self) -> "Stripe":
        """Raises what stands in its place where it could not be opened."""
        services, _ = await self.open()
        if isinstance(services.stripe, Problem):
            raise services.stripe
        return services.stripe

    async def warm(self) -> None:
        """Fetches what the band shows, and loads what somebody who stays is likely to come to."""
        services, shared = await self.open()
        configuration, _ = await asyncio.gather(shared.configuration(), asyncio.to_thread(_load_the_rest))
        self._configuration, self._fresh = configuration, self._now()
        if not isinstance(services.stripe, Problem) and isinstance(configuration.account, Account):
            from billing_tui.cache.places import remember

            await remember(services.stripe, configuration.account.id)

    async def diagnose(
        self, text: str, *, user: str = "", probe: bool = True, so_far: bool = True, warm: bool = False
    ) -> AsyncGenerator[Diagnosis, None]:
        """Ever more complete diagnoses of one ticket, or without `so_far` the settled one alone.

        With `warm`, somebody whom the cache knows is shown from it at once, and then confirmed live.

        Raises as `diagnosis.diagnose` does.
        """
        from billing_tui.diagnosis.diagnose import diagnose

        person = await self._remembered(text) if warm else None
        services, shared = await self.open()
        diagnoses = diagnose(
            services, shared, self.profile, text, now=self._now, user=user, probe=probe, so_far=so_far, person=person
        )
        async with aclosing(diagnoses):
            async for held in diagnoses:
                self._configuration = held.evidence.configuration
                self._fresh = self._now()
                self._statistics.count(held)
                yield held

    async def _remembered(self, text: str) -> "Person | None":
        """What the cache holds of somebody; a cache that can't be read holds nothing, which it says where it is shown."""
        try:
            return await asyncio.to_thread(self.shelf().person, understand(text))
        except Problem:
            return None

    def nobody(self, diagnosis: Diagnosis) -> NotThere | None:
        """What to say where nobody at all was found; None where somebody was."""
        from billing_tui.diagnosis.diagnose import found_nobody

        return found_nobody(diagnosis)

    # Writing.

    def unlock(self) -> None:
        """Lets this window write in live mode. Raises `Refused` when the profile is read-only."""
        if self.profile.read_only:
            raise Refused("This is read-only and can't be unlocked.", "Start again without --read-only.", code="read_only")
        self.locked = False

    def lock(self) -> None:
        """Stops this window from writing in live mode."""
        self.locked = self.profile.mode == "live"

    @cached_property
    def _writing(self) -> "Writing":
        from billing_tui.changes.writing import Writing

        return Writing(self._state, self._now)

    async def plan(self, wanted: Wanted, *, keep_it: bool = False) -> Change:
        """A plan from fresh reads. A refused one says why in `refused`; raises as `changes.planning.make` does."""
        return await self._writing.plan(await self._desk(), wanted, keep_it=keep_it)

    async def kept_plan(self, plan_id: str) -> Change:
        """A plan that was shown within the last hour."""
        return await self._writing.kept(plan_id)

    async def apply(self, change: Change, confirm: str, reins: "Reins | None" = None) -> AsyncIterator[Change]:
        """Carries out a plan: yields it after each step; the last is `applied`. `reins` pause and stop a bulk.

        Raises as `Applying.run` does.
        """
        if self.locked:
            raise Refused("Live mode is locked.", "Unlock it with L, then look at the plan again.", code="locked")
        from billing_tui.diagnosis.arrivals import note_answers

        desk, held = await self._desk(), change
        try:
            async for held in self._writing.apply(desk, change, confirm, reins):
                yield held
            await asyncio.to_thread(note_answers, held, self._cache_file)
        finally:
            if any(step.target == "stripe" for step in change.writes):
                await desk.shared.forget()

    async def reconcile(self) -> list[Change]:
        """Looks up what killed processes left open in this profile and mode, by reading; answers how each of them ended."""
        return await self._writing.reconcile(await self._desk())

    def written(self) -> "Written":
        """What this tool wrote on this machine, newest first. Blocking; raises `OutOfReach` where the journal can't be read."""
        from billing_tui.changes.history import Written, told

        return Written(tuple(reversed(told(self.journal.entries()))), self.journal.broken_at())

    @property
    def journal(self) -> "Journal":
        """What was written by this tool on this machine."""
        return self._writing.journal

    async def _desk(self) -> "Desk":
        from billing_tui.changes.desk import Desk

        services, shared = await self.open()
        return Desk(services, shared, self.profile, self._now, self._writing.journal, self._openings.keep)

    async def deliveries(self, since: datetime, types: Sequence[str] = ()) -> DeliveryLog:
        """Where events since a moment have got to, with this tool's own attempts. Raises what `delivery_log` does."""
        from billing_tui.diagnosis.delivery_log import delivery_log

        services, shared = await self.open()
        return await self._attempted(await delivery_log(services, shared, self.profile, now=self._now, since=since, types=types))

    async def _attempted(self, log: DeliveryLog) -> DeliveryLog:
        from billing_tui.changes.history import attempts_told, with_attempts

        return with_attempts(log, await asyncio.to_thread(lambda: attempts_told(self.journal.entries())))

    async def delivery_times(self, days: float = 7.0) -> "DeliveryTimes | None":
        """How long deliveries to the app took, as far as the cache was kept; None where there is none.

        Asks for the endpoints, unless they are known.
        """
        configuration = self._configuration or await self.configuration()
        try:
            return await asyncio.to_thread(self.shelf().delivery_times, heard_types(configuration, self.profile), days)
        except Problem:
            return None

    async def tail(self, since: datetime, types: Sequence[str], every: float) -> AsyncGenerator[Event, None]:
        """Events as they come, oldest first, from a moment on; asks again after so many seconds. It never ends by itself.

        Raises:
            KeyRefused: There is no key, or it may not read events.
            OutOfReach: Stripe does not answer.
        """
        from billing_tui.diagnosis.follow import follow

        async with aclosing(follow(await self._stripe(), since, types, every)) as events:
            async for event in events:
                yield event

    def attention(self) -> Attention:
        """What needs attention, by the cache and what is known of the endpoints. Blocking; asks nobody.

        Raises `OutOfReach` where the cache can't be read.
        """
        from billing_tui.notices.attention import attention

        return attention(self.shelf(), self.profile, self._configuration, self._silences, self._now())

    def silence(self, notice: Notice, how: Silence | None) -> None:
        """Silences a notice on this machine, or with None lets it be heard again. Blocking; raises as `Silences.silence` does."""
        self._silences.silence(notice, how)

    def trend(self) -> Trend:
        """What the causes of this profile's tickets were of late. Blocking."""
        return self._statistics.trend()

    # Going live.

    async def side(self) -> "Side":
        """This mode as the go-live checks look at it. Raises what `open` does."""
        from billing_tui.golive.facts import gather_side
        from billing_tui.golive.run import last_run

        services, shared = await self.open()
        secret = await asyncio.to_thread(self._openings.secret, "webhook_secret")
        side = await gather_side(services, shared, self.profile, secret.reveal() if secret else "")
        seen, tried = await asyncio.to_thread(lambda: (self.seen.read(), last_run(self.journal.entries(), self.profile)))
        return replace(side, seen=seen, tried=tried)

    @property
    def seen(self) -> "SeenFile":
        """What a person has looked at and found well, of this profile in both modes."""
        from billing_tui.golive.seen import SeenFile

        return SeenFile(self._state / "golive.json", self.profile.name)

    async def bought_with(self, coupon: str, since: datetime) -> "Bought | None":
        """The purchase with a coupon since a moment, if there is one yet. Raises what `Till.look` does, and what `open` does."""
        from billing_tui.golive.bought import Till

        stripe = await self._stripe()
        if self._till is None or self._till[0] != coupon:
            self._till = coupon, Till(stripe, coupon, since)
        return await self._till[1].look()

    async def read_customer(self, customer: str) -> Diagnosis:
        """A customer, read now in every layer; raises what `diagnose` does."""
        async with aclosing(self.diagnose(customer, probe=False, so_far=False)) as diagnoses:
            async for found in diagnoses:
                return found
        raise OutOfReach(f"Nothing was found of {customer}.")

    async def has_arrived(self, event: str) -> bool:
        """Whether an event has got to the app's endpoint, or stands in its ledger. Raises what `delivery_of` does."""
        from billing_tui.diagnosis.delivery_log import delivery_of

        services, shared = await self.open()
        log = await delivery_of(services, shared, self.profile, [event], now=self._now)
        return any(held.state == "delivered" for held in log.deliveries)

    # The cache.

    async def sync(self, *, full: bool = False, on_progress: "Tell | None" = None) -> "SyncReport":
        """Brings the cache up to date; cancelled, it keeps what was done. Raises what `cache.sync.sync` does.

        Raises:
            KeyRefused: There is no key, or its account can't be told.
            Refused: The key is another account's than `stripe_account` says.
        """
        from billing_tui.cache.sync import sync

        stripe = await self._stripe()
        report = await sync(stripe, partial(self._synced_file, stripe), self.profile, now=self._now, full=full, tell=on_progress)
        self._fresh = self._now()
        return report

    async def survey(self, tell: "Told | None" = None, *, older: float = 0.0) -> "SurveyReport | None":
        """Looks at everybody in Clerk and the database, and at who has drifted from what the cache has of Stripe.

        None where any window has looked within so many seconds. Raises what `sync` does.
        """
        from billing_tui.cache.connections import Connections
        from billing_tui.cache.survey import survey

        at, _ = await asyncio.to_thread(lambda: self.shelf().surveyed)
        if at and 0 <= (self._now() - at).total_seconds() < older:
            return None
        stripe, (services, _) = await self._stripe(), await self.open()
        connections = Connections(await self._synced_file(stripe))
        try:
            return await survey(services, connections, self.profile, now=self._now, tell=tell)
        finally:
            connections.close()

    async def recheck(self) -> int:
        """Asks which of the cache's events are still outstanding, and which the app has; of how many more is known now.

        Raises what `sync` does.
        """
        from billing_tui.cache.connections import Connections
        from billing_tui.cache.rechecking import recheck
        from billing_tui.diagnosis.arrivals import ask_the_ledger

        at = self._now()
        since = at - timedelta(days=30)
        stripe, (services, _) = await self._stripe(), await self.open()
        connections = Connections(await self._synced_file(stripe))
        try:
            taken = await recheck(stripe, connections, since, at)
            heard = heard_types(self._configuration, self.profile)
            return taken + await ask_the_ledger(services, self.profile, connections, heard, since)
        finally:
            connections.close()

    async def configuration(self) -> Configuration:
        """What every ticket shares: the account, the catalogue, the endpoints; asked for at most once in five minutes."""
        _, shared = await self.open()
        self._configuration = await shared.configuration()
        return self._configuration

    async def probes(self) -> Probes | Gap:
        """What the app's own endpoint answers to our requests; asked at most once in five minutes."""
        _, shared = await self.open()
        return await shared.probes()

    async def event(self, event_id: str) -> dict[str, Any]:
        """An event with all that it carries, cleaned. Raises `NotThere` where Stripe keeps it no longer."""
        stripe = await self._stripe()
        return await stripe.whole(f"/v1/events/{event_id}")

    async def deliveries_of(self, event_id: str) -> DeliveryLog:
        """Where one event has got to, with this tool's own attempts. Raises what `delivery_of` does."""
        from billing_tui.diagnosis.delivery_log import delivery_of

        services, shared = await self.open()
        log = await delivery_of(services, shared, self.profile, [event_id], now=self._now)
        return await self._attempted(log)

    def refresh_after(self, unwatched: float) -> float | None:
        """Seconds until the cache is to be read again by itself; None while nobody looks, which was `unwatched` seconds ago."""
        from billing_tui.services.budget import refresh_after

        return refresh_after(self.band().reads, self.profile.limits.stripe_reads_per_day, unwatched)

    async def refresh(self, older: float) -> datetime | None:
        """Reads what has changed in Stripe, unless any window did within so many seconds; answers when that was.

        None where the whole was never read, or there is no key: nothing is then read unasked. Raises what `sync` does.
        """
        services, _ = await self.open()
        whole, read = await asyncio.to_thread(lambda: (self.shelf().is_whole, self.shelf().synced_at))
        if not whole or read is None or isinstance(services.stripe, Problem):
            return None
        if not 0 <= (self._now() - read).total_seconds() < older:
            await self.sync()
            read = await asyncio.to_thread(lambda: self.shelf().synced_at)
        self._fresh = read
        return read

    def shelf(self) -> "Shelf":
        """The cache, for reading; empty before the first sync, filled after it. The first question to it may look the key up."""
        if self._shelf is None:
            from billing_tui.cache.shelf import open_shelf

            self._shelf = open_shelf(self._cache_file, profile=self.profile, now=self._now)
        return self._shelf

    async def _synced_file(self, stripe: "Stripe") -> Path:
        from billing_tui.cache.places import account_of, cache_path

        path = cache_path(self._cache, await account_of(stripe, self.profile), self.profile.mode)
        self.shelf().move(path)
        return path

    def account_known(self) -> str:
        """Whose account the cache is, "" where nobody can say. Blocking; asks nobody."""
        from billing_tui.cache.places import only_account
        from billing_tui.opening import known_account

        return known_account(self._openings) or only_account(self._cache, self.profile.mode)

    def _cache_file(self) -> Path | None:
        from billing_tui.cache.places import cache_path

        account = self.account_known()
        return cache_path(self._cache, account, self.profile.mode) if account else None

    # The band.

    def band(self) -> Band:
        """What is known of where one is. No I/O."""
        profile, configuration, services = self.profile, self._configuration, self._services
        account = configuration.account if configuration else None
        instance = configuration.instance if configuration else None
        database = services.database if services and not isinstance(services.database, Problem) else None
        stripe = services.stripe if services and not isinstance(services.stripe, Problem) else None
        return Band(
            mode=profile.mode,
            demo=profile.demo,
            profile=profile.name,
            account_name=account.name if isinstance(account, Account) else "",
            account_id=account.id if isinstance(account, Account) else "",
            clerk=getattr(instance, "environment_type", ""),
            database=database.describe().removeprefix("db ") if database else "",
            read_only=profile.read_only,
            locked=self.locked,
            reads=stripe.api.reads if stripe else 0,
            reads_per_day=profile.limits.stripe_reads_per_day,
            fresh=self._fresh,
        )

    async def close(self) -> None:
        """Closes everything; no request is in flight afterwards, and none is sent any more."""
        self._closed = True
        if self._opened is not None:
            (opened,) = await asyncio.gather(self._opened, return_exceptions=True)
            if not isinstance(opened, BaseException):
                await opened[1].close()
        if self._shelf:
            self._shelf.close()
        if self._services:
            await self._services.close()
        await self._statistics.close()


def _opened(openings: Openings) -> "tuple[Services, Shared]":
    """In a thread, with all that the first ticket needs, so that nobody waits for that to be loaded."""
    import anyio.lowlevel

    from billing_tui.diagnosis import diagnose  # noqa: F401 - to have it loaded
    from billing_tui.diagnosis.configuration import Shared
    from billing_tui.opening import open_services

    services = open_services(openings)
    anyio.run(anyio.lowlevel.checkpoint)  # loads what httpx waits with
    return services, Shared(services)


def _load_the_rest() -> None:
    """In a thread: a key that comes to one of these must not wait until it is loaded."""
    for name in ("cache.sync", "cache.survey", "cache.rechecking", "changes.writing", "changes.history", "diagnosis.arrivals"):
        import_module(f"billing_tui.{name}")
