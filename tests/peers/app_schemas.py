"""Tables as real starters make them on a real server, types and all: Prisma, Drizzle, Supabase, Laravel, Rails, Django.

`{word}` in a statement is a type that each server calls something else.
"""

from collections.abc import Mapping

from msgspec import Struct

from tests.detection.apps import CLERK, CUSTOMERS, SUBSCRIPTIONS, UUIDS

POSTGRES = {
    "id": "text", "text": "text", "moment": "timestamptz", "naive": "timestamp(3)", "flag": "boolean", "json": "jsonb",
    "uuid": "uuid", "status": "sub_status", "shout": "shout_status", "package": "package", "serial": "serial",
}  # fmt: skip
MARIADB = {
    "id": "varchar(191)", "text": "varchar(191)", "moment": "timestamp NULL", "naive": "datetime(3)", "flag": "tinyint(1)",
    "json": "json", "uuid": "char(36)", "status": "ENUM('active','past_due','canceled')",
    "shout": "ENUM('ACTIVE','PAST_DUE','INACTIVE')", "package": "ENUM('MONTHLY_SUBSCRIPTION','LIFETIME')",
    "serial": "int NOT NULL AUTO_INCREMENT",
}  # fmt: skip
TYPES = (
    "CREATE TYPE sub_status AS ENUM ('active','past_due','canceled')",
    "CREATE TYPE shout_status AS ENUM ('ACTIVE','PAST_DUE','INACTIVE')",
    "CREATE TYPE package AS ENUM ('MONTHLY_SUBSCRIPTION','LIFETIME')",
)
"""What PostgreSQL wants to be told before."""

USER, OTHER = CLERK[0], CLERK[1]
CUS, SUB = CUSTOMERS[0], SUBSCRIPTIONS[0]
PRICE, PRODUCT = "price_1RwAbCdEfGhIjKlM", "prod_RwAbCdEfGhIjKl"


class Schema(Struct, frozen=True):
    """An app's tables and rows; the ids that its Stripe objects carry; what must be found, nothing where it has to be asked for.

    `reads` are the tiers of everybody by key, as the product reads them with what was found.
    """

    name: str
    statements: tuple[str, ...]
    linked: tuple[str, ...]
    expected: Mapping[str, object] | None
    reads: Mapping[str, str | None] = {}
    tiers: tuple[str, ...] = ("free", "pro")


PLAINFORM = Schema(
    "plainform",
    (
        'CREATE TABLE "User" (id {id} PRIMARY KEY, email {text}, "planKey" {text}, "subscriptionStatus" {text},'
        ' "subscriptionCurrentPeriodEnd" {naive}, "stripeCustomerId" {text}, "stripeSubscriptionId" {text},'
        ' "stripePriceId" {text}, "cancelAtPeriodEnd" {flag} NOT NULL DEFAULT FALSE, "createdAt" {naive}, "updatedAt" {naive})',
        f"""INSERT INTO "User" VALUES
        ('{USER}', 'a@b.example', 'pro', 'active', '2026-12-20 09:30:00', '{CUS}', '{SUB}', '{PRICE}', FALSE,
        '2026-01-01', '2026-11-20'), ('{OTHER}', 'b@b.example', NULL, NULL, NULL, NULL, NULL, NULL, FALSE, NULL, NULL)""",
        'CREATE TABLE "Order" (id {id} PRIMARY KEY, "stripeSessionId" {text}, amount integer)',
        "CREATE TABLE _prisma_migrations (id {id} PRIMARY KEY, checksum {text}, finished_at {moment})",
    ),
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
        "updated_at_column": "updatedAt",
        "plan_values": {"free": ""},
    },
    {USER: "pro", OTHER: "free"},
)
GUIDE = Schema(
    "subscriptions",
    (
        "CREATE TABLE subscriptions (user_id {id} PRIMARY KEY, plan {text}, status {status}, current_period_end bigint,"
        " stripe_customer_id {text}, stripe_subscription_id {text}, price_id {text}, cancel_at_period_end {flag}, raw {json})",
        "CREATE TABLE processed_events (event_id {id} PRIMARY KEY, processed_at {moment})",
        f"""INSERT INTO subscriptions VALUES
        ('{USER}', 'pro', 'active', 1797759000, '{CUS}', '{SUB}', '{PRICE}', FALSE, '{{{{"object": "subscription"}}}}'),
        ('{OTHER}', 'free', 'canceled', 1780000000, '{CUSTOMERS[1]}', '{SUBSCRIPTIONS[1]}', '{PRICE}', TRUE, NULL)""",
        "INSERT INTO processed_events VALUES ('evt_1RwAbCdEfGhIjKl', '2026-11-20 09:00:00')",
    ),
    CLERK,
    {
        "table": "subscriptions",
        "key_column": "user_id",
        "plan_column": "plan",
        "status_column": "status",
        "period_end_column": "current_period_end",
        "period_end_type": "unix",
        "events_table": "processed_events",
        "events_id_column": "event_id",
        "events_at_column": "processed_at",
    },
    {USER: "pro", OTHER: "free"},
)
SUBSCRIBERS = Schema(
    "lovable-subscribers",
    (
        "CREATE TABLE subscribers (id {uuid} PRIMARY KEY, user_id {uuid}, email {id} UNIQUE, stripe_customer_id {text},"
        " subscribed {flag} NOT NULL, subscription_tier {text}, subscription_end {moment}, updated_at {moment},"
        " created_at {moment})",
        f"""INSERT INTO subscribers VALUES
        ('{UUIDS[2]}', '{UUIDS[0]}', 'a@b.example', '{CUS}', TRUE, 'Pro', '2026-12-20 09:30:00', '2026-11-20', '2026-01-01'),
        ('{UUIDS[1]}', NULL, 'b@b.example', NULL, FALSE, NULL, NULL, '2026-11-20', '2026-01-01')""",
    ),
    UUIDS[:1],
    {
        "table": "subscribers",
        "key_column": "user_id",
        "plan_column": "subscription_tier",
        "email_column": "email",
        "period_end_column": "subscription_end",
        "updated_at_column": "updated_at",
        "plan_values": {"pro": "Pro", "free": ""},
    },
    {UUIDS[0]: "pro"},
)
BASEJUMP = Schema(
    "basejump",
    (
        "CREATE TABLE billing_customers (account_id {uuid}, id {id} PRIMARY KEY, email {text}, active {flag}, provider {text})",
        "CREATE TABLE billing_subscriptions (id {id} PRIMARY KEY, account_id {uuid}, billing_customer_id {text}, status {status},"
        " metadata {json}, price_id {text}, plan_name {text}, quantity integer, cancel_at_period_end {flag}, created {moment},"
        " current_period_start {moment}, current_period_end {moment}, provider {text})",
        f"INSERT INTO billing_customers VALUES ('{UUIDS[0]}', '{CUS}', 'a@b.example', TRUE, 'stripe')",
        f"""INSERT INTO billing_subscriptions VALUES
        ('{SUB}', '{UUIDS[0]}', '{CUS}', 'active', '{{{{}}}}', '{PRICE}', 'Pro', 1, FALSE,
        '2026-11-20', '2026-11-20', '2026-12-20 09:30:00', 'stripe')""",
    ),
    UUIDS[:1],
    {
        "table": "billing_subscriptions",
        "key_column": "account_id",
        "plan_column": "plan_name",
        "customer_id_column": "billing_customer_id",
        "subscription_id_column": "id",
        "status_column": "status",
        "period_end_column": "current_period_end",
        "cancel_at_period_end_column": "cancel_at_period_end",
        "plan_values": {"pro": "Pro"},
    },
    {UUIDS[0]: "pro"},
)
SAAS_STARTER = Schema(
    "nextjs-saas-starter",
    (
        "CREATE TABLE users (id {serial} PRIMARY KEY, name varchar(100), email varchar(255), password_hash {text}, role {text})",
        "CREATE TABLE teams (id {serial} PRIMARY KEY, name varchar(100) NOT NULL, created_at {naive}, updated_at {naive},"
        " stripe_customer_id varchar(191) UNIQUE, stripe_subscription_id varchar(191) UNIQUE, stripe_product_id {text},"
        " plan_name varchar(50), subscription_status varchar(20))",
        "CREATE TABLE team_members (id {serial} PRIMARY KEY, user_id integer, team_id integer, role varchar(50))",
        "INSERT INTO users (name, email, password_hash, role) VALUES ('A', 'a@b.example', 'x', 'owner')",
        f"""INSERT INTO teams (name, updated_at, stripe_customer_id, stripe_subscription_id, stripe_product_id, plan_name,
        subscription_status) VALUES ('T', '2026-11-20', '{CUS}', '{SUB}', '{PRODUCT}', 'Pro', 'active'),
        ('U', NULL, '{CUSTOMERS[1]}', NULL, NULL, NULL, NULL)""",
    ),
    (),
    {
        "table": "teams",
        "key_column": "stripe_customer_id",
        "key_is": "customer_id",
        "plan_column": "plan_name",
        "status_column": "subscription_status",
        "subscription_id_column": "stripe_subscription_id",
        "plan_values": {"pro": "Pro", "free": ""},
    },
    {CUS: "pro", CUSTOMERS[1]: "free"},
)
BETTER_AUTH = Schema(
    "better-auth",
    (
        'CREATE TABLE "user" (id {id} PRIMARY KEY, name {text}, email {text}, "emailVerified" {flag}, "stripeCustomerId" {text})',
        'CREATE TABLE subscription (id {id} PRIMARY KEY, plan {text} NOT NULL, "referenceId" {text}, "stripeCustomerId" {text},'
        ' "stripeSubscriptionId" {text}, status {text}, "periodStart" {naive}, "periodEnd" {naive}, "cancelAtPeriodEnd" {flag},'
        ' seats integer, "trialStart" {naive}, "trialEnd" {naive})',
        f"INSERT INTO \"user\" VALUES ('q1w2e3r4t5y6', 'A', 'a@b.example', TRUE, '{CUS}')",
        f"""INSERT INTO subscription VALUES
        ('s1', 'pro', 'q1w2e3r4t5y6', '{CUS}', '{SUB}', 'active', '2026-11-20', '2026-12-20 09:30',
        FALSE, 1, NULL, NULL)""",
    ),
    ("q1w2e3r4t5y6",),
    {
        "table": "subscription",
        "key_column": "referenceId",
        "plan_column": "plan",
        "status_column": "status",
        "period_end_column": "periodEnd",
        "cancel_at_period_end_column": "cancelAtPeriodEnd",
    },
    {"q1w2e3r4t5y6": "pro"},
)
PAPERMARK = Schema(
    "papermark",
    (
        'CREATE TABLE "Team" (id {id} PRIMARY KEY, name {text}, plan {text} NOT NULL, "stripeId" {text}, "subscriptionId" {text},'
        ' "startsAt" {naive}, "endsAt" {naive}, "pausedAt" {naive}, "cancelledAt" {naive}, limits {json}, "updatedAt" {naive})',
        'CREATE TABLE "User" (id {id} PRIMARY KEY, email {text}, plan {text}, "stripeId" {text}, "subscriptionId" {text})',
        f"""INSERT INTO "Team" VALUES
        ('clteam000000000000000001', 'T', 'pro', '{CUS}', '{SUB}', '2026-11-20', '2026-12-20 09:30', NULL,
        NULL, '{{{{"links": 50}}}}', '2026-11-20'),
        ('clteam000000000000000002', 'U', 'free', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL)""",
        """INSERT INTO "User" VALUES ('cluser000000000000000001', 'a@b.example', 'free', NULL, NULL)""",
    ),
    ("clteam000000000000000001",),
    {
        "table": "Team",
        "key_column": "id",
        "plan_column": "plan",
        "customer_id_column": "stripeId",
        "subscription_id_column": "subscriptionId",
        "period_end_column": "endsAt",
    },
    {"clteam000000000000000001": "pro", "clteam000000000000000002": "free"},
)
T3_STACK = Schema(
    "t3-stack-clerk-stripe",
    (
        'CREATE TABLE "Account" (id {id} PRIMARY KEY, "userId" {text}, "stripeCustomerId" {text}, package {package},'
        ' status {shout}, "activatedAt" {naive})',
        f"""INSERT INTO "Account" VALUES ('cl1', '{USER}', '{CUS}', 'LIFETIME', 'ACTIVE', '2026-11-20'),
        ('cl2', '{OTHER}', NULL, NULL, 'INACTIVE', NULL)""",
    ),
    CLERK,
    {
        "table": "Account",
        "key_column": "userId",
        "key_is": "clerk_id",
        "plan_column": "package",
        "customer_id_column": "stripeCustomerId",
        "status_column": "status",
        "plan_values": {"lifetime": "LIFETIME", "free": ""},
    },
    {USER: "lifetime", OTHER: "free"},
    ("free", "monthly_subscription", "lifetime"),
)
SCHEMAS = (PLAINFORM, GUIDE, SUBSCRIBERS, BASEJUMP, SAAS_STARTER, BETTER_AUTH, PAPERMARK, T3_STACK)
