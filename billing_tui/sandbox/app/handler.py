"""What the app does with a verified event: re-fetch the subscription, work out the plan, write Clerk and its own row.

Written the way such handlers are written in life, shortcomings included: it trusts the event's own subscription, takes
a plan it does not know for free, and answers 200 when it finds nobody. Those shortcomings are what the sandbox is for.
"""

from typing import Any

from billing_tui.sandbox.app.faults import Faults
from billing_tui.sandbox.app.store import Billing

HANDLED = frozenset(
    {
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
        "customer.subscription.paused",
        "customer.subscription.resumed",
    }
)
ENTITLING = frozenset({"active", "trialing", "past_due"})


def subscription_of(event: dict[str, Any]) -> str | None:
    """The subscription that an event is about; None for a one-time purchase."""
    about = event["data"]["object"]
    found = about.get("subscription") if about["object"] == "checkout.session" else about["id"]
    return found if isinstance(found, str) else None


def customer_of(event: dict[str, Any]) -> str:
    return str(event["data"]["object"].get("customer") or "")


def user_of(event: dict[str, Any], subscription: dict[str, Any]) -> str | None:
    """The Clerk user that the purchase is linked to, wherever the link was put."""
    about = event["data"]["object"]
    customer = subscription["customer"]
    links = (
        subscription["metadata"].get("userId"),
        (customer.get("metadata") or {}).get("clerkUserId"),
        about.get("client_reference_id") if about["object"] == "checkout.session" else None,
    )
    return next((link for link in links if link), None)


def billing_of(subscription: dict[str, Any], tiers: tuple[str, ...], faults: Faults) -> Billing:
    """What goes into the row. `tiers` are lowest first; the first is what nobody pays for."""
    items = subscription["items"]["data"]
    customer = subscription["customer"]["id"]
    if customer in faults.first_item_only:
        items = items[:1]
    named = [item["price"]["product"]["metadata"].get("plan") for item in items]
    known = [plan for plan in named if plan in tiers]
    entitled = subscription["status"] in ENTITLING
    ends = [subscription.get("current_period_end")] if customer in faults.old_shape else [i["current_period_end"] for i in items]
    return Billing(
        plan=known[0] if known and entitled else tiers[0],
        customer_id=customer,
        subscription_id=subscription["id"],
        status=subscription["status"],
        period_end=min(filter(None, ends), default=None),
        cancel_at_period_end=bool(subscription["cancel_at_period_end"] or subscription["cancel_at"]),
    )
