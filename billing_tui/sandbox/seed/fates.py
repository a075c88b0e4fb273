"""What can become of a customer in three years; each fate makes the objects that Stripe would hold today.

A fate takes a `Life` and gives the subscription that counts now, or None for somebody who never had one.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from billing_tui.sandbox import commerce
from billing_tui.sandbox.commerce import Link
from billing_tui.sandbox.seed.catalogue import Shop
from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.table import Obj

DAY = 86400


@dataclass
class Life:
    """`bought` is when the customer first bought, or would have."""

    account: Account
    shop: Shop
    dice: random.Random
    customer: Obj
    user_id: str
    bought: int
    now: int
    depth: int
    """How many renewals are kept as invoices."""

    def price(self) -> Obj:
        """Mostly pro, mostly monthly, seldom enterprise."""
        tier = self.dice.choices(("starter", "pro", "enterprise"), (38, 56, 6))[0]
        return (self.shop.yearly if self.dice.random() < 0.3 else self.shop.monthly)[tier]

    def buy(
        self, price: Obj, *, at: int | None = None, extras: tuple[tuple[Obj, int], ...] = (), coupon: Obj | None = None
    ) -> commerce.Purchase:
        """A purchase that everybody heard of."""
        return commerce.buy(
            self.account,
            self.customer,
            price,
            link=Link.to(self.user_id),
            at=self.bought if at is None else at,
            hearing="settled",
            extras=extras,
            coupon=coupon,
        )

    def recently(self, days: int) -> int:
        """A moment in the last so many days, after the purchase."""
        span = min(days * DAY, self.now - self.bought - 1800)
        return self.now - self.dice.randrange(600, max(601, span))

    def running(self, price: Obj | None = None) -> Obj:
        """A subscription since the purchase, renewed until today."""
        subscription = self.buy(price or self.price()).subscription
        commerce.catch_up(self.account, subscription, until=self.now, invoices=self.depth)
        return subscription


def never_bought(_: Life) -> Obj | None:
    """Signed up, looked around."""
    return None


def abandoned(life: Life) -> Obj | None:
    """Opened the checkout, had the card refused, left."""
    status = "open" if life.now - life.bought < DAY else "expired"
    commerce.decline(
        life.account,
        life.customer,
        life.price(),
        user_id=life.user_id,
        at=life.bought,
        hearing="settled",
        session_status=status,
    )
    return None


def loyal(life: Life) -> Obj | None:
    """Bought, and stayed."""
    return life.running()


def founder(life: Life) -> Obj | None:
    """Still pays the archived price."""
    return life.running(life.shop.legacy)


def team(life: Life) -> Obj | None:
    """Pro with extra seats on the same subscription."""
    extras = ((life.shop.seats, life.dice.randrange(2, 9)),)
    subscription = life.buy(life.shop.monthly["pro"], extras=extras).subscription
    commerce.catch_up(life.account, subscription, until=life.now, invoices=life.depth)
    return subscription


def welcomed(life: Life) -> Obj | None:
    """Came with the welcome code."""
    subscription = life.buy(life.price(), coupon=life.shop.coupon).subscription
    commerce.catch_up(life.account, subscription, until=life.now, invoices=min(1, life.depth))
    return subscription


def trying(life: Life) -> Obj | None:
    """In the two weeks of a trial."""
    at = life.recently(12)
    purchase = commerce.buy(
        life.account,
        life.customer,
        life.shop.monthly["pro"],
        link=Link.to(life.user_id),
        at=at,
        hearing="settled",
        trial_days=14,
    )
    return purchase.subscription


def gone(life: Life) -> Obj | None:
    """Cancelled some time ago, and back on free."""
    subscription = life.buy(life.shop.monthly["starter" if life.dice.random() < 0.5 else "pro"]).subscription
    at = life.bought + int((life.now - life.bought) * (0.2 + 0.75 * life.dice.random()))
    commerce.catch_up(life.account, subscription, until=at, invoices=min(1, life.depth))
    feedback = life.dice.choice(("too_expensive", "unused", "missing_features", None))
    details = {"feedback": feedback}
    return commerce.cancel(life.account, subscription, at=at, details=details, hearing="settled")


def leaving(life: Life) -> Obj | None:
    """Cancels at the period's end: by the portal, or with the older flag."""
    subscription = life.running()
    form = "flexible" if life.dice.random() < 0.6 else "boolean"
    start = subscription["items"]["data"][0]["current_period_start"]
    at = min(life.now - 600, start + life.dice.randrange(3600, 12 * DAY))
    if form == "boolean":
        return commerce.schedule_cancel(life.account, subscription, form="boolean", at=at, hearing="settled")
    return commerce.schedule_cancel(life.account, subscription, form="flexible", at=at, hearing="settled")


def failing(life: Life) -> Obj | None:
    """The last renewal was refused; still served while Stripe retries."""
    subscription = life.running(life.shop.monthly["pro"])
    commerce.fail_renewal(life.account, subscription, at=life.recently(9), hearing="settled")
    return subscription


def unpaid(life: Life) -> Obj | None:
    """All retries were refused."""
    subscription = life.running(life.shop.monthly["starter"])
    commerce.fail_renewal(
        life.account,
        subscription,
        at=life.recently(25),
        status="unpaid",
        decline_code="expired_card",
        hearing="settled",
    )
    return subscription


def resting(life: Life) -> Obj | None:
    """Paused by request."""
    subscription = life.running(life.shop.monthly["pro"])
    return commerce.pause(life.account, subscription, kind="pause_requested", at=life.recently(20), hearing="settled")


def spared(life: Life) -> Obj | None:
    """Collection is paused, as a favour; the status stays active."""
    subscription = life.running(life.shop.monthly["starter"])
    subscription["pause_collection"] = {"behavior": "void", "resumes_at": life.now + 45 * DAY}
    return subscription


def refunded(life: Life) -> Obj | None:
    """Asked for the money back, got it, and left."""
    purchase = life.buy(life.shop.monthly["pro"])
    at = min(life.now - 600, life.bought + life.dice.randrange(3600, 9 * DAY))
    if purchase.charge is not None:
        commerce.refund(life.account, purchase.charge, at=at, hearing="settled")
    return commerce.cancel(life.account, purchase.subscription, at=at, hearing="settled")


def disputed(life: Life) -> Obj | None:
    """The bank was asked to take the money back."""
    purchase = life.buy(life.shop.monthly["pro"])
    if purchase.charge is not None:
        purchase.charge["disputed"] = True
    at = min(life.now - 600, life.bought + 5 * DAY)
    return commerce.cancel(life.account, purchase.subscription, at=at, reason="payment_disputed", hearing="settled")


def returned(life: Life) -> Obj | None:
    """Left once, came back later: an old subscription that ended and a new one that counts."""
    gone(life)
    at = life.bought + int((life.now - life.bought) * 0.97)
    subscription = life.buy(life.price(), at=at).subscription
    commerce.catch_up(life.account, subscription, until=life.now, invoices=min(1, life.depth))
    return subscription


Fate = Callable[[Life], Obj | None]
FATES: tuple[tuple[Fate, float], ...] = (
    *((never_bought, 9.0), (abandoned, 5.0), (loyal, 46.0), (founder, 4.0), (team, 3.0), (welcomed, 3.0)),
    *((trying, 4.0), (gone, 12.0), (leaving, 4.0), (failing, 3.0), (unpaid, 1.5), (resting, 1.0)),
    *((spared, 1.0), (refunded, 1.0), (disputed, 0.7), (returned, 1.8)),
)
