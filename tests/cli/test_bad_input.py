"""What goes wrong before or beside a verdict: the right exit code, one plain sentence and a hint, and nothing written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.program import Ran
from tests.cli.shapes import ERROR, faults


@pytest.fixture(autouse=True)
def _nothing_is_written(office: Office) -> Iterator[None]:
    """Whatever goes wrong, no service sees a write."""
    office.forget()
    yield
    assert office.writes() == []


@pytest.fixture(scope="module")
def email(office: Office) -> str:
    return str(office.stage("PBF-099")["email"])


def assert_plain(ran: Ran, code: int, *words: str) -> None:
    """One sentence that says what happened, mostly a second that says what to do; the same for programs."""
    error = ran.document["error"]
    assert ran.code == code
    assert faults(error, ERROR) == []
    assert ran.complaint == list(filter(None, (error["message"], error["hint"])))
    assert error["hint"]
    assert "Traceback" not in ran.err + ran.out
    for word in words:
        assert word in error["message"] + " " + error["hint"]


# What is asked for.


@pytest.mark.parametrize("query", ["nobody@nowhere.example", "user_3nobodynobodynobody", "NOSUCH99-0001", "in_1NoSuchInvoice"])
def test_nobody_found_is_4(office: Office, query: str) -> None:
    assert_plain(office.program.ask("diagnose", query), 4, query)


@pytest.mark.parametrize("query", ["prod_QxYz", "price_1QxYz", "req_abc", "?!", "", "   ", "@", "sub_", "two words"])
def test_what_names_nobody_is_2_and_nobody_is_asked(office: Office, query: str) -> None:
    assert_plain(office.program.ask("diagnose", query), 2, "e-mail", "cus_")
    assert office.seen() == []


@pytest.mark.parametrize("kind", ["customer", "invoice", "charge", "subscription", "session"])
def test_an_id_of_the_other_mode_is_4_and_the_hint_names_the_mode(office: Office, kind: str) -> None:
    wire, customer = office.wires["live"], office.stage("PBF-099", "live")["customer_id"]
    path = {"invoice": "/invoices", "charge": "/charges", "subscription": "/subscriptions", "session": "/checkout/sessions"}
    found = wire.stripe(path[kind], customer=customer)["data"][0]["id"] if kind in path else customer
    assert_plain(office.program.ask("diagnose", found), 4, "--mode live", "test mode")


@pytest.mark.parametrize(
    "arguments",
    [
        ("diagnose",),
        ("frobnicate",),
        ("diagnose", "a@b.example", "--mode", "tset"),
        ("diagnose", "a@b.example", "--timeout", "soon"),
        ("resync", "a@b.example", "--to", "moon"),
    ],
)
def test_a_mistyped_command_is_2_and_names_the_help(office: Office, arguments: tuple[str, ...]) -> None:
    assert_plain(office.program.ask(*arguments), 2, "--help")


# The configuration.


def test_no_configuration_is_2_and_says_where_it_was_looked_for(office: Office, tmp_path: Path) -> None:
    missing = str(tmp_path / "none.toml")
    assert_plain(office.program.ask("diagnose", "a@b.example", BILLING_TUI_CONFIG=missing), 2, missing)


def test_a_mistyped_key_is_2_with_its_line_and_the_nearest_key(office: Office, email: str) -> None:
    path = office.program.configured(("webhook_url", "webhok_url"))
    assert_plain(office.program.ask("diagnose", email, "--config", str(path)), 2, str(path), "line 8", "“webhook_url”")


def test_an_unknown_profile_is_2_and_offers_the_nearest(office: Office, email: str) -> None:
    assert_plain(office.program.ask("diagnose", email, "--profile", "demmo"), 2, "“demo”")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('table = "users"', 'table = "uzers"'),
        ('plan_column = "plan"', 'plan_column = "plam"'),
        ('events_table = "processed_events"', 'events_table = "processed_event"'),
    ],
)
def test_a_missing_table_or_column_is_2_and_the_other_layers_are_shown(office: Office, old: str, new: str) -> None:
    staged = office.stage("PBF-072")
    path = office.program.configured((old, new))
    ran = office.program.ask("diagnose", staged["email"], "--config", str(path))
    assert_plain(ran, 2, new.split('"')[1], old.split('"')[1])
    assert ran.document["layers"]["stripe"] == "pro"
    assert ran.document["layers"]["clerk"] == "free"


# Keys.


def test_a_key_of_the_other_mode_is_6_and_nobody_is_asked(office: Office, email: str) -> None:
    live = office.program.env["BILLING_TUI_LIVE_STRIPE_KEY"]
    ran = office.program.ask("diagnose", email, BILLING_TUI_TEST_STRIPE_KEY=live)
    assert_plain(ran, 6, "live key")
    assert live not in ran.out + ran.err
    assert office.seen() == []


def test_a_live_clerk_key_beside_a_test_stripe_key_is_6_and_nobody_is_asked(office: Office, email: str) -> None:
    live = office.program.env["BILLING_TUI_LIVE_CLERK_KEY"]
    assert_plain(office.program.ask("diagnose", email, BILLING_TUI_TEST_CLERK_KEY=live), 6, "clerk_key", "live key")
    assert office.seen() == []


def test_a_missing_key_is_3_and_the_hint_says_what_to_set(office: Office, email: str) -> None:
    ran = office.program.ask("diagnose", email, BILLING_TUI_TEST_STRIPE_KEY=None)
    assert_plain(ran, 3, "BILLING_TUI_TEST_STRIPE_KEY")
    assert (ran.document["layers"]["clerk"], ran.document["layers"]["database"]) == ("pro", "pro")


def test_an_expired_key_is_3_and_the_other_layers_are_shown(office: Office, email: str) -> None:
    key = office.key(expired=True)
    ran = office.program.ask("diagnose", email, BILLING_TUI_TEST_STRIPE_KEY=key)
    assert_plain(ran, 3, "expired")
    assert key not in ran.out + ran.err
    assert ran.document["layers"] == {"stripe": None, "clerk": "pro", "database": "pro", "token": None}


@pytest.mark.parametrize("slot", ["STRIPE", "CLERK"])
def test_a_key_that_is_not_accepted_is_3(office: Office, email: str, slot: str) -> None:
    ran = office.program.ask("diagnose", email, **{f"BILLING_TUI_TEST_{slot}_KEY": "sk_test_madeUpByNobody1234"})
    assert_plain(ran, 3, f"BILLING_TUI_TEST_{slot}_KEY")


def test_a_key_of_another_account_is_6(office: Office, email: str) -> None:
    path = office.program.configured((office.wires["test"].account.number, "acct_1AnotherOne"))
    assert_plain(office.program.ask("diagnose", email, "--config", str(path)), 6, "acct_1AnotherOne")


ALL = ("customer", "checkout_session", "subscription", "charge", "event", "webhook", "plan", "product", "account", "invoice")


@pytest.mark.parametrize(
    ("lacks", "row"),
    [
        ("customer", "Customers: Read"),
        ("subscription", "Subscriptions: Read"),
        ("event", "Events: Read"),
        ("webhook", "Webhook Endpoints: Read"),
        ("plan", "Prices: Read"),
    ],
)
def test_a_lacking_permission_is_3_and_named_as_the_dashboard_names_it(office: Office, lacks: str, row: str) -> None:
    staged = office.stage("PBF-070")
    key = office.key(*(f"{name}_read" for name in ALL if name != lacks))
    ran = office.program.ask("diagnose", staged["email"], BILLING_TUI_TEST_STRIPE_KEY=key)
    assert_plain(ran, 3, row)
    assert (ran.document["layers"]["clerk"], ran.document["layers"]["database"]) == ("free", "free")


def test_the_account_is_read_from_the_refusal_of_a_restricted_key(office: Office, email: str) -> None:
    key = office.key(*(f"{name}_read" for name in ALL if name != "account"))
    ran = office.program.ask("diagnose", email, BILLING_TUI_TEST_STRIPE_KEY=key)
    assert (ran.code, ran.primary) == (0, "PBF-099")
    assert ran.document["account"] == office.wires["test"].account.number
