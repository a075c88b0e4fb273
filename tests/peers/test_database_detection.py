"""What detection makes of real apps' tables on real servers: right without a correction, or asked for; never wrong and sure."""

from pathlib import Path

import pytest

from billing_tui.detection.findings import Found
from billing_tui.detection.tables import detect_ledger, detect_table, plan_table
from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database_look import TableSeen, survey
from billing_tui.services.database_url import read_url
from billing_tui.settings.config import config_of
from billing_tui.settings.config_edit import Entry, edited
from billing_tui.settings.toml_file import parse_toml
from tests.detection.apps import CUSTOMERS, SUBSCRIPTIONS
from tests.peers.app_schemas import MARIADB, PLAINFORM, POSTGRES, SCHEMAS, SUBSCRIBERS, TYPES, Schema
from tests.peers.database_servers import Book, Postgres, Server
from tests.peers.planless_schemas import PLANLESS

pytestmark = pytest.mark.peer


def made(server: Server, schema: Schema) -> Book:
    """The app's database on a server."""
    pg = isinstance(server, Postgres)
    kinds = POSTGRES if pg else MARIADB
    return server.book(*(TYPES if pg else ()), *(statement.format(**kinds) for statement in schema.statements))


def detected(tables: list[TableSeen], schema: Schema) -> list[Found]:
    match = plan_table(tables, schema.linked)
    return [*detect_table(match, schema.tiers), *detect_ledger(tables)] if match else []


def table_of(found: list[Found], tiers: tuple[str, ...]) -> DatabaseTable:
    """The table as the configuration has it once this is written."""
    text, _ = edited("", "acme", "test", [Entry("tiers", tiers), *(Entry(one.key, one.value, one.evidence) for one in found)])
    table = config_of(parse_toml(Path("config.toml"), text)).open("acme", "test").database
    assert table is not None
    return table


@pytest.mark.parametrize("schema", [*SCHEMAS, *PLANLESS], ids=lambda schema: schema.name)
async def test_it_is_right_or_it_asks(server: Server, schema: Schema) -> None:
    book = made(server, schema)
    found = detected(survey(read_url(book.url()), 10.0), schema)
    values = {one.key.removeprefix("database."): one.value for one in found}
    if schema.expected is None:
        assert values == {}
        return
    assert {key: values.get(key) for key in schema.expected} == schema.expected
    database = book.open(table_of(found, schema.tiers))
    for key, tier in schema.reads.items():
        assert [row.plan for row in await database.rows_by(key=key)] == [tier]
    await database.close()


async def test_a_schema_of_its_own_is_named(server: Server) -> None:
    if not isinstance(server, Postgres):
        pytest.skip("MariaDB's schemas are databases")
    book = server.book("CREATE SCHEMA basejump", "GRANT USAGE ON SCHEMA basejump TO reader")
    book.run(
        "CREATE TABLE basejump.billing_subscriptions (account_id text, plan_name text, status text, billing_customer_id text)",
        "INSERT INTO basejump.billing_subscriptions VALUES ('user_2aBcDeFgHiJkLmNoPqRs', 'Pro', 'active', 'cus_RwAbCdEfGh0')",
        "CREATE SCHEMA auth",
        "CREATE TABLE auth.users (id text, email text, plan text, stripe_customer_id text)",
    )
    found = detected(survey(read_url(book.url()), 10.0), Schema("basejump", (), ("user_2aBcDeFgHiJkLmNoPqRs",), {}))
    database = book.open(table_of(found, ("free", "pro")))
    assert [row.plan for row in await database.rows_by(key="user_2aBcDeFgHiJkLmNoPqRs")] == ["pro"]
    await database.close()


def test_a_mirror_of_stripe_is_not_taken_for_the_apps_own(server: Server) -> None:
    """Supabase's sync engine keeps all of Stripe beside the app's tables, in a schema of its own."""
    if not isinstance(server, Postgres):
        pytest.skip("MariaDB's schemas are databases")
    book = made(server, PLAINFORM)
    book.run(
        "CREATE SCHEMA stripe",
        "GRANT USAGE ON SCHEMA stripe TO reader",
        "CREATE TABLE stripe.customers (id text, email text, metadata jsonb, plan text, status text, last_synced_at timestamptz)",
        "CREATE TABLE stripe.subscriptions (id text, customer text, status text, plan text, current_period_end integer)",
        "CREATE TABLE stripe.events (id text, type text, created integer)",
        f"INSERT INTO stripe.customers VALUES ('{CUSTOMERS[0]}', 'a@b.example', '{{}}', 'pro', 'active', now())",
        f"INSERT INTO stripe.subscriptions VALUES ('{SUBSCRIPTIONS[0]}', '{CUSTOMERS[0]}', 'active', 'pro', 1797759000)",
        "INSERT INTO stripe.events VALUES ('evt_1RwAbCdEfGhIjKl', 'invoice.paid', 1797759000)",
    )
    values = {one.key: one.value for one in detected(survey(read_url(book.url()), 10.0), PLAINFORM)}
    assert values["database.table"] == "User"
    assert "database.events_table" not in values


def test_a_table_that_may_not_be_read_is_told_by_its_names_and_doubted(server: Server) -> None:
    book = made(server, PLAINFORM)
    if isinstance(server, Postgres):
        book.run('REVOKE SELECT ON "User" FROM reader')
        found = detected(survey(read_url(book.url()), 10.0), PLAINFORM)
        assert {one.key for one in found if not one.sure} >= {"database.key_column", "database.plan_column"}
    else:
        book.run(f"REVOKE SELECT ON {book.name}.* FROM reader@'127.0.0.1'", "GRANT SELECT ON \"Order\" TO reader@'127.0.0.1'")
        assert detected(survey(read_url(book.url()), 10.0), PLAINFORM) == []


def test_a_view_for_this_tool_alone_is_enough(server: Server) -> None:
    """What a careful owner gives: a view of the columns that are needed, and the right to read that."""
    book = made(server, SUBSCRIBERS)
    them = "reader" if isinstance(server, Postgres) else "reader@'127.0.0.1'"
    everything = "ALL TABLES IN SCHEMA public" if isinstance(server, Postgres) else f"{book.name}.*"
    book.run(
        "CREATE VIEW billing_view AS SELECT user_id, subscription_tier, stripe_customer_id FROM subscribers",
        f"REVOKE SELECT ON {everything} FROM {them}",
        f"GRANT SELECT ON billing_view TO {them}",
    )
    found = detected(survey(read_url(book.url()), 10.0), SUBSCRIBERS)
    values = {one.key: one.value for one in found}
    assert values["database.table"] == "billing_view"
    assert (values["database.key_column"], values["database.plan_column"]) == ("user_id", "subscription_tier")
