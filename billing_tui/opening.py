"""Opening the services of a profile: secrets are looked up here, each handed to the one service that needs it, kept nowhere."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from msgspec import structs

from billing_tui.model.problem import KeyRefused, Problem, Refused
from billing_tui.services.budget import BUDGET_FILE, Budget
from billing_tui.services.budget import known_account as budget_account
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase, open_database
from billing_tui.services.endpoint import AppEndpoint
from billing_tui.services.stripe import Stripe
from billing_tui.services.stripe_api import StripeApi
from billing_tui.settings.openings import Openings
from billing_tui.settings.secret import Secret

if TYPE_CHECKING:
    from billing_tui.services.http import Pacing, Transport

# Clerk's limit for a development instance is 100 requests in 10 s, shared with the app's own traffic.
_CLERK_RATE = 10.0
_PROBE_RATE = 10.0


def open_services(openings: Openings) -> Services:
    """Opens every service that the profile has. Blocking: it loads packages and may run a command for a secret.

    Raises:
        Refused: A key belongs to the other mode; nothing is opened then.
    """
    return Services(
        stripe=_stripe(openings),
        clerk=_clerk(openings),
        database=_database(openings),
        endpoint=_endpoint(openings),
        elsewhere=_OtherMode(openings.other) if openings.other else None,
        endpoint_at=partial(_endpoint_at, openings),
    )


class _OtherMode:
    """The other mode's Stripe and Clerk, never for writing: somebody may have paid there, or exist there alone."""

    def __init__(self, openings: Openings) -> None:
        self._openings = replace(openings, profile=structs.replace(openings.profile, read_only=True), other=None)
        self._opening = asyncio.Lock()
        self._services: Services | None = None
        self._tried = False

    @property
    def webhook_url(self) -> str:
        return self._openings.profile.webhook_url

    async def open(self) -> Services | None:
        async with self._opening:
            if not self._tried:
                self._tried = True
                try:
                    self._services = await asyncio.to_thread(self._open)
                except Problem:
                    self._services = None
        return self._services

    def _open(self) -> Services:
        return Services(stripe=_stripe(self._openings), clerk=_clerk(self._openings), database=None, endpoint=None)

    async def close(self) -> None:
        if self._services:
            await self._services.close()


def known_account(openings: Openings) -> str:
    """Whose account the key for Stripe is, as far as this machine has learnt; "" where it has not, or there is no key.

    Blocking; asks nobody. Raises `Refused` as `open_services` does.
    """
    key = _found(openings, "stripe_key", "key for Stripe")
    if isinstance(key, Problem) or openings.state is None:
        return openings.profile.stripe_account
    return budget_account(openings.state / BUDGET_FILE, key.reveal()) or openings.profile.stripe_account


def _found(openings: Openings, slot: str, what: str) -> Secret | Problem:
    """A secret, or the problem that it is not to be had."""
    mode = openings.profile.mode
    try:
        secret = openings.secret(slot)
    except Refused:
        raise
    except Problem as problem:
        return problem
    if secret:
        return secret
    name = f"BILLING_TUI_{mode}_{slot}".upper()
    hint = f"Run billing-tui keys set {slot} --mode {mode}, or set {name}. {openings.advice()}".strip()
    return KeyRefused(f"There is no {what} for {mode} mode.", hint, code="key_missing")


def _transport(openings: Openings, service: str, pace: "Pacing | float", base: str, *, probed: bool = False) -> "Transport":
    from billing_tui.services.http import Transport  # httpx takes as long to load as the first screen may

    probe_url = base if probed else ""
    made = Transport(service, read_only=openings.profile.read_only, pace=pace, timeout=openings.timeout, probe_url=probe_url)
    made.load(base)
    return made


def _stripe(openings: Openings) -> Stripe | Problem:
    profile = openings.profile
    key = _found(openings, "stripe_key", "key for Stripe")
    if isinstance(key, Problem):
        return key
    rate = profile.limits.stripe_requests_per_second
    pace = Budget(openings.state / BUDGET_FILE, key.reveal(), rate) if openings.state else rate
    transport = _transport(openings, "Stripe", pace, profile.stripe_api_base)
    return Stripe(StripeApi(key.reveal(), transport, profile.stripe_api_base, profile.mode))


def _clerk(openings: Openings) -> Clerk | Problem | None:
    profile = openings.profile
    key = _found(openings, "clerk_key", "key for Clerk")
    if isinstance(key, Problem):
        return key if profile.clerk_plan_field else None
    return Clerk(
        key.reveal(), _transport(openings, "Clerk", _CLERK_RATE, profile.clerk_api_base), profile.clerk_api_base, profile.mode
    )


def _database(openings: Openings) -> AppDatabase | Problem | None:
    table = openings.profile.database
    if table is None:
        return None
    url = _found(openings, "database_url", "address of the app's database")
    if isinstance(url, Problem):
        return url
    try:
        write_url = openings.secret("database_write_url")
        database = open_database(url, table, openings.timeout, write_url, read_only=openings.profile.read_only)
        database.load()
    except Refused:
        raise
    except Problem as problem:
        return problem
    return database


def _endpoint(openings: Openings) -> AppEndpoint | None:
    return _endpoint_at(openings, openings.profile.webhook_url) if openings.profile.webhook_url else None


def _endpoint_at(openings: Openings, url: str) -> AppEndpoint:
    secret = _found(openings, "webhook_secret", "signing secret")
    held = secret.reveal() if isinstance(secret, Secret) else ""
    transport = _transport(openings, "the app's endpoint", _PROBE_RATE, url, probed=True)
    return AppEndpoint(url, held, transport, openings.profile.mode)
