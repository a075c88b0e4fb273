"""What people who pay have gone through: what was before, how they bought, and what came after."""

from collections.abc import Callable
from typing import Any

from billing_tui.sandbox import commerce
from billing_tui.sandbox.commerce import Purchase
from billing_tui.sandbox.stripe import objects
from tests.diagnosis.town import DAY, Subject, Town

Buying = Callable[[Town, Subject], Purchase]
Living = Callable[[Town, Subject], None]

# What was before.


def nothing(_town: Town, _who: Subject) -> None:
    """Nothing at all."""


def left_once(town: Town, who: Subject) -> None:
    old = town.buy(who, town.price("starter"), who.bought - 50 * DAY).subscription
    commerce.cancel(town.account, old, at=who.bought - 20 * DAY)


def got_it_back(town: Town, who: Subject) -> None:
    """Bought once, had the money returned, and has come back."""
    old = town.buy(who, town.price(), who.bought - 9 * DAY)
    assert old.charge
    commerce.refund(town.account, old.charge, at=who.bought - 8 * DAY)
    commerce.cancel(town.account, old.subscription, at=who.bought - 8 * DAY)


def is_there_twice(town: Town, who: Subject) -> None:
    """An older customer of the same address, with nothing on it; the app follows the one that pays."""
    objects.customer(town.account, email=who.email.title(), name="Person", created=who.bought - 100 * DAY)


def was_declined(town: Town, who: Subject) -> None:
    commerce.decline(
        town.account, who.customer, town.price(), user_id=who.user["id"], at=who.bought - 300, session_status="expired"
    )


def pays_for_less_too(town: Town, who: Subject) -> None:
    """A subscription to a lower tier that was never ended; the later one counts, and the app follows it."""
    town.buy(who, town.price("starter"), who.bought - DAY)


def has_an_addon(town: Town, who: Subject) -> None:
    town.buy(who, town.seat(), who.bought - DAY)


def never_finished(town: Town, who: Subject) -> None:
    old, _ = commerce.start_incomplete(town.account, who.customer, town.price(), user_id=who.user["id"], at=who.bought - 2 * DAY)
    old["status"] = "incomplete_expired"


# The purchase.


def _plain(tier: str = "pro", interval: str = "month", currency: str = "usd", **how: Any) -> Buying:
    def bought(town: Town, who: Subject) -> Purchase:
        who.tier = tier
        return town.buy(who, town.price(tier, interval, currency), **how)

    return bought


def _with_coupon(percent: float) -> Buying:
    return lambda town, who: town.buy(who, town.price(), coupon=town.coupon(percent))


def given(town: Town, who: Subject) -> Purchase:
    return town.buy(who, town.price(amount=0))


def founders_price(town: Town, who: Subject) -> Purchase:
    return town.buy(who, town.price(amount=1900, active=False))


def team(town: Town, who: Subject) -> Purchase:
    return town.buy(who, town.price(), extras=((town.seat(), 4),))


def seat_first(town: Town, who: Subject) -> Purchase:
    return town.buy(who, town.seat(), quantity=2, extras=((town.price(), 1),))


def metered(town: Town, who: Subject) -> Purchase:
    """Items that are billed by use have no quantity."""
    purchase = town.buy(who, town.price(), extras=((town.seat(metered=True), 1),))
    del purchase.subscription["items"]["data"][1]["quantity"]
    return purchase


def mixed_periods(town: Town, who: Subject) -> Purchase:
    """Flexible billing: a plan by the year and seats by the month."""
    return town.buy(who, town.price("pro", "year"), extras=((town.seat(), 3),))


def classic(town: Town, who: Subject) -> Purchase:
    purchase = town.buy(who, town.price())
    purchase.subscription["billing_mode"] = {"type": "classic", "flexible": None}
    return purchase


def by_invoice(town: Town, who: Subject) -> Purchase:
    """A company that pays within thirty days: the subscription runs, its invoice is open."""
    purchase = town.buy(who, town.price("enterprise"))
    who.tier = "enterprise"
    purchase.subscription |= {"collection_method": "send_invoice", "days_until_due": 30}
    due = purchase.invoice["total"]
    purchase.invoice |= {"collection_method": "send_invoice", "status": "open", "amount_paid": 0, "amount_remaining": due}
    purchase.invoice["due_date"] = who.bought + 30 * DAY
    for payment in [one for one in town.account.table("invoice_payment") if one["invoice"] == purchase.invoice["id"]]:
        town.account.table("invoice_payment").remove(payment["id"])
    if purchase.charge:
        town.account.table("charge").remove(purchase.charge["id"])
        purchase.charge = None
    return purchase


# What came after.


def leaves_by_portal(town: Town, who: Subject) -> None:
    commerce.schedule_cancel(town.account, who.subscription, form="flexible", at=town.now - 600)


def leaves_by_flag(town: Town, who: Subject) -> None:
    commerce.schedule_cancel(town.account, who.subscription, form="boolean", at=town.now - 600)


def is_spared(town: Town, who: Subject) -> None:
    who.subscription["pause_collection"] = {"behavior": "void", "resumes_at": town.now + 30 * DAY}
    town.account.emit("customer.subscription.updated", who.subscription, {"pause_collection": None}, at=town.now - 900)


def renews(town: Town, who: Subject) -> None:
    commerce.renew(town.account, who.subscription, at=town.now - DAY)


def fails_to_renew(town: Town, who: Subject) -> None:
    """Still served while Stripe tries again."""
    commerce.fail_renewal(town.account, who.subscription, at=town.now - DAY)


def moves_up(town: Town, who: Subject) -> None:
    """Another price on the same item, as the portal does it."""
    item = who.subscription["items"]["data"][-1 if who.shape[1] == "seat first" else 0]
    before, price = item["price"], town.price("enterprise")
    item["price"], item["plan"], who.tier = price, objects.plan_of(price), "enterprise"
    town.account.emit(
        "customer.subscription.updated", who.subscription, {"items": {"data": [{"price": before}]}}, at=town.now - 900
    )


def is_scheduled(town: Town, who: Subject) -> None:
    """A change that is set for the period's end changes nothing yet."""
    town.office.wires["live"].stripe("/subscription_schedules", "POST", from_subscription=who.subscription["id"])


def gets_some_back(town: Town, who: Subject) -> None:
    charge = who.purchase.charge if who.purchase else None
    if charge:
        commerce.refund(town.account, charge, amount=charge["amount"] // 3, at=town.now - 900)


def thinks_again(town: Town, who: Subject) -> None:
    """Wanted to leave, and has taken it back."""
    subscription = commerce.schedule_cancel(town.account, who.subscription, form="boolean", at=town.now - 1200)
    undone = {name: subscription[name] for name in ("cancel_at", "cancel_at_period_end", "canceled_at")}
    subscription |= {"cancel_at": None, "cancel_at_period_end": False, "canceled_at": None}
    town.account.emit("customer.subscription.updated", subscription, undone, at=town.now - 600)


def uses_another_address(town: Town, who: Subject) -> None:
    """Pays with the second address of their account."""
    who.customer["email"] = f"billing.{who.email}"
    theirs = who.user["email_addresses"]
    theirs.append({**theirs[0], "id": f"{theirs[0]['id']}2", "email_address": who.customer["email"]})


def is_told_of_as_of_old(town: Town, who: Subject) -> None:
    """The account's version is from before basil: what events show has its periods where they were."""
    for event in town.account.table("event"):
        about = event["data"]["object"]
        if about.get("customer") != who.customer["id"]:
            continue
        event["api_version"] = "2024-06-20"
        if about["object"] == "subscription":
            about["current_period_end"] = min(item.pop("current_period_end") for item in about["items"]["data"])
            about["current_period_start"] = min(item.pop("current_period_start") for item in about["items"]["data"])
            about.pop("billing_mode", None)
        if about["object"] == "invoice":
            about["subscription"] = about.pop("parent")["subscription_details"]["subscription"]


def asks_again(town: Town, who: Subject) -> None:
    """Opened another checkout since, and left it."""
    commerce.decline(town.account, who.customer, town.price("enterprise"), user_id=who.user["id"], at=town.now - 700)


BEFORE: dict[str, Living] = {
    "new": nothing,
    "left once": left_once,
    "declined first": was_declined,
    "pays for less too": pays_for_less_too,
    "add-on": has_an_addon,
    "never finished": never_finished,
    "got it back": got_it_back,
    "there twice": is_there_twice,
}
PURCHASES: dict[str, Buying] = {
    "monthly": _plain(),
    "starter": _plain("starter"),
    "yearly": _plain("enterprise", "year"),
    "euro": _plain(currency="eur"),
    "yen": _plain(currency="jpy"),
    "trial": _plain(trial_days=30),
    "quantity": _plain(quantity=7),
    "coupon": _with_coupon(25),
    "free by coupon": _with_coupon(100),
    "given": given,
    "founders": founders_price,
    "team": team,
    "seat first": seat_first,
    "metered": metered,
    "mixed periods": mixed_periods,
    "classic": classic,
    "by invoice": by_invoice,
}
AFTER: dict[str, Living] = {
    "stays": nothing,
    "leaves by portal": leaves_by_portal,
    "leaves by flag": leaves_by_flag,
    "spared": is_spared,
    "renews": renews,
    "fails to renew": fails_to_renew,
    "moves up": moves_up,
    "scheduled": is_scheduled,
    "some back": gets_some_back,
    "old shapes": is_told_of_as_of_old,
    "asks again": asks_again,
    "thinks again": thinks_again,
    "another address": uses_another_address,
}
LATER = frozenset({"renews", "fails to renew"})
"""What comes a period after the purchase."""
