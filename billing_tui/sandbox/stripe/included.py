"""Parts of objects that Stripe shows only when `expand` asks for them."""

from collections.abc import Callable
from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.objects import line_items_of, refunds_of
from billing_tui.sandbox.stripe.shapes.base import listed
from billing_tui.sandbox.stripe.table import Obj

Include = Callable[[Account, Obj], Any]
ENDED = {"canceled", "incomplete_expired"}


def _subscriptions(account: Account, customer: Obj) -> Obj:
    rows = [row for row in account.table("subscription").having("customer", customer["id"]) if row["status"] not in ENDED]
    return listed(rows[:10], f"/v1/customers/{customer['id']}/subscriptions", more=len(rows) > 10)


def _nothing(part: str) -> Include:
    def empty(_: Account, customer: Obj) -> Obj:
        return listed([], f"/v1/customers/{customer['id']}/{part}")

    return empty


def _tax(_: Account, customer: Obj) -> Obj:
    country = (customer["address"] or {}).get("country")
    where = {"country": country, "source": "billing_address", "state": None} if country else None
    supported = "supported" if country else "unrecognized_location"
    return {"automatic_tax": supported, "ip_address": None, "location": where, "provider": "stripe"}


def _payments(account: Account, invoice: Obj) -> Obj:
    rows = account.table("invoice_payment").having("invoice", invoice["id"])
    return listed(rows[:10], "/v1/invoice_payments", more=len(rows) > 10)


def _currencies(account: Account, price: Obj) -> Obj:
    """Its own first, then what it asks in others."""
    names = ("custom_unit_amount", "tax_behavior", "unit_amount", "unit_amount_decimal")
    held = account.aside.get(price["id"], {})
    own = {name: price[name] for name in names} | ({"tiers": held["tiers"]} if held.get("tiers") else {})
    return {price["currency"]: own, **held.get("currency_options", {})}


def _aside(part: str, default: Any) -> Include:
    def found(account: Account, row: Obj) -> Any:
        return account.aside.get(row["id"], {}).get(part, default)

    return found


def _absent(_: Account, __: Obj) -> None:
    return None


INCLUDED: dict[str, dict[str, Include]] = {
    "customer": {
        "cash_balance": _absent,
        "invoice_credit_balance": lambda _, __: {},
        "sources": _nothing("sources"),
        "subscriptions": _subscriptions,
        "tax": _tax,
        "tax_ids": _nothing("tax_ids"),
    },
    "invoice": {"confirmation_secret": _absent, "payments": _payments},
    "charge": {"refunds": refunds_of},
    "price": {"currency_options": _currencies, "tiers": _aside("tiers", None)},
    "coupon": {"applies_to": _aside("applies_to", None), "currency_options": _aside("currency_options", {})},
    "checkout.session": {"line_items": line_items_of},
    "search_result": {"total_count": lambda _, result: len(result["data"])},
}
