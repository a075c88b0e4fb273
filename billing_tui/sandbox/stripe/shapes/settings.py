"""How the account is set up: itself, its balance, its webhook endpoints and its customer portal."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from billing_tui.sandbox.stripe.account import Account
from billing_tui.sandbox.stripe.shapes.base import address, keep, listed, nulls, when
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.stripe.version import API_VERSION


def webhook_endpoint(
    account: Account,
    *,
    url: str,
    enabled_events: Iterable[str],
    secret: str | None = None,
    description: str | None = None,
    created: int | None = None,
    **facts: Any,
) -> Obj:
    """An endpoint; its secret is kept aside, since Stripe shows it only once."""
    row: Obj = {
        "id": account.new_id("we_"),
        "object": "webhook_endpoint",
        "api_version": API_VERSION,
        "application": None,
        "created": when(account, created),
        "description": description,
        "enabled_events": list(enabled_events),
        "livemode": account.livemode,
        "metadata": {},
        "status": "enabled",
        "url": url,
    }
    account.endpoint_secrets[row["id"]] = secret or f"whsec_{account.ids.token(32)}"
    return keep(account, row, facts)


def event_destination(endpoint: Obj, include: frozenset[str], *, thin: bool = False) -> Obj:
    """The v2 view of a webhook endpoint; its URL is shown only when `include` asks for it."""
    moment = datetime.fromtimestamp(endpoint["created"], UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    shown = endpoint["url"] if "webhook_endpoint.url" in include else None
    off = endpoint["status"] == "disabled"
    return {
        "id": endpoint["id"],
        "object": "v2.core.event_destination",
        "created": moment,
        "description": endpoint["description"] or "",
        "enabled_events": endpoint["enabled_events"],
        "event_payload": "thin" if thin else "snapshot",
        "events_from": ["@self"],
        "livemode": endpoint["livemode"],
        "metadata": endpoint["metadata"],
        "name": endpoint["description"] or "Webhook endpoint",
        "snapshot_api_version": endpoint["api_version"],
        "status": endpoint["status"],
        "status_details": {"disabled": {"reason": "user"}} if off else None,
        "type": "webhook_endpoint",
        "updated": moment,
        "webhook_endpoint": {"signing_secret": None, "url": shown},
    }


def portal_configuration(account: Account, *, created: int | None = None, **facts: Any) -> Obj:
    """The customer portal, with cancelling at period end allowed."""
    at = when(account, created)
    row: Obj = {
        "id": account.new_id("bpc_"),
        "object": "billing_portal.configuration",
        **nulls("application", "name"),
        "active": True,
        "business_profile": {
            "headline": None,
            "privacy_policy_url": "https://plainsong.example/privacy",
            "terms_of_service_url": "https://plainsong.example/terms",
        },
        "created": at,
        "default_return_url": "https://plainsong.example/account",
        "features": portal_features(),
        "is_default": True,
        "livemode": account.livemode,
        "login_page": {"enabled": False, "url": None},
        "metadata": {},
        "updated": at,
    }
    return keep(account, row, facts)


def portal_features(*, allowed: bool = True) -> Obj:
    """What customers may do; with `allowed` false, nothing."""
    reasons = {"enabled": True, "options": ["too_expensive", "missing_features", "unused", "other"]} if allowed else {}
    return {
        "customer_update": {"allowed_updates": ["email", "tax_id"] if allowed else [], "enabled": allowed},
        "invoice_history": {"enabled": allowed},
        "payment_method_update": {"enabled": allowed, "payment_method_configuration": None},
        "subscription_cancel": {
            "cancellation_reason": {"enabled": False, "feedback_options": [], "options": []} | reasons,
            "enabled": allowed,
            "mode": "at_period_end",
            "proration_behavior": "none",
        },
        "subscription_pause": {"duration": {"interval_options": [], "type": "indefinite"}, "enabled": False},
        "subscription_update": {
            "billing_cycle_anchor": None,
            "default_allowed_updates": ["price"] if allowed else [],
            "enabled": allowed,
            "products": [],
            "proration_behavior": "create_prorations" if allowed else "none",
            "schedule_at_period_end": {"conditions": []},
            "trial_update_behavior": "end_trial",
        },
    }


def portal_session(account: Account, customer: Obj, configuration: Obj, *, return_url: str | None = None) -> Obj:
    """A way into the portal; nothing keeps it."""
    key = account.new_id("bps_")
    return {
        "id": key,
        "object": "billing_portal.session",
        **nulls("after_expiration", "customer_account", "flow", "locale", "on_behalf_of"),
        "configuration": configuration["id"],
        "created": account.now(),
        "customer": customer["id"],
        "livemode": account.livemode,
        "return_url": return_url or configuration["default_return_url"],
        "url": f"https://billing.stripe.com/p/session/{account.mode}_{account.ids.token(40)}",
    }


def own_account(account: Account, *, created: int) -> Obj:
    """The account itself, activated in both modes; it has no `livemode`."""
    row: Obj = {
        "id": account.number,
        "object": "account",
        "business_profile": _business(),
        "business_type": "company",
        "capabilities": {"card_payments": "active", "transfers": "active"},
        "charges_enabled": True,
        "controller": {"type": "account"},
        "country": "US",
        "created": created,
        "default_currency": "usd",
        "details_submitted": True,
        "email": "founders@plainsong.example",
        "external_accounts": listed([], f"/v1/accounts/{account.number}/external_accounts"),
        "future_requirements": _requirements(),
        "metadata": {},
        "payouts_enabled": True,
        "requirements": _requirements(),
        "settings": _settings(),
        "tos_acceptance": {"date": None, "ip": None, "user_agent": None},
        "type": "standard",
    }
    return account.add(row)


def _business() -> Obj:
    return {
        **nulls("estimated_worker_count", "minority_owned_business_designation", "product_description"),
        "annual_revenue": None,
        "mcc": "5734",
        "name": "Plainsong",
        "support_address": address("US"),
        "support_email": "help@plainsong.example",
        "support_phone": None,
        "support_url": None,
        "url": "https://plainsong.example",
    }


def _requirements() -> Obj:
    lists: Obj = {name: [] for name in ("alternatives", "currently_due", "errors", "eventually_due", "past_due")}
    return {**lists, "current_deadline": None, "disabled_reason": None, "pending_verification": []}


def _settings() -> Obj:
    scripts = ("statement_descriptor_prefix", "statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji")
    return {
        "bacs_debit_payments": {"display_name": None, "service_user_number": None},
        "branding": nulls("icon", "logo", "primary_color", "secondary_color"),
        "card_issuing": {"tos_acceptance": {"date": None, "ip": None}},
        "card_payments": {"decline_on": {"avs_failure": False, "cvc_failure": True}, **nulls(*scripts)},
        "dashboard": {"display_name": "Plainsong", "timezone": "Etc/UTC"},
        "invoices": {"default_account_tax_ids": None, "hosted_payment_method_save": "offer"},
        "payments": {
            "statement_descriptor": "PLAINSONG",
            **nulls("statement_descriptor_kana", "statement_descriptor_kanji"),
            **nulls("statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji"),
        },
        "payouts": {
            "debit_negative_balances": True,
            "schedule": {"delay_days": 2, "interval": "daily"},
            "statement_descriptor": None,
        },
        "sepa_debit_payments": {},
    }


def balance(account: Account) -> Obj:
    """The balance; only ever a handful of days of sales."""
    return {
        "object": "balance",
        "available": [{"amount": 412_900, "currency": "usd", "source_types": {"card": 412_900}}],
        "connect_reserved": [{"amount": 0, "currency": "usd"}],
        "livemode": account.livemode,
        "pending": [{"amount": 86_700, "currency": "usd", "source_types": {"card": 86_700}}],
    }
