"""One profile opened in one mode: what the configuration says, with every default filled in.

The names are the contract's. Secrets are not in here; they are asked for when a service is opened.
"""

from typing import Literal

from msgspec import Struct

Mode = Literal["test", "live"]


class Limits(Struct, frozen=True, kw_only=True):
    """What this machine may ask of Stripe, all windows and processes together."""

    stripe_requests_per_second: int = 20
    stripe_reads_per_day: int = 300


class DatabaseTable(Struct, frozen=True, kw_only=True):
    """Where the app keeps the plan. An empty column name means that the app has no such column.

    `plan_values` and `status_values` map our word to the column's; a tier whose value is "" is kept as NULL.
    """

    preset: str = ""
    table: str = "users"
    key_column: str = "id"
    key_is: Literal["clerk_id", "customer_id", "email"] = "clerk_id"
    plan_column: str = "plan"
    plan_values: dict[str, str] = {}
    status_values: dict[str, str] = {}
    email_column: str = ""
    customer_id_column: str = "stripe_customer_id"
    subscription_id_column: str = ""
    status_column: str = ""
    period_end_column: str = ""
    period_end_type: Literal["", "timestamp", "unix", "unix_ms", "iso"] = ""
    cancel_at_period_end_column: str = ""
    updated_at_column: str = ""
    events_table: str = ""
    events_id_column: str = "event_id"
    events_at_column: str = "processed_at"


class Profile(Struct, frozen=True, kw_only=True):
    """A profile in one mode.

    `tiers` are lowest first and never empty; the first is what nobody pays for. `database` is None when the app keeps
    no plan in a database, `clerk_plan_field` is "" when it keeps none in Clerk.
    """

    name: str
    mode: Mode
    read_only: bool = False
    tiers: tuple[str, ...] = ("free", "pro")
    paid_statuses: tuple[str, ...] = ("active", "trialing", "past_due")
    scope: Literal["user", "organization"] = "user"
    plan_from: tuple[str, ...] = ("product.metadata.plan", "price.metadata.plan", "price.lookup_key")
    user_id_from: tuple[str, ...] = (
        "subscription.metadata.userId",
        "customer.metadata.clerkUserId",
        "session.client_reference_id",
    )
    required_events: tuple[str, ...] = (
        "checkout.session.completed",
        "customer.subscription.created",
        "customer.subscription.updated",
        "customer.subscription.deleted",
    )
    code_api_version: str = ""
    limits: Limits = Limits()
    webhook_url: str = ""
    prices: dict[str, str] = {}
    stripe_api_base: str = "https://api.stripe.com"
    stripe_account: str = ""
    clerk_api_base: str = "https://api.clerk.com"
    clerk_plan_field: str = "public_metadata.plan"
    clerk_jwt_template: str = ""
    clerk_fields: dict[str, str] = {}
    allow_mode_mix: bool = False
    database: DatabaseTable | None = None
    demo: bool = False

    @property
    def free(self) -> str:
        """The tier that nobody pays for."""
        return self.tiers[0]

    def rank(self, tier: str) -> int:
        """How high a tier stands; one that the app does not sell stands below all."""
        return self.tiers.index(tier) if tier in self.tiers else -1
