"""What is owed: invoices, their lines, and the payments made towards them."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import keep, listed, nulls, when
from billing_tui.sandbox.stripe.table import Obj

_EMPTY = nulls(
    *("account_tax_ids", "amount_paid_off_stripe", "application", "automatically_finalizes_at", "custom_fields"),
    *("customer_account", "customer_shipping", "default_payment_method", "default_source", "description", "due_date"),
    *("footer", "from_invoice", "last_finalization_error", "latest_revision", "on_behalf_of", "receipt_number"),
    *("rendering", "shipping_cost", "shipping_details", "statement_descriptor", "status_details", "test_clock"),
    *("threshold_reason", "next_payment_attempt"),
)


def invoice(
    account: Account,
    *,
    customer: Obj,
    subscription: Obj,
    status: str = "paid",
    reason: str = "subscription_create",
    created: int | None = None,
    discount: tuple[str, int] | None = None,
    **facts: Any,
) -> Obj:
    """A subscription's invoice for its current period; `status` "paid" means paid in full at `created`.

    `discount` is a discount's id and what it takes off.
    """
    at = when(account, created)
    key = account.new_id("in_")
    lines = [_line(account, key, subscription, item) for item in subscription["items"]["data"]]
    total = 0 if subscription["status"] == "trialing" else sum(line["amount"] for line in lines)
    sequence = customer["next_invoice_sequence"]
    customer["next_invoice_sequence"] = sequence + 1
    number = f"{customer['invoice_prefix']}-{sequence:04d}"
    row: Obj = {
        "id": key,
        "object": "invoice",
        **_EMPTY,
        **_parties(customer),
        **_amounts(total, discount, paid=status == "paid"),
        **_papers(account, key, number),
        "attempt_count": 1,
        "attempted": True,
        "auto_advance": status == "open",
        "billing_reason": reason,
        "collection_method": subscription["collection_method"],
        "created": at,
        "currency": subscription["currency"],
        "effective_at": at,
        "lines": listed(lines, f"/v1/invoices/{key}/lines"),
        "livemode": account.livemode,
        "metadata": {},
        "parent": _parent(subscription),
        "payment_settings": nulls("default_mandate", "payment_method_options", "payment_method_types"),
        "period_end": at,
        "period_start": at,
        "status": status,
        "status_transitions": {
            "finalized_at": at,
            "marked_uncollectible_at": at if status == "uncollectible" else None,
            "paid_at": at if status == "paid" else None,
            "voided_at": at if status == "void" else None,
        },
        "webhooks_delivered_at": at,
    }
    return keep(account, row, facts)


def _parties(customer: Obj) -> Obj:
    return {
        "account_country": "US",
        "account_name": "Plainsong",
        "automatic_tax": {**nulls("disabled_reason", "liability", "provider", "status"), "enabled": False},
        "customer": customer["id"],
        "customer_address": customer["address"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_phone": customer["phone"],
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
    }


def _amounts(subtotal: int, discount: tuple[str, int] | None, *, paid: bool) -> Obj:
    total = subtotal - discount[1] if discount else subtotal
    return {
        "amount_due": total,
        "amount_overpaid": 0,
        "amount_paid": total if paid else 0,
        "amount_remaining": 0 if paid else total,
        "amount_shipping": 0,
        "ending_balance": 0,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": 0,
        "subtotal": subtotal,
        "subtotal_excluding_tax": subtotal,
        "total": total,
        "total_discount_amounts": [{"amount": discount[1], "discount": discount[0]}] if discount else [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }


def _papers(account: Account, key: str, number: str) -> Obj:
    page = f"https://invoice.stripe.com/i/{account.number}/{account.mode}_{key[3:]}"
    return {"hosted_invoice_url": f"{page}?s=ap", "invoice_pdf": f"{page}/pdf?s=ap", "number": number}


def _parent(subscription: Obj) -> Obj:
    return {
        "quote_details": None,
        "subscription_details": {
            "metadata": dict(subscription["metadata"]),
            "subscription": subscription["id"],
            "subscription_proration_date": None,
        },
        "type": "subscription_details",
    }


def _line(account: Account, invoice_id: str, subscription: Obj, item: Obj) -> Obj:
    price, quantity = item["price"], item.get("quantity") or 0  # metered items have none
    amount = 0 if subscription["status"] == "trialing" else price["unit_amount"] * quantity
    details = {
        "invoice_item": None,
        "proration": False,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {
        "id": account.new_id("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": f"{quantity} × {price['nickname'] or price['id']}",
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "invoice": invoice_id,
        "livemode": account.livemode,
        "metadata": dict(subscription["metadata"]),
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": details,
            "type": "subscription_item_details",
        },
        "period": {"end": item["current_period_end"], "start": item["current_period_start"]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": {"price": price["id"], "product": price["product"]},
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subscription": subscription["id"],
        "subtotal": amount,
        "taxes": [],
    }


def invoice_payment(account: Account, of: Obj, intent: Obj, *, created: int | None = None, **facts: Any) -> Obj:
    """The tie between invoice `of` and the payment intent that pays it."""
    at = when(account, created)
    paid = of["status"] == "paid"
    row: Obj = {
        "id": account.new_id("inpay_"),
        "object": "invoice_payment",
        "amount_paid": of["amount_paid"] if paid else None,
        "amount_requested": of["amount_due"],
        "created": at,
        "currency": of["currency"],
        "invoice": of["id"],
        "is_default": True,
        "livemode": account.livemode,
        "payment": {"payment_intent": intent["id"], "type": "payment_intent"},
        "status": "paid" if paid else "open",
        "status_transitions": {"canceled_at": None, "paid_at": at if paid else None},
    }
    return keep(account, row, facts)
