"""What `doctor` looks at beyond this machine: the configuration, the way to each service, and the clock they agree on."""

import asyncio

from billing_tui.cli.doctor_checks import Check
from billing_tui.cli.options import Asked
from billing_tui.detection.key_check import check_secret
from billing_tui.model.problem import Problem
from billing_tui.services.reach import Reached, reach
from billing_tui.settings.safes import Safes
from billing_tui.setup.key_place import KeyPlace

# Webhook signatures are good for five minutes.
_SLOPPY, _WRONG = 30.0, 240.0


def configuration(asked: Asked) -> tuple[KeyPlace | None, Check]:
    """The profile, or what is wrong with the file."""
    try:
        config = asked.load()
        place = KeyPlace(asked.guarded(config.open(asked.profile, asked.mode)), config)
    except Problem as problem:
        return None, Check("configuration", "warn" if problem.code == "no_config" else "fail", problem.message, problem.hint)
    return place, Check("configuration", "pass", f"The profile {place.name} opens in {place.mode} mode.")


async def services(place: KeyPlace, safes: Safes, limit: float) -> list[Check]:
    """Everything that the profile uses, asked at the same time."""
    found = await asyncio.gather(
        _stripe(place, limit), _answers("clerk", "Clerk", place.profile.clerk_api_base, limit), _database(place, safes, limit)
    )
    return [check for checks in found for check in checks]


async def _stripe(place: KeyPlace, limit: float) -> list[Check]:
    try:
        reached = await reach("Stripe", place.profile.stripe_api_base, limit)
    except Problem as problem:
        clock = Check("clock", "unknown", "Without an answer of Stripe's, nobody tells the time.")
        return [Check("stripe", "fail", problem.message, problem.hint), clock]
    return [Check("stripe", "pass", f"Stripe answers ({reached.host})."), _clock(reached)]


def _clock(reached: Reached) -> Check:
    if reached.skew is None:
        return Check("clock", "unknown", "Stripe's answer told no time.")
    off = abs(reached.skew)
    if off <= _SLOPPY:
        return Check("clock", "pass", "The clock agrees with Stripe's.")
    said = f"The clock is {off:.0f} s {'ahead of' if reached.skew > 0 else 'behind'} Stripe's."
    hint = "Set it by the network: webhook signatures are refused when they are more than five minutes off."
    return Check("clock", "fail" if off > _WRONG else "warn", said, hint)


async def _answers(check: str, service: str, base: str, limit: float) -> list[Check]:
    try:
        reached = await reach(service, base, limit)
    except Problem as problem:
        return [Check(check, "fail", problem.message, problem.hint)]
    return [Check(check, "pass", f"{service} answers ({reached.host}).")]


async def _database(place: KeyPlace, safes: Safes, limit: float) -> list[Check]:
    """Nothing where the profile has none."""
    if place.profile.database is None:
        return []
    try:
        url = await asyncio.to_thread(place.find, place.mode, "database_url", safes)
        if url is None:
            hint = f"Run billing-tui keys set database_url --mode {place.mode}."
            return [Check("database", "warn", "The profile has a database, and no address for it.", hint)]
        report = await check_secret(url, place.profile, limit)
    except Problem as problem:
        return [Check("database", "fail", problem.message, problem.hint)]
    return [Check("database", "pass", f"The database answers: {report.note}")]
