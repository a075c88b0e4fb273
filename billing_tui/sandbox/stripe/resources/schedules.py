"""`/v1/subscription_schedules`: taking a subscription under one, and letting it go again. A schedule's phases do not move."""

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.changes import before, tell
from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.listing import page
from billing_tui.sandbox.stripe.shapes.base import keep, nulls
from billing_tui.sandbox.stripe.table import Obj

CREATABLE = frozenset({"from_subscription"})


def list_schedules(call: Call) -> Obj:
    """By customer."""
    customer = call.text("customer")
    return page(call, "subscription_schedule", lambda row: customer is None or row["customer"] == customer)


def create_schedule(call: Call) -> Obj:
    """From a subscription, which it manages from then on."""
    row = call.find("subscription", call.needed("from_subscription"), param="from_subscription", status=400)
    if row["schedule"]:
        raise invalid("You cannot migrate a subscription that is already attached to a schedule.", param="from_subscription")
    made = _schedule(call.account, row)
    old = before(row)
    row["schedule"] = made["id"]
    call.account.emit("subscription_schedule.created", made)
    tell(call, "customer.subscription.updated", row, old)
    return made


def release_schedule(call: Call) -> Obj:
    """The subscription stays as it is; what was to come does not."""
    made = call.find("subscription_schedule")
    if made["status"] not in {"active", "not_started"}:
        raise invalid(f"You cannot release a subscription schedule that is {made['status']}.")
    row = call.account.table("subscription").get(made["subscription"])
    made |= {"status": "released", "released_at": call.account.now(), "released_subscription": made["subscription"]}
    made["subscription"] = None
    call.account.emit("subscription_schedule.released", made)
    if row is not None:
        old = before(row)
        row["schedule"] = None
        tell(call, "customer.subscription.updated", row, old)
    return made


def _schedule(account: Account, row: Obj) -> Obj:
    items, at = row["items"]["data"], account.now()
    period = {"start_date": items[0]["current_period_start"], "end_date": items[0]["current_period_end"]}
    made: Obj = {
        "id": account.new_id("sub_sched_"),
        "object": "subscription_schedule",
        **nulls("application", "canceled_at", "completed_at", "customer_account", "released_at", "released_subscription"),
        "billing_mode": row["billing_mode"],
        "created": at,
        "current_phase": period,
        "customer": row["customer"],
        "default_settings": _defaults(row),
        "end_behavior": "release",
        "livemode": account.livemode,
        "metadata": {},
        "phases": [_phase(row, items, period)],
        "status": "active",
        "subscription": row["id"],
        "test_clock": row["test_clock"],
    }
    return keep(account, made, {})


def _defaults(row: Obj) -> Obj:
    return {
        **nulls("application_fee_percent", "billing_thresholds", "description", "on_behalf_of", "transfer_data"),
        "automatic_tax": row["automatic_tax"],
        "billing_cycle_anchor": "automatic",
        "collection_method": row["collection_method"],
        "default_payment_method": row["default_payment_method"],
        "invoice_settings": {**row["invoice_settings"], "days_until_due": None},
    }


def _phase(row: Obj, items: list[Obj], period: Obj) -> Obj:
    return {
        **nulls("application_fee_percent", "billing_cycle_anchor", "billing_thresholds", "collection_method", "description"),
        **nulls("default_payment_method", "invoice_settings", "on_behalf_of", "transfer_data", "trial_end"),
        "add_invoice_items": [],
        "currency": row["currency"],
        "default_tax_rates": [],
        "discounts": [],
        "items": [
            {
                "billing_thresholds": None,
                "discounts": [],
                "metadata": {},
                "plan": item["plan"],
                "price": item["price"]["id"],
                "quantity": item["quantity"],
                "tax_rates": [],
            }
            for item in items
        ],
        "metadata": {},
        "proration_behavior": "create_prorations",
        **period,
    }
