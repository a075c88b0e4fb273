"""Payments that did not go well: declines, first payments left unfinished, renewals that fail."""

from billing_tui.sandbox.commerce.purchases import start_period
from billing_tui.sandbox.commerce.scribe import Scribe
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account, Hearing
from billing_tui.sandbox.stripe.table import Obj

RETRY_IN = 3 * 86400


def decline(
    account: Account,
    customer: Obj,
    price: Obj,
    *,
    decline_code: str = "insufficient_funds",
    user_id: str | None = None,
    at: int | None = None,
    hearing: Hearing = "now",
    session_status: str = "open",
) -> tuple[Obj, Obj]:
    """A checkout whose card was refused and that nobody finished; gives (session, payment intent)."""
    scribe = Scribe(account, at, hearing)
    session = objects.checkout_session(
        account,
        customer=customer,
        price=price,
        status=session_status,
        payment_status="unpaid",
        client_reference_id=user_id,
        created=scribe.moment - 60,
    )
    due = {"amount_due": price["unit_amount"], "currency": price["currency"]}
    intent = _refuse(scribe, customer, due, decline_code, "Subscription creation")
    if session_status == "expired":
        scribe.tell("checkout.session.expired", session)
    return session, intent


def _refuse(scribe: Scribe, customer: Obj, due: Obj, decline_code: str, description: str) -> Obj:
    """A payment intent for what is due, and the charge that the bank refused."""
    account, moment = scribe.account, scribe.moment
    intent = objects.payment_intent(
        account,
        customer=customer,
        amount=due["amount_due"],
        currency=due["currency"],
        status="requires_payment_method",
        created=moment,
        description=description,
    )
    charge = objects.charge(account, intent, customer=customer, decline_code=decline_code, created=moment)
    intent["last_payment_error"] = objects.declined(account, intent, charge["id"], decline_code)
    scribe.tell("charge.failed", charge)
    scribe.tell("payment_intent.payment_failed", intent)
    return intent


def start_incomplete(
    account: Account,
    customer: Obj,
    price: Obj,
    *,
    user_id: str | None = None,
    at: int | None = None,
    hearing: Hearing = "now",
) -> tuple[Obj, Obj]:
    """A subscription whose first payment waits for 3-D Secure; gives (subscription, payment intent)."""
    scribe = Scribe(account, at, hearing)
    customer["currency"] = price["currency"]
    if customer["invoice_settings"]["default_payment_method"] is None:
        objects.payment_method(account, customer, created=scribe.moment)
    subscription = objects.subscription(
        account,
        customer=customer,
        prices=[(price, 1)],
        status="incomplete",
        metadata={"userId": user_id} if user_id else {},
        created=scribe.moment,
    )
    invoice = objects.invoice(account, customer=customer, subscription=subscription, status="open", created=scribe.moment)
    subscription["latest_invoice"] = invoice["id"]
    intent = _challenge(scribe, customer, invoice)
    scribe.tell("customer.subscription.created", subscription)
    scribe.tell("invoice.created", invoice | {"status": "draft"})
    scribe.tell("invoice.finalized", invoice)
    scribe.tell("payment_intent.requires_action", intent)
    scribe.tell("invoice.payment_action_required", invoice)
    return subscription, intent


def _challenge(scribe: Scribe, customer: Obj, invoice: Obj) -> Obj:
    intent = objects.payment_intent(
        scribe.account,
        customer=customer,
        amount=invoice["amount_due"],
        currency=invoice["currency"],
        status="requires_action",
        created=scribe.moment,
        next_action={"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}},
    )
    objects.invoice_payment(scribe.account, invoice, intent, created=scribe.moment)
    return intent


def fail_renewal(
    account: Account,
    subscription: Obj,
    *,
    at: int | None = None,
    status: str = "past_due",
    decline_code: str = "insufficient_funds",
    hearing: Hearing = "now",
) -> Obj:
    """A renewal that the card refused; `status` is what the subscription became. Gives the open invoice."""
    scribe = Scribe(account, at, hearing)
    customer = account.get("customer", subscription["customer"])
    before = {"status": subscription["status"], "latest_invoice": subscription["latest_invoice"]}
    start_period(subscription, scribe.moment)
    invoice = objects.invoice(
        account,
        customer=customer,
        subscription=subscription,
        status="open",
        reason="subscription_cycle",
        created=scribe.moment,
        next_payment_attempt=scribe.moment + RETRY_IN if status == "past_due" else None,
        attempt_count=1 if status == "past_due" else 4,
    )
    intent = _refuse(scribe, customer, invoice, decline_code, "Subscription update")
    objects.invoice_payment(account, invoice, intent, created=scribe.moment)
    subscription["status"], subscription["latest_invoice"] = status, invoice["id"]
    customer["delinquent"] = True
    scribe.tell("invoice.payment_failed", invoice)
    scribe.tell("customer.subscription.updated", subscription, before)
    return invoice
