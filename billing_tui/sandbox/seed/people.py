"""Who came when, under which name, and what became of them: `fates` tells each story, here the dice are rolled."""

import random
from dataclasses import dataclass
from itertools import islice

from billing_tui.sandbox.app import CustomerApp, handler
from billing_tui.sandbox.clerk import ClerkInstance
from billing_tui.sandbox.commerce import Scribe
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.seed.catalogue import Shop
from billing_tui.sandbox.seed.fates import FATES, Life
from billing_tui.sandbox.seed.names import FAMILY, GIVEN, PLACES, WHOLE, mailbox
from billing_tui.sandbox.stages.replay import expanded
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.world import TIERS, World

DAY = 86400
SPAN = 3 * 365 * DAY
MANY = 2000
"""Beyond so many customers renewals leave no invoices: what is wanted then is a long list, soon."""


@dataclass(frozen=True)
class _House:
    account: Account
    clerk: ClerkInstance
    app: CustomerApp


def invite(world: World, mode: Mode, shop: Shop, customers: int) -> None:
    """So many customers, oldest first; each is known to Stripe, to Clerk and to the app, and all three agree."""
    dice = world.random(f"people {mode}")
    house = _House(world.stripe(mode), world.clerk(mode), world.app(mode))
    now, taken, earlier = house.account.now(), set[str](), len(house.account.table("event"))
    depth = 2 if customers <= MANY else 0
    ages = sorted((_age(dice) for _ in range(customers)), reverse=True)
    stories, weights = [fate for fate, _ in FATES], [weight for _, weight in FATES]
    for number, age in enumerate(ages):
        first, last, email, country = _identity(dice, number, taken)
        user = _user(house, dice, (first, last, email), now - age)
        customer = objects.customer(
            house.account,
            email=email,
            name=f"{first} {last}".strip(),
            country=country,
            metadata={"clerkUserId": user["id"]},
            created=now - age,
        )
        Scribe(house.account, now - age, "settled").tell("customer.created", customer)
        fate = dice.choices(stories, weights)[0]
        bought = now - age + dice.randrange(60, 6 * DAY)
        life = Life(house.account, shop, dice, customer, user["id"], bought, now, depth)
        subscription = fate(life) if life.bought < now - 3600 else None
        _agree(house, user, email, customer, subscription)
    _remember_events(house, earlier)


def _age(dice: random.Random) -> int:
    """Seconds since somebody came; more of them lately, as in a business that grows."""
    return int(SPAN * (1 - dice.random() ** 0.5)) + 5400


def _identity(dice: random.Random, number: int, taken: set[str]) -> tuple[str, str, str, str]:
    country, house = PLACES[dice.randrange(len(PLACES))]
    if number % 31 == 7:
        name, box = WHOLE[number // 31 % len(WHOLE)]
        first, last = name, ""
    else:
        first, last = dice.choice(GIVEN), dice.choice(FAMILY)
        box = mailbox(first, last)
    email = f"{box}@{house}.example"
    if email in taken:
        email = f"{box}{number}@{house}.example"
    taken.add(email)
    return first, last, email, country


def _user(house: _House, dice: random.Random, person: tuple[str, str, str], at: int) -> Obj:
    first, last, email = person
    seen = house.account.now() - dice.randrange(600, 40 * DAY)
    return house.clerk.add_user(
        email=email,
        first_name=first,
        last_name=last or None,
        created_at=at - dice.randrange(60, 3 * DAY),
        last_sign_in_at=max(at, seen),
        last_active_at=max(at, seen),
    )


def _agree(house: _House, user: Obj, email: str, customer: Obj, subscription: Obj | None) -> None:
    """Clerk and the app hold what the app's handler would have written last."""
    if subscription is None:
        user["public_metadata"] = {"plan": TIERS[0]}
        house.app.add_row(user["id"], email, at=customer["created"])
        house.app.database.set_customer(user["id"], customer["id"], customer["created"])
        return
    billing = handler.billing_of(expanded(house.account, subscription), TIERS, house.app.faults)
    user["public_metadata"] = {"plan": billing.plan}
    house.app.add_row(user["id"], email, billing, at=subscription["items"]["data"][0]["current_period_start"])


def _remember_events(house: _House, earlier: int) -> None:
    """The app's ledger knows every event that it handles, but for those that were there before these people."""
    for event in islice(house.account.table("event"), earlier, None):
        if event["type"] in handler.HANDLED:
            house.app.database.mark(event["id"], event["type"], event["created"] + 1)
