"""Which file is whose: a cache for each account and mode, the account told by its key."""

import asyncio
from pathlib import Path

from billing_tui.model.problem import KeyRefused, Refused
from billing_tui.model.profile import Mode, Profile
from billing_tui.services.budget import Budget
from billing_tui.services.purpose import Purpose, purpose
from billing_tui.services.stripe import Stripe


def cache_path(directory: Path, account: str, mode: Mode) -> Path:
    """The cache of an account in a mode."""
    return directory / f"cache-{account}-{mode}.db"


def only_account(directory: Path, mode: Mode) -> str:
    """The one account that has a cache in this mode; "" where there are several or none."""
    found = [path.name.removeprefix("cache-").removesuffix(f"-{mode}.db") for path in directory.glob(f"cache-acct_*-{mode}.db")]
    return found[0] if len(found) == 1 else ""


async def account_of(stripe: Stripe, profile: Profile) -> str:
    """The account of a service's key: remembered from an earlier time, or one request.

    Raises:
        KeyRefused: The key is not accepted, or its account can't be told.
        Refused: It is another account than the profile expects.
        OutOfReach: Stripe does not answer.
    """
    pace = stripe.api.pace
    account = pace.account if isinstance(pace, Budget) else None
    if not account:
        with purpose(Purpose.SYNC):
            account = await _asked(stripe)
        await remember(stripe, account)
    account = account or profile.stripe_account
    if not account:
        raise KeyRefused(
            "It can't be told whose account this key belongs to.", "Set stripe_account in the profile.", code="no_account"
        )
    if profile.stripe_account and account != profile.stripe_account:
        raise Refused(
            f"This key belongs to {account}, but the profile expects {profile.stripe_account}.",
            "Use the key of that account, or correct stripe_account in the configuration.",
            code="wrong_account",
        )
    return account


async def remember(stripe: Stripe, account: str) -> None:
    """From now on the key's account is known without asking, and shares one budget among all its keys."""
    if isinstance(stripe.api.pace, Budget) and account:
        await asyncio.to_thread(stripe.api.pace.adopt, account)


async def _asked(stripe: Stripe) -> str:
    try:
        return (await stripe.account()).id
    except KeyRefused as refusal:
        if refusal.code != "permission":
            raise
        return refusal.account
