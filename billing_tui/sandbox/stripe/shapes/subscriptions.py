"""What runs: subscriptions and their items."""

from collections.abc import Iterable
from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import keep, listed, nulls, when
from billing_tui.sandbox.stripe.shapes.catalogue import plan_of
from billing_tui.sandbox.stripe.table import Obj

LENGTHS = {"day": 86400, "week": 7 * 86400, "month": 30 * 86400 + 37800, "year": 365 * 86400}


def period_length(price: Obj) -> int:
    """Seconds that one period of a recurring price lasts, months taken as 30.44 days."""
    recurring = price["recurring"]
    return LENGTHS[recurring["interval"]] * int(recurring["interval_count"])


def subscription(
    account: Account,
    *,
    customer: Obj,
    prices: Iterable[tuple[Obj, int]],
    status: str = "active",
    metadata: dict[str, str] | None = None,
    created: int | None = None,
    period_start: int | None = None,
    period_end: int | None = None,
    **facts: Any,
) -> Obj:
    """A subscription to (price, quantity) pairs; periods default to one that starts at `created`.

    Each item shows the account's own price object, so that a later change of the price is seen here too.
    """
    at = when(account, created)
    key = facts.pop("id", None) or account.new_id("sub_")
    start = at if period_start is None else period_start
    items = [item(account, key, price, quantity, at, (start, period_end)) for price, quantity in prices]
    row: Obj = {
        "id": key,
        "object": "subscription",
        **_EMPTY,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
        "billing_cycle_anchor": at,
        "billing_mode": _flexible(at),
        "billing_schedules": [],
        "cancel_at_period_end": False,
        "cancellation_details": nulls("comment", "feedback", "feedback_option", "reason"),
        "collection_method": "charge_automatically",
        "created": at,
        "currency": items[0]["price"]["currency"],
        "customer": customer["id"],
        "default_payment_method": customer["invoice_settings"]["default_payment_method"],
        "default_tax_rates": [],
        "discounts": [],
        "invoice_settings": {**nulls("account_tax_ids", "custom_fields", "description", "footer"), "issuer": _self()},
        "items": listed(items, f"/v1/subscription_items?subscription={key}"),
        "livemode": account.livemode,
        "metadata": metadata or {},
        "payment_settings": {
            **nulls("payment_method_options", "payment_method_types"),
            "save_default_payment_method": "off",
        },
        "start_date": at,
        "status": status,
        "trial_settings": {"end_behavior": {"billing_cycle_anchor": None, "missing_payment_method": "create_invoice"}},
    }
    return keep(account, row, facts)


_EMPTY = nulls(
    *("application", "application_fee_percent", "billing_cycle_anchor_config", "billing_thresholds", "cancel_at"),
    *("canceled_at", "customer_account", "days_until_due", "default_source", "description", "ended_at"),
    *("latest_invoice", "managed_payments", "next_pending_invoice_item_invoice", "on_behalf_of", "pause_collection"),
    *("pending_invoice_item_interval", "pending_setup_intent", "pending_update", "schedule", "status_details"),
    *("test_clock", "transfer_data", "trial_end", "trial_start"),
)


def _self() -> Obj:
    return {"type": "self"}


def _flexible(at: int) -> Obj:
    return {"flexible": {"proration_discounts": "included"}, "type": "flexible", "updated_at": at}


def item(account: Account, subscription: str, price: Obj, quantity: int, created: int, period: tuple[int, int | None]) -> Obj:
    """One line of a subscription; a period end of None means one period of the price."""
    start, end = period
    row: Obj = {
        "id": account.new_id("si_"),
        "object": "subscription_item",
        **nulls("billed_until", "billing_thresholds", "current_trial"),
        "created": created,
        "current_period_end": start + period_length(price) if end is None else end,
        "current_period_start": start,
        "discounts": [],
        "metadata": {},
        "plan": plan_of(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription,
        "tax_rates": [],
    }
    return account.add(row)
