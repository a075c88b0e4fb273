"""Services that fail: said which one, with the layers that did answer, and never a wait longer than was asked for."""

import time

import pytest

from tests.cli.office import Office
from tests.cli.test_bad_input import assert_plain


@pytest.fixture(scope="module")
def email(office: Office) -> str:
    return str(office.stage("PBF-099")["email"])


@pytest.mark.parametrize("kind", ["500", "reset", "html"])
def test_clerk_down_is_5_and_the_other_layers_are_shown(office: Office, email: str, kind: str) -> None:
    with office.outage("clerk", kind):
        ran = office.program.ask("diagnose", email)
    assert_plain(ran, 5)
    assert ran.document["layers"] == {"stripe": "pro", "clerk": None, "database": "pro", "token": None}
    assert office.writes() == []


@pytest.mark.parametrize("kind", ["500", "html", "429"])
def test_stripe_down_is_5_and_the_other_layers_are_shown(office: Office, email: str, kind: str) -> None:
    with office.outage("stripe", kind):
        ran = office.program.ask("diagnose", email)
    assert_plain(ran, 5, "Stripe")
    assert "<html" not in ran.out + ran.err
    assert ran.document["layers"] == {"stripe": None, "clerk": "pro", "database": "pro", "token": None}


def test_a_missing_database_is_5_and_the_other_layers_are_shown(office: Office, email: str) -> None:
    ran = office.program.ask("diagnose", email, BILLING_TUI_TEST_DATABASE_URL="sqlite:////nowhere/at/all.db")
    assert_plain(ran, 5, "/nowhere/at/all.db")
    assert ran.document["layers"] == {"stripe": "pro", "clerk": "pro", "database": None, "token": None}


@pytest.mark.parametrize("service", ["stripe", "clerk"])
def test_a_service_that_hangs_is_5_as_soon_as_the_time_is_up(office: Office, email: str, service: str) -> None:
    before = time.monotonic()
    with office.outage(service, "hang"):
        ran = office.program.ask("diagnose", email, "--timeout", "0.3")
    assert_plain(ran, 5, "0.3 s")
    assert time.monotonic() - before < 5


def test_one_failing_list_of_stripe_s_leaves_the_rest_to_judge(office: Office) -> None:
    """The checkout sessions are not needed where a subscription is there to see."""
    staged = office.stage("PBF-070")
    with office.outage("stripe", "500", "/v1/checkout/sessions"):
        ran = office.program.ask("diagnose", staged["email"])
    assert ran.document["layers"] == {"stripe": "pro", "clerk": "free", "database": "free", "token": None}
    assert ran.code in (1, 5)


def test_an_unreadable_layer_is_never_healthy(office: Office, email: str) -> None:
    for service in ("stripe", "clerk"):
        with office.outage(service, "reset"):
            assert office.program.ask("diagnose", email).primary is None


def test_after_the_outage_the_verdict_is_back(office: Office, email: str) -> None:
    with office.outage("clerk", "500"):
        assert office.program.ask("diagnose", email).code == 5
    assert office.program.ask("diagnose", email).code == 0
