"""A hundred people who pay and have what they pay for, each in a shape of their own, made by a seed.

Everything happens in three steps: what was before, the purchase, and what came after. Between two steps the app hears of it over
HTTP and does its work; nobody writes Clerk or the database in its place.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from billing_tui.sandbox import commerce
from billing_tui.sandbox.commerce import Link, Purchase
from billing_tui.sandbox.stripe import objects
from tests.cli.office import Office
from tests.cli.program import Json

DAY = 86_400
HEARD_TWICE = ("checkout.session.completed", "customer.subscription.updated")


@dataclass
class Subject:
    """Somebody, and what they have gone through; `tier` is what they should have in the end."""

    shape: tuple[str, str, str]
    email: str
    user: Json
    customer: Json
    bought: int
    tier: str = "pro"
    purchase: Purchase | None = None
    """Set by the purchase."""

    @property
    def subscription(self) -> Json:
        assert self.purchase
        return self.purchase.subscription

    @property
    def names(self) -> tuple[str, ...]:
        """The ways in which a ticket may name them."""
        return (self.email, self.customer["id"], self.user["id"], self.subscription["id"], self.email.upper())


Buyings = Mapping[str, Callable[["Town", Subject], Purchase]]
Lives = Mapping[str, Callable[["Town", Subject], None]]


@dataclass
class Town:
    """One mode of an office, and everybody in it."""

    office: Office
    dice: random.Random
    people: list[Subject] = field(default_factory=list)
    _held: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        world = self.office.sandbox.world
        self.account, self.clerk, self.app = world.stripe("live"), world.clerk("live"), world.app("live")
        self.now = self.account.now()
        # Somebody else's endpoint, which never answers: it is not the app's, and nobody lacks anything for it.
        objects.webhook_endpoint(
            self.account, url="https://figures.example/stripe", enabled_events=HEARD_TWICE, created=self.now - 200 * DAY
        )

    def price(self, tier: str = "pro", interval: str = "month", currency: str = "usd", **facts: Any) -> Json:
        """A price of the tier's own product, made where the shop has none such."""
        name = f"{tier} {interval} {currency} {sorted(facts.items())}"
        if name not in self._held:
            product = next(one for one in self.account.table("product") if one["metadata"].get("plan") == tier)
            amount = facts.pop("amount", 2900)
            self._held[name] = objects.price(
                self.account, product, amount=amount, interval=interval, currency=currency, created=self.now - 90 * DAY, **facts
            )
        return self._held[name]

    def coupon(self, percent: float) -> Json:
        name = f"coupon {percent}"
        return self._held.setdefault(name, objects.coupon(self.account, percent_off=percent, created=self.now - 90 * DAY))

    def seat(self, *, metered: bool = False) -> Json:
        """Something that is bought beside a plan."""
        seat: Json = next(one for one in self.account.table("price") if one["nickname"] == "Extra seat")
        if not metered:
            return seat
        made = self._held.setdefault("metered", {}) or objects.price(
            self.account, self.account.get("product", seat["product"]), amount=2, created=self.now - 90 * DAY
        )
        made["recurring"]["usage_type"] = "metered"
        self._held["metered"] = made
        return made

    def buy(self, who: Subject, price: Json, at: int | None = None, **how: Any) -> Purchase:
        return commerce.buy(
            self.account,
            who.customer,
            price,
            link=Link.to(who.user["id"]),
            at=who.bought if at is None else at,
            **how,
        )

    def settle_in(self, count: int, before: Lives, purchases: Buyings, after: Lives, later: frozenset[str]) -> None:
        """Everybody comes, buys, and goes on. `later` names what comes a period after the purchase."""
        for number in range(count):
            shape = (
                self.dice.choice(list(before)),
                list(purchases)[number % len(purchases)],
                list(after)[number // 2 % len(after)],
            )
            self.people.append(self._newcomer(number, shape, long_ago=shape[2] in later))

        def buys(who: Subject) -> None:
            who.purchase = purchases[who.shape[1]](self, who)

        steps = (lambda who: before[who.shape[0]](self, who), buys, lambda who: after[who.shape[2]](self, who))
        for step in steps:
            carrier, self.account.carrier = self.account.carrier, None
            assert carrier
            for who in self.people:
                step(who)
            waiting, self.account.waiting = self.account.waiting, []
            self.account.carrier = carrier
            for delivery, delay in waiting:
                carrier(self.account, delivery, delay)
            assert self.office.wires["live"].control("/settle") == {"settled": True}
        for who in self.people[::2]:
            self.clerk.add_session(who.user["id"], created_at=self.now - DAY, last_active_at=self.account.now() + 1)

    def _newcomer(self, number: int, shape: tuple[str, str, str], *, long_ago: bool) -> Subject:
        bought = self.now - self.dice.randrange(20 * 60, 24 * DAY) - (40 * DAY if long_ago else 0)
        email = f"person{number}.{self.dice.randrange(10**6)}@town.example"
        user = self.clerk.add_user(email=email, created_at=bought - 9 * DAY, public_metadata={"plan": "free", "theme": "dark"})
        self.app.add_row(user["id"], email, at=bought - 9 * DAY)
        customer = objects.customer(
            self.account, email=email, name=f"Person {number}", metadata={"clerkUserId": user["id"]}, created=bought - 60
        )
        self.app.database.set_customer(user["id"], customer["id"], bought - 60)
        return Subject(shape, email, user, customer, bought)
