"""Who: customers and the ways they pay."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import address, keep, nulls, when
from billing_tui.sandbox.stripe.table import Obj

CARDS = (("visa", "4242"), ("mastercard", "4444"), ("amex", "0005"), ("visa", "1881"), ("mastercard", "8210"))


def customer(
    account: Account,
    *,
    email: str | None = None,
    name: str | None = None,
    country: str | None = None,
    metadata: dict[str, str] | None = None,
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """A customer without a way to pay; `payment_method` gives one."""
    row: Obj = {
        "id": facts.pop("id", None) or account.new_id("cus_"),
        "object": "customer",
        **nulls("business_name", "currency", "customer_account", "default_source", "description", "discount"),
        **nulls("individual_name", "phone", "shipping", "test_clock"),
        "address": None if country is None else address(country),
        "balance": 0,
        "created": when(account, created),
        "delinquent": False,
        "email": email,
        "invoice_prefix": account.ids.token(8).upper(),
        "invoice_settings": nulls("custom_fields", "default_payment_method", "footer", "rendering_options"),
        "livemode": account.livemode,
        "metadata": metadata or {},
        "name": name,
        "next_invoice_sequence": 1,
        "preferred_locales": [],
        "tax_exempt": "none",
    }
    return keep(account, row, facts)


def payment_method(account: Account, owner: Obj, *, created: int | None = None, **facts: Any) -> Obj:
    """A card of that customer, and its default from now on."""
    brand, last4 = CARDS[account.ids.random.randrange(len(CARDS))]
    country = (owner["address"] or {}).get("country") or "US"
    row: Obj = {
        "id": account.new_id("pm_"),
        "object": "payment_method",
        "allow_redisplay": "limited",
        "billing_details": billing_details(owner),
        "card": _card(account, brand, last4, country),
        "created": when(account, created),
        "customer": owner["id"],
        "customer_account": None,
        "livemode": account.livemode,
        "metadata": {},
        "type": "card",
    }
    owner["invoice_settings"]["default_payment_method"] = row["id"]
    return keep(account, row, facts)


def billing_details(owner: Obj) -> Obj:
    """As a charge or a card shows them."""
    return {
        "address": owner["address"] or address(),
        "email": owner["email"],
        "name": owner["name"],
        "phone": owner["phone"],
        "tax_id": None,
    }


def _card(account: Account, brand: str, last4: str, country: str) -> Obj:
    return {
        "brand": brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": "pass", "cvc_check": "pass"},
        "country": country,
        "display_brand": brand,
        "exp_month": 1 + account.ids.random.randrange(12),
        "exp_year": 2028 + account.ids.random.randrange(4),
        "fingerprint": account.ids.token(16),
        "funding": "credit",
        "generated_from": None,
        "last4": last4,
        "networks": {"available": [brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }
