"""Apps that keep no plan in a column of its own: there the tool has to ask, and must not make one up."""

from tests.detection.apps import CUSTOMERS, SUBSCRIPTIONS, UUIDS
from tests.peers.app_schemas import PRICE, Schema

CUS, SUB = CUSTOMERS[0], SUBSCRIPTIONS[0]

VERCEL = Schema(
    "vercel, whose plan is three tables away",
    (
        "CREATE TABLE customers (id {uuid} PRIMARY KEY, stripe_customer_id {text})",
        "CREATE TABLE products (id {id} PRIMARY KEY, active {flag}, name {text}, metadata {json})",
        "CREATE TABLE prices (id {id} PRIMARY KEY, product_id {text}, active {flag}, unit_amount bigint, currency {text})",
        "CREATE TABLE subscriptions (id {id} PRIMARY KEY, user_id {uuid}, status {status}, metadata {json}, price_id {text},"
        " quantity integer, cancel_at_period_end {flag}, current_period_end {moment})",
        f"INSERT INTO customers VALUES ('{UUIDS[0]}', '{CUS}')",
        f"INSERT INTO subscriptions VALUES ('{SUB}', '{UUIDS[0]}', 'active', NULL, '{PRICE}', 1, FALSE, '2026-12-20 09:30:00')",
    ),
    UUIDS[:1],
    None,
)
CASHIER = Schema(
    "Laravel Cashier, whose plan is a price",
    (
        "CREATE TABLE users (id {serial} PRIMARY KEY, name {text}, email {text}, stripe_id {text}, pm_type {text},"
        " pm_last_four varchar(4), trial_ends_at {moment})",
        "CREATE TABLE subscriptions (id {serial} PRIMARY KEY, user_id bigint, type {text}, stripe_id {text},"
        " stripe_status {text}, stripe_price {text}, quantity integer,"
        " trial_ends_at {moment}, ends_at {moment}, updated_at {moment})",
        f"INSERT INTO users (name, email, stripe_id) VALUES ('A', 'a@b.example', '{CUS}')",
        "INSERT INTO subscriptions (user_id, type, stripe_id, stripe_status, stripe_price, quantity)"
        f" VALUES (1, 'default', '{SUB}', 'active', '{PRICE}', 1)",
    ),
    (),
    None,
)
PAY = Schema(
    "Rails' pay, whose owner is polymorphic and whose plan is a price",
    (
        "CREATE TABLE pay_customers (id {serial} PRIMARY KEY, owner_type {text}, owner_id bigint, processor {text},"
        " processor_id {text})",
        "CREATE TABLE pay_subscriptions (id {serial} PRIMARY KEY, customer_id bigint, name {text}, processor_id {text},"
        " processor_plan {text}, status {text}, current_period_end {naive}, ends_at {naive}, metadata {json})",
        f"INSERT INTO pay_customers (owner_type, owner_id, processor, processor_id) VALUES ('User', 1, 'stripe', '{CUS}')",
        "INSERT INTO pay_subscriptions (customer_id, name, processor_id, processor_plan, status)"
        f" VALUES (1, 'default', '{SUB}', '{PRICE}', 'active')",
    ),
    ("User_1",),
    None,
)
DJ_STRIPE = Schema(
    "dj-stripe, whose plan is inside JSON",
    (
        "CREATE TABLE djstripe_customer (djstripe_id {serial} PRIMARY KEY, id varchar(191), subscriber_id integer,"
        " stripe_data {json})",
        "CREATE TABLE djstripe_subscription (djstripe_id {serial} PRIMARY KEY, id varchar(191), customer_id varchar(191),"
        " stripe_data {json})",
        f"""INSERT INTO djstripe_customer (id, subscriber_id, stripe_data) VALUES ('{CUS}', 1, '{{{{"id": "{CUS}"}}}}')""",
        f"""INSERT INTO djstripe_subscription (id, customer_id, stripe_data) VALUES ('{SUB}', '{CUS}',
        '{{{{"status": "active", "plan": {{{{"id": "{PRICE}"}}}}}}}}')""",
    ),
    ("1",),
    None,
)
DOCUMENSO = Schema(
    "documenso, whose planId is a subscription's",
    (
        'CREATE TABLE "Subscription" (id {serial} PRIMARY KEY, status {shout}, "planId" {text}, "priceId" {text},'
        ' "periodEnd" {naive}, "customerId" {text}, "organisationId" {text}, "cancelAtPeriodEnd" {flag})',
        f"""INSERT INTO "Subscription" (status, "planId", "priceId", "customerId", "organisationId") VALUES
        ('ACTIVE', '{SUB}', '{PRICE}', '{CUS}', 'org_abc')""",
    ),
    (),
    None,
)
PLANLESS = (VERCEL, CASHIER, PAY, DJ_STRIPE, DOCUMENSO)
