"""Mend the plan that a product's metadata names: one key of it, read by the app and by this tool alike."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.several import CAP
from billing_tui.changes.stripe_params import stripe_step
from billing_tui.model.change import Change, Wanted
from billing_tui.model.evidence import known
from billing_tui.model.problem import BadUsage
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Product, Subscription
from billing_tui.model.text import listed, plural, quoted

_OTHER_KEYS = ("plan", "tier", "planname", "plantier", "planid", "level")
_MOST_PRICES = 20


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Option `plan`: the tier; without it, the one that is evidently meant.

    Raises:
        BadUsage: It is no tier of the profile's.
        NotThere: Stripe has no such product.
    """
    profile, tier = desk.profile, wanted.options.get("plan", "")
    if tier and tier not in profile.tiers:
        raise BadUsage(f"The app sells no tier {quoted(tier)}.", f"One of {listed(profile.tiers)}.")
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    product = await desk.stripe.product(wanted.query)
    draft = structs.replace(draft, subject=product.id, targets=("stripe",), confirm=product.id[-4:])
    key = _key(profile)
    if draft.refused or not key:
        why = draft.refused or "plan_from names no metadata of the product, so the app does not read its plan there."
        return structs.replace(draft, refused=why)
    meant = tier or _meant(product, key, profile)
    if not meant:
        why = f"It can't be told which tier {quoted(product.name)} is meant to be: say it with --plan."
        return structs.replace(draft, refused=why)
    before = _text((product.metadata or {}).get(key))
    step = stripe_step("products", product.id, f"metadata.{key}", before, meant)
    live, more = await _live(desk, product.id) if step.state == "planned" else ([], False)
    said = f"It says {quoted(before)}" if before is not None else f"It has no {quoted(key)}"
    return structs.replace(
        draft,
        title=f"Make {quoted(product.name)} stand for {meant}",
        because=f"{said}; the app's tiers are {listed(profile.tiers)}, to the letter.",
        steps=(step,),
        warnings=tuple(_warnings(len({held.id for held in live}), more=more, meant=meant)) if step.state == "planned" else (),
        then=_then(live),
    )


def _then(live: list[Subscription]) -> Wanted | None:
    """The re-sync of those who pay for it, as many as go at once."""
    names = list(dict.fromkeys(held.customer_id for held in live))[:CAP]
    return Wanted(action="resync several", query=" ".join(names)) if names else None


def _key(profile: Profile) -> str:
    """The first metadata key of a product that the app reads."""
    start = "product.metadata."
    return next((path.removeprefix(start) for path in profile.plan_from if path.startswith(start)), "")


def _meant(product: Product, key: str, profile: Profile) -> str:
    """The tier that a wrongly written value, a key of another spelling or the product's name stands for; "" where none does."""
    metadata = product.metadata or {}
    others = [value for name, value in metadata.items() if _letters(name) in (*_OTHER_KEYS, _letters(key))]
    for value in (metadata.get(key), *others):
        found = _tier_of(str(value or ""), profile)
        if found:
            return found
    words = {_letters(word) for word in str(product.name).split()}
    named = [tier for tier in profile.tiers if _letters(tier) in words]
    return named[0] if len(named) == 1 else ""


def _tier_of(value: str, profile: Profile) -> str:
    return next((tier for tier in profile.tiers if _letters(tier) == _letters(value)), "")


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _text(value: object) -> str | None:
    return None if value is None else str(value)


async def _live(desk: Desk, product_id: str) -> tuple[list[Subscription], bool]:
    """The subscriptions that have not ended and are of the product, and whether there are more than were read."""
    prices = [price for price in known((await desk.shared.configuration()).prices, {}).values() if price.product_id == product_id]
    pages = await asyncio.gather(*(desk.stripe.subscribers(price.id) for price in prices[:_MOST_PRICES]))
    more = len(prices) > _MOST_PRICES or any(page.has_more for page in pages)
    return [held for page in pages for held in page.data], more


def _warnings(count: int, *, more: bool, meant: str) -> Iterator[str]:
    if not count:
        yield "No subscription is of this product now."
        return
    yield f"{'More than ' if more else ''}{plural(count, 'subscription')} of this product: each stands for {meant} from then on."
    yield "Nobody's plan is written by this: their re-sync is offered next; billing-tui drift shows who needs it."
