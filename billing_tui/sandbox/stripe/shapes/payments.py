"""What was paid, or was not: payment intents, charges and refunds."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import keep, listed, nulls, when
from billing_tui.sandbox.stripe.shapes.people import billing_details
from billing_tui.sandbox.stripe.table import Obj

_INTENT_EMPTY = nulls(
    *("application", "application_fee_amount", "automatic_payment_methods", "canceled_at", "cancellation_reason"),
    *("customer_account", "excluded_payment_method_types", "last_payment_error", "latest_charge", "managed_payments"),
    *("next_action", "on_behalf_of", "payment_method_configuration_details", "processing", "review", "shipping"),
    *("source", "statement_descriptor", "statement_descriptor_suffix", "transfer_data", "transfer_group"),
    "receipt_email",
)
_CHARGE_EMPTY = nulls(
    *("application", "application_fee", "application_fee_amount", "balance_transaction", "customer"),
    *("failure_balance_transaction", "failure_code", "failure_message", "on_behalf_of", "payment_intent", "review"),
    *("shipping", "source", "source_transfer", "statement_descriptor", "statement_descriptor_suffix"),
    *("transfer_data", "transfer_group", "receipt_email", "receipt_number", "description"),
)


def payment_intent(
    account: Account,
    *,
    customer: Obj,
    amount: int,
    currency: str = "usd",
    status: str = "succeeded",
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """An attempt to be paid; `latest_charge` and `last_payment_error` are set by whoever makes the charge."""
    key = account.new_id("pi_")
    row: Obj = {
        "id": key,
        "object": "payment_intent",
        **_INTENT_EMPTY,
        "amount": amount,
        "amount_capturable": 0,
        "amount_details": {"tip": {}},
        "amount_received": amount if status == "succeeded" else 0,
        "capture_method": "automatic",
        "client_secret": f"{key}_secret_{account.ids.token(25)}",
        "confirmation_method": "automatic",
        "created": when(account, created),
        "currency": currency,
        "customer": customer["id"],
        "description": "Subscription creation",
        "livemode": account.livemode,
        "metadata": {},
        "payment_method": customer["invoice_settings"]["default_payment_method"],
        "payment_method_options": {
            "card": {**nulls("installments", "mandate_options", "network"), "request_three_d_secure": "automatic"}
        },
        "payment_method_types": ["card"],
        "setup_future_usage": "off_session",
        "status": status,
    }
    return keep(account, row, facts)


def charge(
    account: Account,
    intent: Obj,
    *,
    customer: Obj,
    decline_code: str | None = None,
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """The charge of a payment intent, which then names it as its latest; with `decline_code` it failed."""
    at = when(account, created)
    paid = decline_code is None
    key = account.new_id("ch_")
    row: Obj = {
        "id": key,
        "object": "charge",
        **_CHARGE_EMPTY,
        "amount": intent["amount"],
        "amount_captured": intent["amount"] if paid else 0,
        "amount_refunded": 0,
        "balance_transaction": account.new_id("txn_") if paid else None,
        "billing_details": billing_details(customer),
        "calculated_statement_descriptor": "PLAINSONG",
        "captured": paid,
        "created": at,
        "currency": intent["currency"],
        "customer": customer["id"],
        "description": intent["description"],
        "disputed": False,
        "fraud_details": {},
        "livemode": account.livemode,
        "metadata": {},
        "outcome": _outcome(decline_code),
        "paid": paid,
        "payment_intent": intent["id"],
        "payment_method": intent["payment_method"],
        "payment_method_details": {"card": card_details(account, intent), "type": "card"},
        "receipt_email": customer["email"],
        "receipt_number": _receipt_number(account) if paid else None,
        "receipt_url": f"https://pay.stripe.com/receipts/{key[3:]}" if paid else None,
        "refunded": False,
        "status": "succeeded" if paid else "failed",
    }
    if not paid:
        row |= {"failure_code": "card_declined", "failure_message": "Your card was declined."}
    intent["latest_charge"] = key
    return keep(account, row, facts)


def declined(account: Account, intent: Obj, charge_id: str | None, decline_code: str) -> Obj:
    """A payment intent's `last_payment_error` for a refused card."""
    found = account.table("payment_method").get(intent["payment_method"] or "")
    return {
        "advice_code": "try_again_later",
        "charge": charge_id,
        "code": "card_declined",
        "decline_code": decline_code,
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card was declined.",
        "network_advice_code": None,
        "network_decline_code": "51" if decline_code == "insufficient_funds" else "05",
        **({"payment_method": found} if found else {}),
        "type": "card_error",
    }


def refund(account: Account, of: Obj, *, amount: int | None = None, created: int | None = None, **facts: Any) -> Obj:
    """A refund of charge `of`, all of it unless `amount` says less; the charge's own sums follow."""
    sum_back = of["amount"] - of["amount_refunded"] if amount is None else amount
    of["amount_refunded"] += sum_back
    of["refunded"] = of["amount_refunded"] >= of["amount"]
    row: Obj = {
        "id": account.new_id("re_"),
        "object": "refund",
        **nulls("customer", "customer_account", "failure_balance_transaction", "payment_method", "receipt_number"),
        **nulls("source_transfer_reversal", "transfer_reversal"),
        "amount": sum_back,
        "balance_transaction": account.new_id("txn_"),
        "charge": of["id"],
        "created": when(account, created),
        "currency": of["currency"],
        "destination_details": {"card": {"type": "refund"}, "type": "card"},
        "metadata": {},
        "payment_intent": of["payment_intent"],
        "reason": "requested_by_customer",
        "status": "succeeded",
    }
    return keep(account, row, facts)


def refunds_of(account: Account, of: Obj) -> Obj:
    """The list that `expand[]=refunds` shows on a charge."""
    rows = account.table("refund").having("charge", of["id"])
    return listed(rows[:10], f"/v1/charges/{of['id']}/refunds", more=len(rows) > 10)


def _receipt_number(account: Account) -> str:
    digits = account.ids.random.randrange(10**8)
    return f"{1000 + digits // 10**4 % 9000}-{digits % 10**4:04d}"


def _outcome(decline_code: str | None) -> Obj:
    empty = nulls("advice_code", "network_advice_code", "network_decline_code", "reason")
    if decline_code is None:
        return {
            **empty,
            "network_status": "approved_by_network",
            "risk_level": "normal",
            "seller_message": "Payment complete.",
            "type": "authorized",
        }
    return {
        **empty,
        "advice_code": "try_again_later",
        "network_decline_code": "51" if decline_code == "insufficient_funds" else "05",
        "network_status": "declined_by_network",
        "reason": decline_code,
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


def card_details(account: Account, intent: Obj) -> Obj:
    """The card as a charge shows it; a plain Visa when the customer has none on file."""
    found = account.table("payment_method").get(intent["payment_method"] or "")
    card = found["card"] if found else {"brand": "visa", "last4": "4242", "country": "US"}
    return {
        **nulls("authorization_code", "installments", "mandate", "network_transaction_id", "regulated_status"),
        **nulls("three_d_secure", "transaction_link_id", "wallet"),
        "amount_authorized": intent["amount"],
        "brand": card["brand"],
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card["country"],
        "exp_month": card.get("exp_month", 12),
        "exp_year": card.get("exp_year", 2029),
        "extended_authorization": {"status": "disabled"},
        "fingerprint": card.get("fingerprint") or account.ids.token(16),
        "funding": "credit",
        "incremental_authorization": {"status": "unavailable"},
        "last4": card["last4"],
        "multicapture": {"status": "unavailable"},
        "network": card["brand"],
        "network_token": {"used": False},
        "overcapture": {"maximum_amount_capturable": intent["amount"], "status": "unavailable"},
    }
