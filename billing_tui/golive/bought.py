"""Who bought with a coupon: the purchase that a rehearsal waits for, told from everybody else's."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from msgspec import Struct

from billing_tui.services.stripe import Stripe

_BOUGHT = ("checkout.session.completed",)
Row = dict[str, Any]


class Bought(Struct, frozen=True):
    """One purchase; `event` is that of its checkout."""

    customer: str
    subscription: str
    event: str


class Till:
    """Looks at each checkout once. Raises what `StripeApi.get` does."""

    def __init__(self, stripe: Stripe, coupon: str, since: datetime) -> None:
        self._stripe, self._coupon, self._since = stripe, coupon, since
        self._others: set[str] = set()

    async def look(self) -> Bought | None:
        """The purchase with the coupon; None where there is none yet."""
        page = await self._stripe.events_since(_BOUGHT, self._since)
        for event in page.data:
            name = event.data.object.id
            if not name or event.id in self._others:
                continue
            session = await self._stripe.whole(f"/v1/checkout/sessions/{name}")
            subscription, customer = _id(session.get("subscription")), _id(session.get("customer"))
            if subscription and customer and await self._used(session, subscription):
                return Bought(customer, subscription, event.id)
            self._others.add(event.id)
        return None

    async def _used(self, session: Row, subscription: str) -> bool:
        """By what the checkout says, else the subscription or its first invoice: a coupon for once leaves a subscription soon."""
        if self._coupon in _coupons(session.get("discounts")):
            return True
        expand = ["discounts", "latest_invoice.discounts"]
        held = await self._stripe.api.get(f"/v1/subscriptions/{subscription}", Row, expand=expand)
        invoice = held.get("latest_invoice")
        on_invoice = invoice.get("discounts") if isinstance(invoice, dict) else None
        return self._coupon in {*_coupons(held.get("discounts")), *_coupons(on_invoice)}


def _coupons(discounts: Any) -> Iterator[str]:
    for held in discounts if isinstance(discounts, list) else ():
        if isinstance(held, dict):
            source = held.get("source")
            yield _id((source if isinstance(source, dict) else held).get("coupon"))


def _id(value: Any) -> str:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else ""
