"""Customers and subscriptions without end, as pages of Stripe's lists: newest first, the same for the same number."""

import random
import string
from collections.abc import Iterator
from typing import Any

import msgspec

from billing_tui.sandbox.seed.names import FAMILY, GIVEN, PLACES, WHOLE, mailbox

GENERATION = 1
"""Goes up when what is made changes, so that caches are filled anew."""
Json = dict[str, Any]
NEWEST = 1_790_000_000
_EVERY = 61
_SIGNS = string.ascii_letters + string.digits
_STATUSES = ("active",) * 8 + ("canceled", "past_due", "trialing", "canceled")
_HAPPENINGS = (
    "checkout.session.completed", "customer.subscription.created", "customer.subscription.updated", "customer.updated",
    "invoice.created", "invoice.finalized", "invoice.paid", "invoice.payment_failed", "charge.succeeded",
    "payment_intent.succeeded",
)  # fmt: skip
_PLANS = (("starter", 900), ("pro", 2900), ("enterprise", 19900))


def _random(kind: str, number: int) -> random.Random:
    return random.Random(f"{kind} {number}")


def _id(dice: random.Random, prefix: str, length: int) -> str:
    return prefix + "".join(dice.choices(_SIGNS, k=length))


def customer_id(number: int) -> str:
    """Of the customer with this number; 0 is the newest."""
    return _id(_random("customer", number), "cus_", 14)


def customer(number: int) -> Json:
    """As a list shows it, as much as the cache reads of it."""
    dice = _random("customer", number)
    key = _id(dice, "cus_", 14)
    if number % 97 == 5:
        name, box = WHOLE[number // 97 % len(WHOLE)]
    else:
        given, family = dice.choice(GIVEN), dice.choice(FAMILY)
        name, box = f"{given} {family}", mailbox(given, family)
    return {
        "id": key,
        "object": "customer",
        "created": NEWEST - number * _EVERY,
        "delinquent": number % 40 == 0,
        "email": f"{box}{number}@{dice.choice(PLACES)[1]}.example",
        "metadata": {"clerkUserId": _id(dice, "user_2", 26)},
        "name": name,
    }


def product(plan: str) -> Json:
    """Of a tier."""
    return {
        "id": f"prod_{plan}",
        "object": "product",
        "active": True,
        "created": 1,
        "name": plan.title(),
        "metadata": {"plan": plan},
    }


def price(plan: str, amount: int) -> Json:
    """Of a tier, by the month."""
    recurring = {"interval": "month", "interval_count": 1}
    return {
        "id": f"price_{plan}", "object": "price", "active": True, "created": 1, "currency": "usd", "unit_amount": amount,
        "product": f"prod_{plan}", "recurring": recurring, "metadata": {},
    }  # fmt: skip


def subscription(number: int) -> Json:
    """Of every second customer one."""
    dice = _random("subscription", number)
    key, at = _id(dice, "sub_1", 23), NEWEST - 2 * number * _EVERY
    held = {"id": f"si_{number}", "quantity": 1, "price": price(*dice.choice(_PLANS)), "current_period_end": at + 2_600_000}
    status = dice.choice(_STATUSES)
    return {
        "id": key, "object": "subscription", "customer": customer_id(2 * number), "created": at, "status": status,
        "items": {"data": [held]}, "ended_at": at + 900_000 if status == "canceled" else None, "metadata": {},
    }  # fmt: skip


def event(number: int, newest: int, people: int) -> Json:
    """Something that happened to one of so many people: thirty days of a busy account, one in fifty not taken."""
    dice = _random("event", number)
    kind = dice.choice(_HAPPENINGS)
    about = {"id": _id(dice, "obj_1", 14), "object": kind.rpartition(".")[0], "customer": customer_id(dice.randrange(people))}
    return {
        "id": _id(dice, "evt_1", 23), "object": "event", "type": kind, "created": newest - number * 2,
        "pending_webhooks": int(number % 50 == 3), "data": {"object": about},
    }  # fmt: skip


def events(count: int, size: int, newest: int, people: int) -> Iterator[bytes]:
    """So many, in pages of a size."""
    for start in range(0, count, size):
        rows = [event(number, newest, people) for number in range(start, min(start + size, count))]
        yield page(rows, has_more=start + size < count)


def page(data: list[Json], *, has_more: bool) -> bytes:
    """As it comes over the wire."""
    return msgspec.json.encode({"object": "list", "data": data, "has_more": has_more})


def customers(count: int, size: int) -> Iterator[bytes]:
    """So many, in pages of a size."""
    for start in range(0, count, size):
        yield page([customer(number) for number in range(start, min(start + size, count))], has_more=start + size < count)


def subscriptions(count: int, size: int) -> Iterator[bytes]:
    """The same of subscriptions."""
    for start in range(0, count, size):
        yield page([subscription(number) for number in range(start, min(start + size, count))], has_more=start + size < count)


def catalogue() -> tuple[bytes, bytes]:
    """All products, and all prices."""
    products = page([product(plan) for plan, _ in _PLANS], has_more=False)
    return products, page([price(*each) for each in _PLANS], has_more=False)
