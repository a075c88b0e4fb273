"""Where Stripe's resources are, for the tests that walk over all of them."""

from typing import Any
from uuid import uuid4

from tests.peers.wire import Wire

LISTS = {
    "billing_portal.configuration": "/v1/billing_portal/configurations",
    "charge": "/v1/charges",
    "checkout.session": "/v1/checkout/sessions",
    "coupon": "/v1/coupons",
    "customer": "/v1/customers",
    "event": "/v1/events",
    "invoice": "/v1/invoices",
    "invoice_payment": "/v1/invoice_payments",
    "payment_intent": "/v1/payment_intents",
    "price": "/v1/prices",
    "product": "/v1/products",
    "promotion_code": "/v1/promotion_codes",
    "subscription": "/v1/subscriptions",
    "subscription_item": "/v1/subscription_items",
    "webhook_endpoint": "/v1/webhook_endpoints",
}
SINGLE = {"account": "/v1/account", "balance": "/v1/balance"}
DESTINATIONS = "/v2/core/event_destinations"


def listing(stripe: Wire, kind: str) -> dict[str, Any]:
    """The parameters with which a list shows as much as it can."""
    if kind == "subscription":
        return {"status": "all"}
    if kind == "subscription_item":
        return {"subscription": stripe.get("/v1/subscriptions", limit=1)["data"][0]["id"]}
    return {}


def example(stripe: Wire, kind: str) -> Any:
    """A real object of that kind."""
    if kind in SINGLE:
        return stripe.get(SINGLE[kind])
    if kind == "v2.core.event_destination":
        return stripe.get(DESTINATIONS)["data"][0]
    if kind == "billing.meter":
        terms = {"display_name": "Words", "event_name": f"words_{uuid4().hex}", "default_aggregation[formula]": "sum"}
        return stripe.ok("POST", "/v1/billing/meters", terms)
    if kind == "billing_portal.session":
        return stripe.ok("POST", "/v1/billing_portal/sessions", {"customer": example(stripe, "customer")["id"]})
    return stripe.get(LISTS[kind], **listing(stripe, kind), limit=1)["data"][0]
