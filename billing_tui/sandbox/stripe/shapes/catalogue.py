"""What is sold: products, prices, meters, coupons, promotion codes and the discounts they grant."""

from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import keep, nulls, when
from billing_tui.sandbox.stripe.table import Obj


def product(
    account: Account,
    *,
    name: str,
    metadata: dict[str, str] | None = None,
    description: str | None = None,
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """A product; its default price is set by whoever makes the prices."""
    at = when(account, created)
    row: Obj = {
        "id": facts.pop("id", None) or account.new_id("prod_"),
        "object": "product",
        **nulls("default_price", "package_dimensions", "shippable", "statement_descriptor", "tax_code", "tax_details"),
        **nulls("unit_label", "url"),
        "active": True,
        "created": at,
        "description": description,
        "images": [],
        "livemode": account.livemode,
        "marketing_features": [],
        "metadata": metadata or {},
        "name": name,
        "type": "service",
        "updated": at,
    }
    return keep(account, row, facts)


def price(
    account: Account,
    of: Obj,
    *,
    amount: int,
    interval: str | None = "month",
    currency: str = "usd",
    lookup_key: str | None = None,
    nickname: str | None = None,
    metadata: dict[str, str] | None = None,
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """A per-unit price of product `of`; `interval` None makes it a one-time price."""
    row: Obj = {
        "id": facts.pop("id", None) or account.new_id("price_"),
        "object": "price",
        **nulls("custom_unit_amount", "tiers_mode", "transform_quantity"),
        "active": True,
        "billing_scheme": "per_unit",
        "created": when(account, created),
        "currency": currency,
        "livemode": account.livemode,
        "lookup_key": lookup_key,
        "metadata": metadata or {},
        "nickname": nickname,
        "product": of["id"],
        "recurring": _recurring(interval),
        "tax_behavior": "exclusive",
        "type": "one_time" if interval is None else "recurring",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
    }
    return keep(account, row, facts)


def _recurring(interval: str | None) -> Obj | None:
    if interval is None:
        return None
    return {
        "interval": interval,
        "interval_count": 1,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def plan_of(of: Obj) -> Obj:
    """The legacy plan that Stripe shows beside a recurring price."""
    recurring = of["recurring"]
    return {
        "id": of["id"],
        "object": "plan",
        "active": of["active"],
        "amount": of["unit_amount"],
        "amount_decimal": of["unit_amount_decimal"],
        "billing_scheme": of["billing_scheme"],
        "created": of["created"],
        "currency": of["currency"],
        "interval": recurring["interval"],
        "interval_count": recurring["interval_count"],
        "livemode": of["livemode"],
        "metadata": of["metadata"],
        "meter": recurring["meter"],
        "nickname": of["nickname"],
        "product": of["product"],
        "tiers_mode": of["tiers_mode"],
        "transform_usage": of["transform_quantity"],
        "trial_period_days": recurring["trial_period_days"],
        "usage_type": recurring["usage_type"],
    }


def meter(
    account: Account,
    *,
    display_name: str,
    event_name: str,
    formula: str = "sum",
    customer_key: str = "stripe_customer_id",
    value_key: str = "value",
    event_time_window: str | None = None,
    created: int | None = None,
) -> Obj:
    """What is counted, by an event that names the customer and the value."""
    at = when(account, created)
    return account.add(
        {
            "id": account.new_id("mtr_"),
            "object": "billing.meter",
            "created": at,
            "customer_mapping": {"event_payload_key": customer_key, "type": "by_id"},
            "default_aggregation": {"formula": formula},
            "display_name": display_name,
            "event_name": event_name,
            "event_time_window": event_time_window,
            "livemode": account.livemode,
            "status": "active",
            "status_transitions": {"deactivated_at": None},
            "updated": at,
            "value_settings": {"event_payload_key": value_key},
        }
    )


def coupon(
    account: Account, *, name: str | None = None, percent_off: float | None = None, created: int | None = None, **facts: Any
) -> Obj:
    """A coupon; give `amount_off` and `currency` instead of `percent_off` for a fixed sum."""
    row: Obj = {
        "id": facts.pop("id", None) or account.ids.token(8),
        "object": "coupon",
        **nulls("amount_off", "currency", "duration_in_months", "max_redemptions", "redeem_by"),
        "created": when(account, created),
        "duration": "once",
        "livemode": account.livemode,
        "metadata": {},
        "name": name,
        "percent_off": percent_off,
        "times_redeemed": 0,
        "valid": True,
    }
    return keep(account, row, facts)


def promotion_code(account: Account, of: Obj, *, code: str, created: int | None = None, **facts: Any) -> Obj:
    """A code that customers type, for the coupon `of`."""
    row: Obj = {
        "id": account.new_id("promo_"),
        "object": "promotion_code",
        **nulls("customer", "customer_account", "expires_at", "max_redemptions"),
        "active": True,
        "code": code,
        "created": when(account, created),
        "livemode": account.livemode,
        "metadata": {},
        "promotion": {"coupon": of["id"], "type": "coupon"},
        "restrictions": {
            "first_time_transaction": False,
            "minimum_amount": None,
            "minimum_amount_currency": None,
        },
        "times_redeemed": 0,
    }
    return keep(account, row, facts)


def discount(account: Account, of: Obj, *, customer: str, subscription: str, created: int | None = None, **facts: Any) -> Obj:
    """A coupon at work on a subscription; also listed in the subscription's `discounts` by the caller."""
    row: Obj = {
        "id": account.new_id("di_"),
        "object": "discount",
        **nulls("checkout_session", "customer_account", "end", "invoice", "invoice_item", "promotion_code"),
        "customer": customer,
        "source": {"coupon": of["id"], "type": "coupon"},
        "start": when(account, created),
        "subscription": subscription,
        "subscription_item": None,
    }
    return keep(account, row, facts)
