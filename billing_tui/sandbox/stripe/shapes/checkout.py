"""How they bought: checkout sessions and what was in the cart."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import address, keep, listed, nulls, when
from billing_tui.sandbox.stripe.table import Obj

_EMPTY = nulls(
    *("after_expiration", "allow_promotion_codes", "billing_address_collection", "client_secret", "consent"),
    *("collected_information", "consent_collection", "currency_conversion", "customer_account", "customer_creation"),
    *("integration_identifier", "invoice_creation", "locale", "managed_payments", "origin_context", "payment_intent"),
    *("payment_link", "payment_method_configuration_details", "permissions", "recovered_from", "setup_intent"),
    *("shipping_address_collection", "shipping_cost", "submit_type", "wallet_options", "branding_settings"),
    *("invoice", "subscription", "name_collection", "optional_items", "customer_email"),
)


def checkout_session(
    account: Account,
    *,
    customer: Obj | None,
    price: Obj,
    quantity: int = 1,
    status: str = "complete",
    payment_status: str = "paid",
    client_reference_id: str | None = None,
    metadata: dict[str, str] | None = None,
    created: int | None = None,
    email: str | None = None,
    **facts: Any,
) -> Obj:
    """A session in subscription mode; `email` is what a guest typed when there is no customer."""
    at = when(account, created)
    key = account.new_id("cs_")
    total = price["unit_amount"] * quantity
    row: Obj = {
        "id": key,
        "object": "checkout.session",
        **_EMPTY,
        "adaptive_pricing": {"enabled": False},
        "amount_subtotal": total,
        "amount_total": total,
        "automatic_tax": {**nulls("liability", "provider", "status"), "enabled": False},
        "cancel_url": "https://plainsong.example/pricing",
        "client_reference_id": client_reference_id,
        "created": at,
        "currency": price["currency"],
        "custom_fields": [],
        "custom_text": nulls("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"),
        "customer": customer["id"] if customer else None,
        "customer_details": _buyer(customer, email),
        "discounts": [],
        "expires_at": at + 86400,
        "livemode": account.livemode,
        "metadata": metadata or {},
        "mode": "subscription" if price["recurring"] else "payment",
        "payment_method_collection": "always",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_method_types": ["card"],
        "payment_status": payment_status,
        "phone_number_collection": {"enabled": False},
        "saved_payment_method_options": {
            "allow_redisplay_filters": ["always"],
            "payment_method_remove": "disabled",
            "payment_method_save": None,
        },
        "shipping_options": [],
        "status": status,
        "success_url": "https://plainsong.example/welcome?session_id={CHECKOUT_SESSION_ID}",
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        "ui_mode": "hosted_page",
        "url": f"https://checkout.stripe.com/c/pay/{key}" if status == "open" else None,
    }
    account.add({"id": key, "object": "cart", "items": [(price["id"], quantity)]})
    return keep(account, row, facts)


def _buyer(customer: Obj | None, email: str | None) -> Obj | None:
    if customer is None and email is None:
        return None
    owner = customer or {}
    return {
        "address": owner.get("address") or address(),
        "business_name": None,
        "email": email or owner.get("email"),
        "individual_name": None,
        "name": owner.get("name"),
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def line_items_of(account: Account, session: Obj) -> Obj:
    """The list that `expand[]=line_items` shows on a session."""
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    cart = account.table("cart").get(session["id"])
    return listed([_line(account, session, *entry) for entry in (cart or {"items": []})["items"]], url)


def _line(account: Account, session: Obj, price_id: str, quantity: int) -> Obj:
    price = account.get("price", price_id)
    product = account.get("product", price["product"])
    total = price["unit_amount"] * quantity
    return {
        "id": f"li_{session['id'][-24:]}",
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"],
        "description": product["name"],
        "metadata": {},
        "price": price,
        "quantity": quantity,
    }
