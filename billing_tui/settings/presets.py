"""Tables as well-known starters and guides lay them out, so that one word stands for a dozen column names.

Only shapes that keep the plan in one column of one table are here. Column names are the database's, not the ORM's.
"""

from billing_tui.model.profile import DatabaseTable

_NONE = {"customer_id_column": "", "subscription_id_column": "", "status_column": "", "period_end_column": ""}

_PLAINFORM = {
    "table": "User",
    "email_column": "email",
    "plan_column": "planKey",
    "customer_id_column": "stripeCustomerId",
    "subscription_id_column": "stripeSubscriptionId",
    "status_column": "subscriptionStatus",
    "period_end_column": "subscriptionCurrentPeriodEnd",
    "cancel_at_period_end_column": "cancelAtPeriodEnd",
}
_SUBSCRIPTIONS = {
    "table": "subscriptions",
    "key_column": "user_id",
    "subscription_id_column": "stripe_subscription_id",
    "status_column": "status",
    "period_end_column": "current_period_end",
    "cancel_at_period_end_column": "cancel_at_period_end",
    "events_table": "processed_events",
}
_PROFILES = {
    "table": "profiles",
    "subscription_id_column": "stripe_subscription_id",
    "events_table": "processed_stripe_events",
    "events_id_column": "id",
    "events_at_column": "",
}
_SUBSCRIBERS = {
    "table": "subscribers",
    "key_column": "user_id",
    "email_column": "email",
    "plan_column": "subscription_tier",
    "period_end_column": "subscription_end",
}
_BETTER_AUTH = {
    "table": "subscription",
    "key_column": "referenceId",
    "customer_id_column": "stripeCustomerId",
    "subscription_id_column": "stripeSubscriptionId",
    "status_column": "status",
    "period_end_column": "periodEnd",
    "cancel_at_period_end_column": "cancelAtPeriodEnd",
}
_NEXTJS_SAAS_STARTER = {
    "table": "teams",
    "key_column": "stripe_customer_id",
    "key_is": "customer_id",
    "plan_column": "plan_name",
    "subscription_id_column": "stripe_subscription_id",
    "status_column": "subscription_status",
}
_OPEN_SAAS = {
    "table": "User",
    "key_column": "paymentProcessorUserId",
    "key_is": "customer_id",
    "email_column": "email",
    "plan_column": "subscriptionPlan",
    "customer_id_column": "paymentProcessorUserId",
    "status_column": "subscriptionStatus",
    "status_values": {"canceled": "deleted"},
}
_BASEJUMP = {
    "table": "basejump.billing_subscriptions",
    "key_column": "account_id",
    "plan_column": "plan_name",
    "customer_id_column": "billing_customer_id",
    "status_column": "status",
    "period_end_column": "current_period_end",
}

PRESETS: dict[str, dict[str, object]] = {
    "plainform": {**_NONE, **_PLAINFORM},
    "subscriptions": {**_SUBSCRIPTIONS},
    "profiles": {**_PROFILES},
    "lovable-profiles": {**_PROFILES},
    "subscribers": {**_SUBSCRIBERS},
    "lovable-subscribers": {**_SUBSCRIBERS},
    "better-auth": {**_NONE, **_BETTER_AUTH},
    "nextjs-saas-starter": {**_NEXTJS_SAAS_STARTER},
    "open-saas": {**_NONE, **_OPEN_SAAS},
    "basejump": {**_NONE, **_BASEJUMP},
}
"""What each preset says otherwise than `DatabaseTable` does by itself."""

# Apps that leave the column empty for people who pay for nothing.
NULL_IS_FREE = frozenset({"plainform", "nextjs-saas-starter", "open-saas"})


def with_preset(table: dict[str, object], free: str) -> dict[str, object]:
    """The database table's keys with those that its preset fills; what is written out wins."""
    preset = table.get("preset", DatabaseTable().preset)
    if not isinstance(preset, str) or preset not in PRESETS:
        return table
    null_free: dict[str, object] = {"plan_values": {free: ""}} if preset in NULL_IS_FREE else {}
    return {**PRESETS[preset], **null_free, **table}
