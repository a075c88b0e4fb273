"""Causes that lie with the buyer: who they are to Stripe, what they paid, and what became of the subscription.

In all of these the app and its endpoint work; what they heard, they did.
"""

from billing_tui.sandbox.commerce import cancel, decline, refund, renew, start_incomplete
from billing_tui.sandbox.stages.scene import DAY, MINUTE, Scene


def nothing_in_stripe(scene: Scene) -> str:
    """PBF-001."""
    return f"{scene.person.name} has an account, and Stripe has never heard of them"


def duplicate_customers(scene: Scene) -> str:
    """PBF-003: the app remembers an old customer, the payment is on one made by a payment page from a typed e-mail."""
    scene.make_customer(created=scene.at - 200 * DAY)
    typed = scene.person.email.title()
    scene.make_customer(email=typed, linked=False, remembered=False)
    scene.buy(scene.price("pro"), linked=False)
    return f"paid as {typed}, a second customer; the app follows the first"


def no_user_link(scene: Scene) -> str:
    """PBF-004."""
    scene.make_customer(linked=False, remembered=False)
    scene.buy(scene.price("pro"), linked=False)
    return "the purchase names no user anywhere"


def declined(scene: Scene) -> str:
    """PBF-010."""
    customer = scene.make_customer()
    decline(
        scene.account,
        customer,
        scene.price("pro"),
        decline_code="insufficient_funds",
        user_id=scene.user_id,
        at=scene.at,
        hearing=scene.hearing,
    )
    return "the card was declined and the checkout left open"


def unfinished_payment(scene: Scene) -> str:
    """PBF-011."""
    customer = scene.make_customer()
    subscription, _ = start_incomplete(
        scene.account, customer, scene.price("pro"), user_id=scene.user_id, at=scene.at, hearing=scene.hearing
    )
    _heard_of(scene, subscription["id"])
    return "the first payment waits for 3-D Secure"


def refunded(scene: Scene) -> str:
    """PBF-013."""
    bought = scene.at - 12 * DAY
    scene.make_customer(created=bought - MINUTE)
    purchase = scene.buy(scene.price("pro"), at=bought)
    if purchase.charge is None:
        raise LookupError("a purchase at a price was not charged")
    refund(scene.account, purchase.charge, at=scene.at - MINUTE, hearing=scene.hearing)
    cancel(scene.account, purchase.subscription, at=scene.at, hearing=scene.hearing)
    _heard_of(scene, purchase.subscription["id"])
    return "refunded in full, and the subscription ended with it"


def ended(scene: Scene) -> str:
    """PBF-020."""
    bought = scene.at - 80 * DAY
    scene.make_customer(created=bought - MINUTE)
    subscription = scene.buy(scene.price("pro"), at=bought).subscription
    for _ in range(2):
        renew(scene.account, subscription, at=subscription["items"]["data"][0]["current_period_end"], hearing=scene.hearing)
    cancel(scene.account, subscription, at=scene.at - 2 * DAY, hearing=scene.hearing)
    _heard_of(scene, subscription["id"])
    return "cancelled two days ago, at their own request"


def two_subscriptions(scene: Scene) -> str:
    """PBF-021."""
    scene.buy(scene.price("pro"))
    scene.buy(scene.price("starter"), at=scene.at + 3 * MINUTE)
    return "pays for pro and for starter; the app follows the later, lower one"


def healthy(scene: Scene) -> str:
    """PBF-099."""
    scene.buy(scene.price("pro"))
    return "paid, and everything agrees"


def stale_token(scene: Scene) -> str:
    """PBF-090: the first delivery failed, its retry came through a moment ago."""
    purchase = scene.buy(scene.price("pro"), heard=False)
    now = scene.clerk.now()
    scene.clerk.sessions = {k: s for k, s in scene.clerk.sessions.items() if s["user_id"] != scene.user_id}
    scene.clerk.add_session(scene.user_id, created_at=now - DAY / 8, last_active_at=now - 5 * MINUTE)
    scene.heard(purchase.events, at=now)
    return "the plan was written a moment ago, the session is older"


def _heard_of(scene: Scene, subscription_id: str) -> None:
    """The app hears, in order, of everything that happened to a subscription of this scene."""
    scene.heard([e for e in scene.new_events() if e["data"]["object"].get("id") == subscription_id])
