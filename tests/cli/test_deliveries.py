"""`billing-tui deliveries`: each state as the services show it, and unknown where they leave it open."""

from collections import Counter
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.cli.program import Json


def rows(office: Office, *arguments: str, customer: str | None = None) -> list[Json]:
    ran = office.program.ask("deliveries", *arguments)
    assert (ran.code, ran.err) == (0, "")
    found: list[Json] = ran.document["deliveries"]
    return [held for held in found if customer in (None, held["customer_id"])]


def states(held: list[Json]) -> set[tuple[str, str]]:
    return {(each["state"], each["source"]) for each in held}


def test_what_the_app_has_taken_is_delivered_and_its_own_ledger_says_so(office: Office) -> None:
    staged = office.stage("PBF-099")
    held = rows(office, "--type", "customer.subscription.created", customer=staged["customer_id"])
    assert states(held) == {("delivered", "ledger")}


def test_without_a_ledger_stripes_count_says_so(office: Office) -> None:
    staged = office.stage("PBF-099")
    config = office.program.configured(('events_table = "processed_events"', 'events_table = ""'))
    held = rows(office, "--config", str(config), "--type", "customer.subscription.created", customer=staged["customer_id"])
    assert states(held) == {("delivered", "stripe")}


def test_a_type_that_nobody_subscribed_to_was_sent_nowhere(office: Office) -> None:
    staged = office.stage("PBF-099")
    held = rows(office, "--type", "invoice.paid", customer=staged["customer_id"])
    assert states(held) == {("unsubscribed", "inferred")}


def test_states_and_types_are_filters_and_a_person_reads_them(office: Office) -> None:
    office.stage("PBF-099")
    assert {held["state"] for held in rows(office, "--state", "delivered,failed")} == {"delivered"}
    ran = office.program.run("deliveries", "--type", "customer.subscription.created")
    assert "delivered" in ran.out
    assert "invoice.paid" not in ran.out


@pytest.mark.parametrize("wrong", [("--state", "lost"), ("--since", "soon"), ("--since", "2999-01-01")])
def test_what_makes_no_sense_is_refused(office: Office, wrong: tuple[str, str]) -> None:
    ran = office.program.run("deliveries", *wrong)
    assert ran.code == 2
    assert len(ran.complaint) == 2


def test_nothing_is_said_of_what_was_not_asked_for(office: Office) -> None:
    office.stage("PBF-099")
    assert rows(office, "--since", "0s") == []


def test_what_the_app_refuses_is_pending_and_an_endpoint_made_later_was_never_sent_it(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        staged = office.stage("PBF-054")
        one = rows(office, "--type", "customer.subscription.created", customer=staged["customer_id"])
        assert states(one) == {("pending", "stripe")}
        wire = office.wires["test"]
        wire.stripe(
            "/webhook_endpoints", "POST", url="http://127.0.0.1:9/other", **{"enabled_events[0]": "customer.subscription.created"}
        )
        later = office.stage("PBF-054")
        two = rows(office, "--type", "customer.subscription.created", customer=later["customer_id"])
        assert Counter(held["state"] for held in two) == {"pending": 1, "unsubscribed": 1}


def test_a_key_that_may_not_read_events_gives_no_log(office: Office) -> None:
    ran = office.program.run("deliveries", BILLING_TUI_TEST_STRIPE_KEY=office.key("rak_customer_read"))
    assert ran.code == 3
    assert "Events: Read" in ran.err
