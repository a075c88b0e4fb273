"""Every factory of wire-shaped objects in one place to import from; the shapes themselves are in `shapes`."""

from billing_tui.sandbox.stripe.shapes.base import address as empty_address
from billing_tui.sandbox.stripe.shapes.catalogue import coupon, discount, meter, plan_of, price, product, promotion_code
from billing_tui.sandbox.stripe.shapes.checkout import checkout_session, line_items_of
from billing_tui.sandbox.stripe.shapes.invoices import invoice, invoice_payment
from billing_tui.sandbox.stripe.shapes.payments import charge, declined, payment_intent, refund, refunds_of
from billing_tui.sandbox.stripe.shapes.people import customer, payment_method
from billing_tui.sandbox.stripe.shapes.settings import (
    balance,
    event_destination,
    own_account,
    portal_configuration,
    portal_features,
    portal_session,
    webhook_endpoint,
)
from billing_tui.sandbox.stripe.shapes.subscriptions import item, period_length, subscription

__all__ = [
    "balance",
    "charge",
    "checkout_session",
    "coupon",
    "customer",
    "declined",
    "discount",
    "empty_address",
    "event_destination",
    "invoice",
    "invoice_payment",
    "item",
    "line_items_of",
    "meter",
    "own_account",
    "payment_intent",
    "payment_method",
    "period_length",
    "plan_of",
    "portal_configuration",
    "portal_features",
    "portal_session",
    "price",
    "product",
    "promotion_code",
    "refund",
    "refunds_of",
    "subscription",
    "webhook_endpoint",
]
