"""How subscriptions end or rest, and money that goes back."""

from typing import Literal

from billing_tui.sandbox.commerce.scribe import Scribe
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account, Hearing
from billing_tui.sandbox.stripe.table import Obj


def cancel(
    account: Account,
    subscription: Obj,
    *,
    at: int | None = None,
    reason: str = "cancellation_requested",
    details: Obj | None = None,
    hearing: Hearing = "now",
) -> Obj:
    """Ends a subscription at once; `details` are comment and feedback."""
    scribe = Scribe(account, at, hearing)
    subscription["status"] = "canceled"
    subscription["canceled_at"] = subscription["canceled_at"] or scribe.moment
    subscription["ended_at"] = scribe.moment
    subscription["cancellation_details"] |= {"reason": reason, **(details or {})}
    scribe.tell("customer.subscription.deleted", subscription)
    return subscription


def schedule_cancel(
    account: Account,
    subscription: Obj,
    *,
    form: Literal["boolean", "flexible"] = "flexible",
    at: int | None = None,
    hearing: Hearing = "now",
) -> Obj:
    """A cancel at period end: "flexible" sets `cancel_at` alone, as the portal does; "boolean" sets both."""
    scribe = Scribe(account, at, hearing)
    previous = {name: subscription[name] for name in ("cancel_at", "cancel_at_period_end", "canceled_at")}
    subscription["cancel_at"] = min(item["current_period_end"] for item in subscription["items"]["data"])
    subscription["cancel_at_period_end"] = form == "boolean"
    subscription["canceled_at"] = scribe.moment
    subscription["cancellation_details"] |= {"reason": "cancellation_requested"}
    scribe.tell("customer.subscription.updated", subscription, previous)
    return subscription


def pause(account: Account, subscription: Obj, *, kind: str, at: int | None = None, hearing: Hearing = "now") -> Obj:
    """Sets status "paused" for the given reason, such as "trial_end_without_payment_method" or "pause_requested"."""
    scribe = Scribe(account, at, hearing)
    previous = {"status": subscription["status"], "status_details": subscription["status_details"]}
    subscription["status"] = "paused"
    subscription["status_details"] = {
        "paused": {"subscription": {"type": kind}, "transitioned_at": scribe.moment, "type": "subscription"}
    }
    scribe.tell("customer.subscription.paused", subscription)
    scribe.tell("customer.subscription.updated", subscription, previous)
    return subscription


def refund(account: Account, charge: Obj, *, amount: int | None = None, at: int | None = None, hearing: Hearing = "now") -> Obj:
    """Money back on a charge, all of it unless `amount` says less; the subscription goes on."""
    scribe = Scribe(account, at, hearing)
    row = objects.refund(account, charge, amount=amount, created=scribe.moment)
    scribe.tell("refund.created", row)
    scribe.tell("charge.refunded", charge)
    return row
