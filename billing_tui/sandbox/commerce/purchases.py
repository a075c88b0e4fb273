"""Purchases that went well, and the renewals that follow them."""

from dataclasses import dataclass, field

from billing_tui.sandbox.commerce.scribe import Scribe
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account, Hearing
from billing_tui.sandbox.stripe.table import Obj


@dataclass(frozen=True)
class Link:
    """How the purchase points at the app's user; None leaves that trace out."""

    subscription_user: str | None = None
    client_reference: str | None = None

    @classmethod
    def to(cls, user_id: str | None) -> "Link":
        """Both traces, as a checkout that follows the guides leaves them."""
        return cls(user_id, user_id)


@dataclass
class Purchase:
    """All that one purchase made; `intent` and `charge` are None where nothing was due."""

    customer: Obj
    subscription: Obj
    session: Obj
    invoice: Obj
    intent: Obj | None = None
    charge: Obj | None = None
    events: list[Obj] = field(default_factory=list)


def buy(
    account: Account,
    customer: Obj,
    price: Obj,
    *,
    link: Link | None = None,
    at: int | None = None,
    hearing: Hearing = "now",
    quantity: int = 1,
    extras: tuple[tuple[Obj, int], ...] = (),
    trial_days: int = 0,
    coupon: Obj | None = None,
) -> Purchase:
    """A completed checkout: session, subscription, invoice, payment, and their events.

    `extras` are further (price, quantity) items; with `trial_days` nothing is due yet.
    """
    scribe, link = Scribe(account, at, hearing), link or Link()
    moment = scribe.moment
    customer["currency"] = price["currency"]
    if customer["invoice_settings"]["default_payment_method"] is None and not trial_days:
        objects.payment_method(account, customer, created=moment)
    subscription = _subscribe(account, customer, ((price, quantity), *extras), link, moment, trial_days)
    discount = None if coupon is None else _discount(account, subscription, coupon)
    invoice = objects.invoice(account, customer=customer, subscription=subscription, created=moment, discount=discount)
    subscription["latest_invoice"] = invoice["id"]
    session = objects.checkout_session(
        account,
        customer=customer,
        price=price,
        quantity=quantity,
        client_reference_id=link.client_reference,
        payment_status="paid" if invoice["amount_due"] else "no_payment_required",
        metadata={"userId": link.client_reference} if link.client_reference else {},
        created=max(0, moment - 40),
        subscription=subscription["id"],
        invoice=invoice["id"],
        **({"amount_total": invoice["total"]} if discount or trial_days else {}),
    )
    session["discounts"] = [{"coupon": coupon["id"], "promotion_code": None}] if coupon else []
    scribe.tell("customer.subscription.created", subscription)
    intent, charge = pay_invoice(scribe, customer, invoice)
    scribe.tell("checkout.session.completed", session)
    return Purchase(customer, subscription, session, invoice, intent, charge, scribe.events)


def _discount(account: Account, subscription: Obj, coupon: Obj) -> tuple[str, int]:
    """Puts a coupon to work; gives the discount's id, and what it takes off the first invoice."""
    row = objects.discount(
        account,
        coupon,
        customer=subscription["customer"],
        subscription=subscription["id"],
        created=subscription["created"],
    )
    subscription["discounts"] = [row["id"]]
    due = sum(item["price"]["unit_amount"] * item["quantity"] for item in subscription["items"]["data"])
    due = 0 if subscription["status"] == "trialing" else due
    off = coupon["amount_off"] if coupon["amount_off"] is not None else round(due * coupon["percent_off"] / 100)
    return row["id"], min(due, off)


def _subscribe(account: Account, customer: Obj, prices: tuple[tuple[Obj, int], ...], link: Link, at: int, trial_days: int) -> Obj:
    ends = at + trial_days * 86400
    return objects.subscription(
        account,
        customer=customer,
        prices=prices,
        status="trialing" if trial_days else "active",
        metadata={"userId": link.subscription_user} if link.subscription_user else {},
        created=at,
        period_end=ends if trial_days else None,
        **({"trial_start": at, "trial_end": ends, "billing_cycle_anchor": ends} if trial_days else {}),
    )


def pay_invoice(scribe: Scribe, customer: Obj, invoice: Obj) -> tuple[Obj | None, Obj | None]:
    """The payment of a paid invoice, told from charge to invoice; nothing but the telling when nothing is due."""
    account, moment = scribe.account, scribe.moment
    intent = charge = None
    scribe.tell("invoice.created", invoice | {"status": "draft"})
    scribe.tell("invoice.finalized", invoice | {"status": "open"})
    if invoice["amount_due"]:
        intent = objects.payment_intent(
            account,
            customer=customer,
            amount=invoice["amount_due"],
            currency=invoice["currency"],
            created=moment,
            description=_reason(invoice),
        )
        charge = objects.charge(account, intent, customer=customer, created=moment)
        objects.invoice_payment(account, invoice, intent, created=moment)
        scribe.tell("charge.succeeded", charge)
        scribe.tell("payment_intent.succeeded", intent)
    scribe.tell("invoice.paid", invoice)
    scribe.tell("invoice.payment_succeeded", invoice)
    return intent, charge


def _reason(invoice: Obj) -> str:
    return "Subscription creation" if invoice["billing_reason"] == "subscription_create" else "Subscription update"


def start_period(subscription: Obj, at: int) -> None:
    """Moves every item to the period that starts at `at`."""
    for item in subscription["items"]["data"]:
        item["current_period_start"] = at
        item["current_period_end"] = at + objects.period_length(item["price"])


def renew(account: Account, subscription: Obj, *, at: int | None = None, hearing: Hearing = "now") -> Obj:
    """A paid renewal: every item moves to the period that starts at `at`; gives the invoice."""
    scribe = Scribe(account, at, hearing)
    customer = account.get("customer", subscription["customer"])
    before = subscription["latest_invoice"]
    start_period(subscription, scribe.moment)
    if subscription["status"] == "trialing":
        subscription["status"] = "active"
    invoice = objects.invoice(
        account, customer=customer, subscription=subscription, reason="subscription_cycle", created=scribe.moment
    )
    subscription["latest_invoice"] = invoice["id"]
    pay_invoice(scribe, customer, invoice)
    scribe.tell("customer.subscription.updated", subscription, {"latest_invoice": before})
    return invoice


def catch_up(account: Account, subscription: Obj, *, until: int, invoices: int = 3) -> None:
    """Brings an old subscription to the period that holds `until`, with only its latest renewals kept as invoices."""
    first = subscription["items"]["data"][0]
    length = objects.period_length(first["price"])
    start = first["current_period_end"]
    renewals = 0 if until < start else 1 + (until - start) // length
    for number in range(max(0, renewals - invoices), renewals):
        renew(account, subscription, at=start + number * length, hearing="settled")
    if renewals and not invoices:
        start_period(subscription, start + (renewals - 1) * length)
