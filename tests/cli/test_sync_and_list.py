"""`sync` and `list` as scripts meet them: documents, tables, exit codes, and what they cost."""

import csv
import io
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.cli.program import Json, Ran


def stripe_requests(office: Office) -> list[str]:
    return [one["path"] for one in office.seen() if one["service"] == "stripe"]


def listed(office: Office, *arguments: str) -> list[Json]:
    ran = office.program.ask("list", *arguments)
    assert ran.code == 0, ran.err
    rows: list[Json] = ran.document["rows"]
    assert ran.document["count"] == len(rows)
    return rows


def synced(office: Office, *arguments: str) -> Json:
    ran = office.program.ask("sync", *arguments)
    assert ran.code == 0, ran.err
    return ran.document


def test_a_first_sync_then_a_quiet_one_then_what_changed(office: Office) -> None:
    office.forget()
    first = synced(office)
    assert first["schema"] == "billing-tui/sync/1"
    assert (first["kind"], first["events_gap"], first["rate_limited"]) == ("full", False, 0)
    assert first["requests"] == len(stripe_requests(office))
    assert first["rows"] == first["fetched"]
    assert first["account"] == office.wires["test"].account.number
    office.forget()
    quiet = synced(office)
    assert (quiet["kind"], quiet["requests"], stripe_requests(office)) == ("incremental", 1, ["/v1/events"])
    assert set(quiet["fetched"].values()) == {0}
    office.stage("PBF-099", email="changed@kornfeld.example")
    assert synced(office)["fetched"]["customers"] >= 1
    (row,) = listed(office, "customers", "--filter", "changed@kornfeld")
    assert (row["email"], row["tier"], row["live"]) == ("changed@kornfeld.example", "pro", 1)


def test_a_list_asks_nobody(office: Office) -> None:
    synced(office)
    office.forget()
    for objects in ("customers", "subscriptions", "tiers", "events"):
        assert listed(office, objects)
    assert office.seen() == []


def test_a_list_needs_no_key(office: Office) -> None:
    synced(office)
    ran = office.program.ask("list", "customers", BILLING_TUI_TEST_STRIPE_KEY=None)
    assert (ran.code, ran.document["count"] > 0) == (0, True)


def test_rows_are_those_of_the_server(office: Office) -> None:
    synced(office)
    account = office.wires["test"].account
    assert {row["id"] for row in listed(office, "customers")} == {row["id"] for row in account.table("customer")}
    statuses = {row["id"]: row["status"] for row in account.table("subscription")}
    assert {row["id"]: row["status"] for row in listed(office, "subscriptions")} == statuses
    assert next(row["tier"] for row in listed(office, "tiers")) == "free"


def test_filter_sort_and_limit(office: Office) -> None:
    synced(office)
    emails = [row["email"] for row in listed(office, "customers", "--sort", "email")]
    assert emails == sorted(emails, key=str.lower)
    assert [row["email"] for row in listed(office, "customers", "--sort", "-email", "--limit", "2")] == emails[::-1][:2]
    active = listed(office, "subscriptions", "--filter", "status:active created:<1y")
    assert {row["status"] for row in active} <= {"active"}
    assert listed(office, "events", "--limit", "0") == []


def test_csv_is_the_same_rows(office: Office) -> None:
    synced(office)
    ran = office.program.run("list", "subscriptions", "--csv")
    rows = list(csv.DictReader(io.StringIO(ran.out)))
    assert [row["id"] for row in rows] == [row["id"] for row in listed(office, "subscriptions")]
    assert {"status", "tier", "amount", "currency", "period_end"} <= set(rows[0])


def test_a_name_is_no_formula_in_a_spreadsheet(office: Office) -> None:
    wire = office.wires["test"]
    wire.stripe("/customers", "POST", email="formula@kornfeld.example", name='=HYPERLINK("x")')
    synced(office)
    ran = office.program.run("list", "customers", "--csv", "--filter", "formula@")
    (row,) = csv.DictReader(io.StringIO(ran.out))
    assert row["name"] == '\'=HYPERLINK("x")'


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (("customers", "--filter", "created:>banana"), "created:>banana"),
        (("subscriptions", "--sort", "colour"), "colour"),
        (("tiers", "--sort", "colour"), "colour"),
    ],
)
def test_bad_usage_names_the_word(office: Office, arguments: tuple[str, ...], names: str) -> None:
    ran: Ran = office.program.ask("list", *arguments)
    assert ran.code == 2
    assert names in ran.document["error"]["message"]


def test_before_the_first_sync_a_list_is_empty_and_says_so(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        ran = office.program.ask("list", "customers")
        assert (ran.code, ran.document["count"], ran.document["synced_at"]) == (0, 0, None)
        assert "billing-tui sync" in ran.err


def test_the_modes_have_caches_of_their_own(office: Office) -> None:
    synced(office)
    synced(office, "--mode", "live")
    test, live = ({row["id"] for row in listed(office, "customers", "--mode", mode)} for mode in ("test", "live"))
    assert not test & live
    files = {path.name for path in (office.program.home / "cache/billing-tui").glob("*.db")}
    account = office.wires["test"].account.number
    assert files == {f"cache-{account}-test.db", f"cache-{account}-live.db"}


def test_another_account_than_expected_is_refused(office: Office) -> None:
    account = office.wires["test"].account.number
    config = office.program.configured((account, "acct_another"))
    assert office.program.ask("sync", BILLING_TUI_CONFIG=str(config)).code == 6


def test_a_key_without_the_permission_is_told(office: Office) -> None:
    ran = office.program.ask("sync", "--full", BILLING_TUI_TEST_STRIPE_KEY=office.key("rak_customer_read"))
    assert ran.code == 3
    assert ran.document["error"]["code"] == "permission"


def test_an_interrupted_full_sync_is_resumed(tmp_path: Path) -> None:
    with opened(tmp_path, customers=200, latency_ms=100) as office:
        script = Path(sys.executable).parent / "billing-tui"
        env = office.program._environment({})
        process = subprocess.Popen([script, "sync"], env=env)
        while len(stripe_requests(office)) < 5:
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 130
        report = synced(office)
        assert report["kind"] == "resumed"
        assert report["rows"]["customers"] == len(office.wires["test"].account.table("customer"))


READABLE = ("customer_read", "subscription_read", "product_read", "plan_read", "event_read", "account_read")


def restricted(office: Office, *without: str) -> str:
    return office.key(*(name for name in READABLE if name not in without))


def test_a_key_without_the_catalogue_reads_the_rest_and_says_what_is_lost(office: Office) -> None:
    everything = synced(office)["rows"]
    key = restricted(office, "plan_read")
    ran = office.program.ask("sync", "--full", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (ran.code, ran.document["error"]["code"]) == (3, "permission")
    assert ran.document["lacking"] == {"prices": "Prices: Read"}
    assert "no tiers are known" in ran.document["error"]["message"]
    # What an earlier key has read is not taken for gone.
    assert ran.document["rows"] == everything
    assert (ran.document["fetched"]["prices"], ran.document["fetched"]["customers"]) == (0, everything["customers"])
    assert office.program.ask("list", "tiers", BILLING_TUI_TEST_STRIPE_KEY=key).code == 3
    assert office.program.ask("list", "customers", BILLING_TUI_TEST_STRIPE_KEY=key).code == 0
    again = office.program.ask("sync", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (again.code, again.document["kind"], again.document["requests"]) == (3, "incremental", 2)
    allowed = synced(office)
    assert (allowed["kind"], allowed["lacking"], allowed["fetched"]["prices"]) == ("incremental", {}, everything["prices"])


def test_without_events_only_reading_all_again_tells_what_changed(office: Office) -> None:
    key = restricted(office, "event_read")
    ran = office.program.ask("sync", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (ran.code, ran.document["kind"], ran.document["fetched"]["events"]) == (3, "full", 0)
    office.stage("PBF-099", email="unheard@kornfeld.example")
    again = office.program.ask("sync", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (again.code, again.document["kind"]) == (3, "full")
    assert listed(office, "customers", "--filter", "unheard@kornfeld")
    assert (synced(office)["kind"], synced(office)["kind"]) == ("full", "incremental")


def test_a_key_for_neither_customers_nor_subscriptions_is_refused(office: Office) -> None:
    key = restricted(office, "customer_read", "subscription_read")
    ran = office.program.ask("sync", "--full", BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (ran.code, ran.document["error"]["code"]) == (3, "permission")
