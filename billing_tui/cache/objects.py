"""Stripe's objects as the cache's rows: pure functions from structs to tuples, in any shape from acacia to the pinned version.

What a list, a search, the tiers or the event history shows is taken, nothing else.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from billing_tui.model.plans import PlanRead, read_price
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Customer, Price, Product, Subscription, Wire

ENDED = frozenset({"canceled", "incomplete_expired"})
Values = tuple[Any, ...]


class Clock(Wire, frozen=True):
    """A test clock; all else about it is of no use here."""

    id: str


class ListedCustomer(Customer, frozen=True, kw_only=True):
    """With the clock that hides it from lists."""

    test_clock: str | None = None


class WholePause(Struct, frozen=True, kw_only=True):
    type: str = ""


class Paused(Struct, frozen=True, kw_only=True):
    subscription: WholePause | None = None


class StatusDetails(Struct, frozen=True, kw_only=True):
    paused: Paused | None = None


class ListedSubscription(Subscription, frozen=True, kw_only=True):
    """With the clock that hides it from lists, and why it stands still."""

    test_clock: str | None = None
    status_details: StatusDetails | None = None


class EventData(Struct, frozen=True, kw_only=True):
    object: dict[str, Any] = {}


class ListedEvent(Wire, frozen=True, kw_only=True):
    """An event about any object in any version's shape, so none is assumed."""

    type: str = ""
    api_version: str | None = None
    pending_webhooks: int | None = None
    data: EventData = EventData()


class Standing(NamedTuple):
    """What a price stands for: its tier, how high that is, where it is written and what stands there."""

    tier: str | None
    rank: int
    path: str
    value: str | None


def standing(price: Price, product: Product | None, profile: Profile) -> Standing:
    """What a price stands for by the profile's chain."""
    read: PlanRead = read_price(price, product, profile)
    return Standing(read.tier, -1 if read.tier is None else profile.rank(read.tier), read.path, read.value)


def best(standings: list[Standing]) -> Standing:
    """The highest, one without a tier only where there is no other."""
    return max(standings, key=lambda held: (held.tier is not None, held.rank), default=Standing(None, -1, "", None))


def customer_values(customer: ListedCustomer) -> Values:
    """In the order of `store.CUSTOMER`."""
    metadata = customer.metadata or {}
    return (
        customer.id,
        customer.email or "",
        customer.name or "",
        _words(metadata),
        _json(metadata),
        customer.created,
        bool(customer.delinquent),
        customer.test_clock or "",
    )


def subscription_values(held: ListedSubscription, standings: Mapping[str, Standing], profile: Profile) -> Values:
    """In the order of `store.SUBSCRIPTION`."""
    items = held.items.data
    prices = [item.price for item in items]
    first = prices[0] if prices else Price()
    ends = {item.current_period_end for item in items if item.current_period_end}
    tier = best([standings[price.id] for price in prices if price.id in standings])
    recurring = first.recurring
    metadata = held.metadata or {}
    return (
        held.id,
        held.customer_id,
        held.status,
        held.status in profile.paid_statuses,
        held.status in ENDED,
        tier.tier,
        tier.rank,
        _amount(held),
        first.currency or held.currency,
        recurring.interval if recurring else "",
        recurring.interval_count if recurring else 1,
        first.id,
        _quantity(items[0].quantity) if items else 0,
        len(items) > 1,
        _json([[item.price.id, _quantity(item.quantity), item.current_period_start, item.current_period_end] for item in items]),
        held.created,
        held.period_end,
        len(ends) > 1,
        held.ends_at,
        _ends_by(held),
        held.trial_end,
        held.canceled_at,
        held.ended_at,
        "whole" if held.status == "paused" else "collection" if held.pause_collection else "",
        _pause_reason(held),
        held.pause_collection.resumes_at if held.pause_collection else None,
        _words(metadata),
        _json(metadata),
        held.test_clock or "",
    )


def _quantity(quantity: int | None) -> int:
    """Metered items have none, and count once."""
    return 1 if quantity is None else quantity


def _amount(held: ListedSubscription) -> int | None:
    """All items together, where they can be added."""
    prices = [item.price for item in held.items.data]
    if len({(price.currency, price.recurring) for price in prices}) != 1:
        return None
    amounts = [price.unit_amount for price in prices]
    if any(amount is None for amount in amounts):
        return None
    return sum((amount or 0) * _quantity(item.quantity) for amount, item in zip(amounts, held.items.data, strict=True))


def _ends_by(held: Subscription) -> str:
    if held.status in ENDED or not held.ends_at:
        return ""
    return "cancel_at" if held.cancel_at else "cancel_at_period_end"


def _pause_reason(held: ListedSubscription) -> str:
    if held.pause_collection:
        return held.pause_collection.behavior
    details = held.status_details
    whole = details.paused.subscription if details and details.paused else None
    return whole.type if whole and held.status == "paused" else ""


def product_values(product: Product) -> Values:
    """In the order of `store.PRODUCT`."""
    return (product.id, product.name, product.active, _json(product.metadata or {}), product.created)


def price_values(price: Price) -> Values:
    """In the order of `store.PRICE`."""
    recurring = price.recurring
    return (
        price.id,
        price.product_id,
        price.active,
        price.unit_amount,
        price.currency,
        recurring.interval if recurring else "",
        recurring.interval_count if recurring else 1,
        price.lookup_key or "",
        price.nickname or "",
        _json(price.metadata or {}),
        price.created,
    )


def event_values(event: ListedEvent) -> Values:
    """In the order of `store.EVENT`."""
    about = event.data.object
    kind = _text(about.get("object"))
    return (
        event.id,
        event.type,
        event.created,
        _id(about),
        kind,
        _id(about) if kind == "customer" else _id(about.get("customer")),
        subscription_of(about),
        event.pending_webhooks or 0,
        event.api_version or "",
    )


def subscription_of(about: Mapping[str, Any]) -> str:
    """The subscription that an event's object is or belongs to: on it until acacia, in its `parent` since basil."""
    if about.get("object") == "subscription":
        return _id(about)
    parent = about.get("parent")
    details = parent.get("subscription_details") if isinstance(parent, dict) else None
    named = details.get("subscription") if isinstance(details, dict) else None
    return _id(named or about.get("subscription"))


def _id(held: object) -> str:
    """The id of something that is an id, an object, or nothing."""
    return _text(held.get("id")) if isinstance(held, dict) else _text(held)


def _text(held: object) -> str:
    return held if isinstance(held, str) else ""


def _words(metadata: Mapping[str, str]) -> str:
    return " ".join(metadata.values())


def _json(held: object) -> str:
    return msgspec.json.encode(held).decode()
