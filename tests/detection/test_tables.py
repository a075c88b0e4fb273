"""The table that keeps the plan, and each of its columns, in databases as starters lay them out."""

from pathlib import Path

import pytest

from billing_tui.detection.tables import detect_ledger, detect_table, plan_table
from billing_tui.settings.config import config_of
from billing_tui.settings.config_edit import Entry, edited
from billing_tui.settings.toml_file import parse_toml
from tests.detection.apps import (
    APPS,
    CLERK,
    CUSTOMERS,
    GUIDE,
    PLAINFORM,
    SAAS_STARTER,
    WITHOUT_PLAN,
    WITHOUT_PLAN_ROWS,
    App,
    seen,
)

TIERS = ("free", "pro")


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_a_known_layout_is_found_without_a_correction(tmp_path: Path, app: App) -> None:
    tables = seen(tmp_path, app.statements, app.rows)
    match = plan_table(tables, app.linked)
    assert match is not None
    found = [*detect_table(match, TIERS), *detect_ledger(tables)]
    values = {one.key.removeprefix("database."): one.value for one in found}
    assert {key: values.get(key) for key in app.expected} == app.expected
    assert match.preset == app.name or app.name in ("subscriptions", "lovable-subscribers", "lovable-profiles")
    assert all(one.evidence for one in found)


@pytest.mark.parametrize("app", APPS, ids=lambda app: app.name)
def test_what_is_found_is_a_configuration_that_opens(tmp_path: Path, app: App) -> None:
    tables = seen(tmp_path, app.statements, app.rows)
    match = plan_table(tables, app.linked)
    assert match is not None
    entries = [Entry(one.key, one.value, one.evidence) for one in (*detect_table(match, TIERS), *detect_ledger(tables))]
    text, _ = edited("", "acme", "live", entries)
    table = config_of(parse_toml(Path("config.toml"), text)).open("acme", "live").database
    assert table is not None
    assert table.plan_column == app.expected["plan_column"]


def test_no_table_is_made_up_where_none_keeps_the_plan(tmp_path: Path) -> None:
    assert plan_table(seen(tmp_path, WITHOUT_PLAN, WITHOUT_PLAN_ROWS), ()) is None


def test_an_empty_table_is_told_by_its_names_and_doubted(tmp_path: Path) -> None:
    tables = seen(tmp_path, PLAINFORM.statements)
    match = plan_table(tables, CLERK)
    assert match is not None
    doubts = {one.key for one in detect_table(match, TIERS) if not one.sure}
    assert {"database.key_column", "database.plan_column", "database.customer_id_column"} <= doubts


def test_ids_that_stripe_carries_decide_which_column_holds_people(tmp_path: Path) -> None:
    tables = seen(tmp_path, SAAS_STARTER.statements, SAAS_STARTER.rows)
    by_customer = plan_table(tables, ())
    by_number = plan_table(tables, ("1", "2"))
    assert by_customer is not None
    assert by_number is not None
    assert (by_customer.key.column, by_customer.key.key_is) == ("stripe_customer_id", "customer_id")
    assert (by_number.key.column, by_number.key.key_is, by_number.key.sure) == ("id", "clerk_id", True)


def test_values_tell_what_names_do_not(tmp_path: Path) -> None:
    table = "CREATE TABLE accounts (a TEXT, billing_ref TEXT, b TEXT, tier TEXT, stripe_customer_id TEXT)"
    match = plan_table(seen(tmp_path, [table], {"accounts": [(CLERK[0], CUSTOMERS[0], "sub_1abc", "pro", "cust-7")]}), CLERK)
    assert match is not None
    assert match.key.column == "a"
    assert {role: column.name for role, column in match.roles.items()} == {
        "customer_id_column": "billing_ref",
        "subscription_id_column": "b",
        "plan_column": "tier",
    }


def test_a_plan_that_is_no_tier_is_pointed_out(tmp_path: Path) -> None:
    tables = seen(tmp_path, GUIDE.statements, GUIDE.rows, "UPDATE subscriptions SET plan = 'legacy-2019' WHERE plan = 'free'")
    match = plan_table(tables, CLERK)
    assert match is not None
    found = next(one for one in detect_table(match, TIERS) if one.key == "database.plan_values")
    assert not found.sure
    assert "legacy-2019" in found.evidence


def test_upper_case_statuses_are_written_in_upper_case(tmp_path: Path) -> None:
    tables = seen(tmp_path, GUIDE.statements, GUIDE.rows, "UPDATE subscriptions SET status = upper(status)")
    match = plan_table(tables, CLERK)
    assert match is not None
    found = next(one.value for one in detect_table(match, TIERS) if one.key == "database.status_values")
    assert isinstance(found, dict)
    assert (found["active"], found["past_due"]) == ("ACTIVE", "PAST_DUE")
