"""Whose a secret is and what it may do, found out by using it for reads: before it is kept, and whenever somebody doubts it.

A report never holds the secret. Nothing in here can write: the services are opened read-only.
"""

import asyncio
from dataclasses import replace

from msgspec import Struct, structs

from billing_tui.model.problem import KeyRefused, OutOfReach, Problem, Refused
from billing_tui.model.profile import DatabaseTable, Profile
from billing_tui.opening import open_services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database_thread import in_thread
from billing_tui.services.database_url import read_url
from billing_tui.services.stripe import Stripe
from billing_tui.settings.openings import Openings
from billing_tui.settings.secret import Secret

# What the tool reads of Stripe. A key without one of these still works, for less.
_READS = (
    "/v1/customers",
    "/v1/subscriptions",
    "/v1/invoices",
    "/v1/products",
    "/v1/prices",
    "/v1/checkout/sessions",
    "/v1/events",
    "/v1/webhook_endpoints",
    "/v1/payment_intents",
    "/v1/charges",
    "/v1/billing_portal/configurations",
)
_CLERK_KINDS = {"development": "test", "production": "live"}


class KeyReport(Struct, frozen=True):
    """What a check found: `who` the secret belongs to, and what it lacks, by the names that Stripe's Dashboard has for it."""

    slot: str
    who: str = ""
    account: str = ""
    missing: tuple[str, ...] = ()
    note: str = ""


async def check_secret(secret: Secret, profile: Profile, limit: float = 10.0) -> KeyReport:
    """What a secret is good for, in the profile's mode.

    Raises:
        KeyRefused: It is not accepted.
        Refused: It belongs to another account than the profile's, or to the other mode.
        OutOfReach, BadUsage: It could not be tried.
    """
    match secret.slot:
        case "stripe_key":
            return await _stripe(secret, profile, limit)
        case "clerk_key":
            return await _clerk(secret, profile, limit)
        case "webhook_secret":
            return KeyReport(secret.slot, note="It is known to be right when the app accepts a probe that is signed with it.")
        case _:
            return await _database(secret, profile, limit)


def reading(profile: Profile, secrets: dict[str, Secret], limit: float) -> Openings:
    """What it takes to open the services of a profile with secrets that are kept nowhere yet, for reading alone."""
    table = DatabaseTable() if "database_url" in secrets and profile.database is None else profile.database
    return Openings(structs.replace(profile, read_only=True, database=table), secrets.get, limit)


async def _stripe(secret: Secret, profile: Profile, limit: float) -> KeyReport:
    openings = reading(structs.replace(profile, webhook_url="", database=None), {secret.slot: secret}, limit)
    services = await asyncio.to_thread(open_services, replace(openings, state=None))
    try:
        if isinstance(services.stripe, Problem):
            raise services.stripe
        account, name = await account_of(services.stripe)
        if profile.stripe_account and account and account != profile.stripe_account:
            raise Refused(
                f"This key belongs to the account {account}, and the profile {profile.name} is for {profile.stripe_account}.",
                "Use a key of that account, or correct stripe_account in the configuration.",
                code="wrong_account",
            )
        missing = () if secret.reveal().startswith("sk_") else await _lacking(services.stripe)
    finally:
        await services.close()
    return KeyReport(
        secret.slot, f"{name or 'an account whose name the key may not read'} ({account or 'id unknown'})", account, missing
    )


async def account_of(stripe: Stripe) -> tuple[str, str]:
    """Id and name of the account; a restricted key mostly learns the id alone, from the words of the refusal."""
    try:
        account = await stripe.account()
    except KeyRefused as refusal:
        if refusal.code != "permission":
            raise
        return refusal.account, ""
    return account.id, account.name


async def _lacking(stripe: Stripe) -> tuple[str, ...]:
    """The permissions that the key lacks for what the tool reads."""

    async def tried(path: str) -> str:
        try:
            await stripe.api.body(path, limit=1)
        except KeyRefused as refusal:
            return refusal.permission or path
        except Problem:
            return ""
        return ""

    return tuple(dict.fromkeys(filter(None, await asyncio.gather(*(tried(path) for path in _READS)))))


async def _clerk(secret: Secret, profile: Profile, limit: float) -> KeyReport:
    openings = reading(structs.replace(profile, webhook_url="", database=None), {secret.slot: secret}, limit)
    services = await asyncio.to_thread(open_services, openings)
    try:
        if not isinstance(services.clerk, Clerk):
            raise services.clerk or AssertionError("there is a key for it")
        instance = await services.clerk.instance()
    finally:
        await services.close()
    mode = _CLERK_KINDS.get(instance.environment_type, profile.mode)
    if mode != profile.mode and not profile.allow_mode_mix:
        raise Refused(
            f"This key is of a {instance.environment_type} instance of Clerk's, and the mode is {profile.mode}.",
            f"Use the {profile.mode} instance's key, or set allow_mode_mix = true if that is meant.",
            code="mode_mismatch",
        )
    return KeyReport(secret.slot, f"Clerk's {instance.environment_type or 'instance'} {instance.id}".strip())


async def _database(secret: Secret, profile: Profile, limit: float) -> KeyReport:
    url = read_url(secret.reveal())

    def looked() -> str:
        from billing_tui.services.database_look import look  # loads SQLAlchemy, which no other slot needs

        return look(url, profile.database, limit)

    try:
        found = await in_thread(looked, limit)
    except TimeoutError as error:
        message = f"The database {url.place} did not answer in time."
        raise OutOfReach(message, "Check that it can be reached from here.", code="timeout") from error
    return KeyReport(secret.slot, note=f"{url.place}: {found}")
