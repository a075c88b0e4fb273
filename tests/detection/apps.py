"""Databases as well-known starters and guides lay them out, each with a few people in it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from sqlite_utils import Database

from billing_tui.services.database_look import TableSeen, survey
from billing_tui.services.database_url import read_url

CLERK = tuple(f"user_2aBcDeFgHiJkLmNoPqRsTuVw{number}" for number in range(3))
UUIDS = tuple(f"0b6c9e1a-4f0d-4c55-9a3e-00000000000{number}" for number in range(3))
CUSTOMERS = tuple(f"cus_RwAbCdEfGh{number}" for number in range(3))
SUBSCRIPTIONS = tuple(f"sub_1RwAbCdEfGhIjKl{number}" for number in range(3))


Rows = Mapping[str, Sequence[tuple[object, ...]]]


class App(Struct, frozen=True):
    """A layout: statements that make it, its rows, the ids that its Stripe objects carry, and what should be found."""

    name: str
    statements: tuple[str, ...]
    rows: Rows
    linked: tuple[str, ...]
    expected: dict[str, object]


PLAINFORM = App(
    "plainform",
    (
        'CREATE TABLE "User" (id TEXT PRIMARY KEY, email TEXT, "planKey" TEXT, "subscriptionStatus" TEXT,'
        ' "subscriptionCurrentPeriodEnd" DATETIME, "stripeCustomerId" TEXT, "stripeSubscriptionId" TEXT, "stripePriceId" TEXT,'
        ' "cancelAtPeriodEnd" BOOLEAN)',
    ),
    {
        "User": [
            (CLERK[0], "a@b.example", "pro", "active", "2026-12-01 00:00:00", CUSTOMERS[0], SUBSCRIPTIONS[0], "price_1", 0),
            (CLERK[1], "b@b.example", None, None, None, None, None, None, 0),
        ]
    },
    CLERK,
    {
        "table": "User",
        "key_column": "id",
        "key_is": "clerk_id",
        "plan_column": "planKey",
        "customer_id_column": "stripeCustomerId",
        "subscription_id_column": "stripeSubscriptionId",
        "status_column": "subscriptionStatus",
        "period_end_column": "subscriptionCurrentPeriodEnd",
        "cancel_at_period_end_column": "cancelAtPeriodEnd",
        "email_column": "email",
        "plan_values": {"free": ""},
    },
)
GUIDE = App(
    "subscriptions",
    (
        "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, name TEXT)",
        "CREATE TABLE subscriptions (user_id TEXT PRIMARY KEY, plan TEXT, status TEXT, current_period_end INTEGER,"
        " stripe_customer_id TEXT, stripe_subscription_id TEXT, price_id TEXT, cancel_at_period_end BOOLEAN)",
        "CREATE TABLE processed_events (event_id TEXT PRIMARY KEY, processed_at TEXT)",
    ),
    {
        "users": [(CLERK[0], "a@b.example", "A")],
        "subscriptions": [
            (CLERK[0], "pro", "active", 1790000000, CUSTOMERS[0], SUBSCRIPTIONS[0], "price_1", 0),
            (CLERK[1], "free", "canceled", 1780000000, CUSTOMERS[1], SUBSCRIPTIONS[1], "price_1", 0),
        ],
        "processed_events": [("evt_1", "2026-11-20T00:00:00Z")],
    },
    CLERK,
    {
        "table": "subscriptions",
        "key_column": "user_id",
        "key_is": "clerk_id",
        "plan_column": "plan",
        "status_column": "status",
        "period_end_column": "current_period_end",
        "period_end_type": "unix",
        "events_table": "processed_events",
        "events_id_column": "event_id",
        "events_at_column": "processed_at",
    },
)
PROFILES = App(
    "lovable-profiles",
    (
        "CREATE TABLE profiles (id TEXT PRIMARY KEY, plan TEXT, stripe_customer_id TEXT, stripe_subscription_id TEXT,"
        " subscribed_at TEXT)",
        "CREATE TABLE processed_stripe_events (id TEXT PRIMARY KEY)",
    ),
    {
        "profiles": [
            (UUIDS[0], "pro", CUSTOMERS[0], SUBSCRIPTIONS[0], "2026-01-01"),
            (UUIDS[1], "free", None, None, None),
        ]
    },
    UUIDS,
    {
        "table": "profiles",
        "key_column": "id",
        "key_is": "clerk_id",
        "plan_column": "plan",
        "events_table": "processed_stripe_events",
        "events_id_column": "id",
        "events_at_column": "",
    },
)
SUBSCRIBERS = App(
    "lovable-subscribers",
    (
        "CREATE TABLE subscribers (id INTEGER PRIMARY KEY, user_id TEXT, email TEXT UNIQUE, stripe_customer_id TEXT,"
        " subscribed BOOLEAN, subscription_tier TEXT, subscription_end TEXT, updated_at TEXT)",
    ),
    {
        "subscribers": [
            (1, UUIDS[0], "a@b.example", CUSTOMERS[0], 1, "Pro", "2026-12-01T00:00:00Z", None),
            (2, UUIDS[1], "b@b.example", None, 0, None, None, None),
        ]
    },
    UUIDS,
    {
        "table": "subscribers",
        "key_column": "user_id",
        "plan_column": "subscription_tier",
        "period_end_column": "subscription_end",
        "email_column": "email",
        "updated_at_column": "updated_at",
        "plan_values": {"pro": "Pro", "free": ""},
    },
)
BETTER_AUTH = App(
    "better-auth",
    (
        'CREATE TABLE "user" (id TEXT PRIMARY KEY, email TEXT, "stripeCustomerId" TEXT)',
        'CREATE TABLE subscription (id TEXT PRIMARY KEY, plan TEXT, "referenceId" TEXT, "stripeCustomerId" TEXT,'
        ' "stripeSubscriptionId" TEXT, status TEXT, "periodEnd" DATETIME, "cancelAtPeriodEnd" BOOLEAN, seats INTEGER)',
    ),
    {
        "user": [("q1w2e3r4t5y6", "a@b.example", CUSTOMERS[0])],
        "subscription": [
            ("s1", "pro", "q1w2e3r4t5y6", CUSTOMERS[0], SUBSCRIPTIONS[0], "active", "2026-12-01 00:00:00", 0, 1),
        ],
    },
    ("q1w2e3r4t5y6",),
    {
        "table": "subscription",
        "key_column": "referenceId",
        "key_is": "clerk_id",
        "plan_column": "plan",
        "status_column": "status",
        "period_end_column": "periodEnd",
        "cancel_at_period_end_column": "cancelAtPeriodEnd",
    },
)
SAAS_STARTER = App(
    "nextjs-saas-starter",
    (
        "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT, role TEXT)",
        "CREATE TABLE teams (id INTEGER PRIMARY KEY, name TEXT, updated_at DATETIME, stripe_customer_id TEXT UNIQUE,"
        " stripe_subscription_id TEXT, stripe_product_id TEXT, plan_name TEXT, subscription_status TEXT)",
    ),
    {
        "users": [(1, "a@b.example", "owner")],
        "teams": [
            (1, "T", None, CUSTOMERS[0], SUBSCRIPTIONS[0], "prod_1", "Pro", "active"),
            (2, "U", None, CUSTOMERS[1], None, None, None, None),
        ],
    },
    (),
    {
        "table": "teams",
        "key_column": "stripe_customer_id",
        "key_is": "customer_id",
        "plan_column": "plan_name",
        "status_column": "subscription_status",
        "plan_values": {"pro": "Pro", "free": ""},
    },
)
OPEN_SAAS = App(
    "open-saas",
    (
        'CREATE TABLE "User" (id TEXT PRIMARY KEY, email TEXT, "paymentProcessorUserId" TEXT, "subscriptionStatus" TEXT,'
        ' "subscriptionPlan" TEXT, "datePaid" DATETIME, credits INTEGER)',
    ),
    {
        "User": [
            (UUIDS[0], "a@b.example", CUSTOMERS[0], "active", "pro", None, 3),
            (UUIDS[1], "b@b.example", CUSTOMERS[1], "deleted", None, None, 3),
        ]
    },
    (),
    {
        "table": "User",
        "key_column": "paymentProcessorUserId",
        "key_is": "customer_id",
        "plan_column": "subscriptionPlan",
        "status_column": "subscriptionStatus",
        "status_values": {"canceled": "deleted"},
        "plan_values": {"free": ""},
    },
)
APPS = (PLAINFORM, GUIDE, PROFILES, SUBSCRIBERS, BETTER_AUTH, SAAS_STARTER, OPEN_SAAS)

# taxonomy, where the plan follows from the price's id, and documenso, with a planId that is no plan
WITHOUT_PLAN = (
    "CREATE TABLE users (id TEXT PRIMARY KEY, email TEXT, stripe_customer_id TEXT, stripe_subscription_id TEXT,"
    " stripe_price_id TEXT, stripe_current_period_end DATETIME)",
    'CREATE TABLE "Subscription" (id INTEGER PRIMARY KEY, "planId" TEXT, "customerId" TEXT, status TEXT)',
)
WITHOUT_PLAN_ROWS: Rows = {
    "users": [("u1", "a@b.example", CUSTOMERS[0], SUBSCRIPTIONS[0], "price_1", "2026-12-01")],
    "Subscription": [(1, SUBSCRIPTIONS[0], CUSTOMERS[0], "ACTIVE")],
}


def seen(directory: Path, statements: Sequence[str], rows: Rows | None = None, *after: str) -> list[TableSeen]:
    """The tables that a real database of these statements and rows shows."""
    path = directory / "app.db"
    database = Database(path)
    try:
        for statement in statements:
            database.execute(statement)
        for name, held in (rows or {}).items():
            names = [column.name for column in database.table(name).columns]
            database.table(name).insert_all(dict(zip(names, row, strict=True)) for row in held)
        for statement in after:
            database.execute(statement)
        database.conn.commit()
    finally:
        database.close()
    return survey(read_url(f"sqlite:///{path}"), 5.0)
