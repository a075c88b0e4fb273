"""The go-live checks over a real pair of modes: each fault is found, and on a healthy pair none is invented."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.cli.program import Json
from tests.sandbox.app_client import Wire

USEFUL = ["checkout.session.async_payment_succeeded", "checkout.session.async_payment_failed", "charge.refunded"]


def faults(office: Office, **env: str | None) -> dict[str, Json]:
    """What failed, by its id."""
    ran = office.program.ask("golive", **env)
    found = {held["id"]: held for held in ran.document["checks"] if held["state"] == "fail"}
    assert ran.code == (1 if found else 0)
    return found


def endpoint(wire: Wire) -> Json:
    found: Json = wire.stripe("/webhook_endpoints")["data"][0]
    return found


def price_of(wire: Wire, tier: str) -> Json:
    prices = wire.stripe("/prices", limit=100, active="true")["data"]
    found: Json = next(price for price in prices if price["lookup_key"] == f"{tier}_monthly")
    return found


@pytest.fixture(scope="module", autouse=True)
def ready(office: Office) -> None:
    """Live mode as it should be: also told of what is merely useful."""
    wire = office.wires["live"]
    held = endpoint(wire)
    every = {f"enabled_events[{number}]": name for number, name in enumerate([*held["enabled_events"], *USEFUL])}
    wire.stripe(f"/webhook_endpoints/{held['id']}", "POST", **every)


def test_a_healthy_pair_has_no_fault(office: Office) -> None:
    document = office.program.ask("golive").document
    assert document["schema"] == "billing-tui/golive/1"
    assert [held for held in document["checks"] if held["state"] == "fail"] == []
    assert len({held["id"] for held in document["checks"]}) == len(document["checks"])
    assert all(held["headline"] and held["severity"] for held in document["checks"])


def _disabled(wire: Wire) -> Callable[[], object]:
    held = endpoint(wire)
    wire.stripe(f"/webhook_endpoints/{held['id']}", "POST", disabled="true")
    return lambda: wire.stripe(f"/webhook_endpoints/{held['id']}", "POST", disabled="false")


def _deaf(wire: Wire) -> Callable[[], object]:
    held = endpoint(wire)
    left = [name for name in held["enabled_events"] if name != "customer.subscription.deleted"]

    def select(names: list[str]) -> object:
        return wire.stripe(
            f"/webhook_endpoints/{held['id']}", "POST", **{f"enabled_events[{number}]": name for number, name in enumerate(names)}
        )

    select(left)
    return lambda: select(held["enabled_events"])


def _elsewhere(wire: Wire) -> Callable[[], object]:
    held = endpoint(wire)
    wire.stripe(f"/webhook_endpoints/{held['id']}", "POST", url="https://elsewhere.example/hook")
    return lambda: wire.stripe(f"/webhook_endpoints/{held['id']}", "POST", url=held["url"])


def _says(value: str) -> Callable[[Wire], Callable[[], object]]:
    def write(wire: Wire) -> Callable[[], object]:
        product = price_of(wire, "pro")["product"]
        wire.stripe(f"/products/{product}", "POST", **{"metadata[plan]": value})
        return lambda: wire.stripe(f"/products/{product}", "POST", **{"metadata[plan]": "pro"})

    return write


def _archived(wire: Wire) -> Callable[[], object]:
    product = price_of(wire, "starter")["product"]
    wire.stripe(f"/products/{product}", "POST", active="false")
    return lambda: wire.stripe(f"/products/{product}", "POST", active="true")


def _twice(wire: Wire) -> Callable[[], object]:
    held = endpoint(wire)
    every = {f"enabled_events[{number}]": name for number, name in enumerate(held["enabled_events"])}
    made = wire.stripe("/webhook_endpoints", "POST", url=held["url"], **every)
    return lambda: wire.http.delete(
        f"{wire.sandbox.base}/v1/webhook_endpoints/{made['id']}",
        headers={"Authorization": f"Bearer {wire.sandbox.ready['stripe']['live_key']}"},
    )


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (_disabled, {"GL-12"}),
        (_deaf, {"GL-13"}),
        (_elsewhere, {"GL-11"}),
        (_says("Pro "), {"GL-04", "GL-05", "GL-07"}),
        (_archived, {"GL-04", "GL-05"}),
        (_twice, {"GL-22"}),
    ],
)
def test_a_fault_in_live_mode_is_found_and_nothing_else(
    office: Office, broken: Callable[[Wire], Callable[[], object]], expected: set[str]
) -> None:
    mend = broken(office.wires["live"])
    try:
        assert faults(office).keys() == expected
    finally:
        mend()
    assert faults(office) == {}


def test_another_amount_in_live_mode_is_told_with_both(office: Office) -> None:
    wire = office.wires["test"]
    old = price_of(wire, "enterprise")
    made = {"currency": "usd", "unit_amount": "19900", "product": old["product"], "recurring[interval]": "month"}
    cheaper = wire.stripe("/prices", "POST", **made)
    wire.stripe(f"/prices/{old['id']}", "POST", active="false")
    try:
        found = faults(office)
        assert found.keys() == {"GL-05"}
        assert "enterprise is $199.00 / month in test and $249.00 / month in live." in found["GL-05"]["evidence"][0]["says"]
    finally:
        wire.stripe(f"/prices/{cheaper['id']}", "POST", active="false")
        wire.stripe(f"/prices/{old['id']}", "POST", active="true")


def test_a_wrong_signing_secret_is_found(office: Office) -> None:
    assert faults(office, BILLING_TUI_LIVE_WEBHOOK_SECRET="whsec_another0000000000").keys() == {"GL-18"}


def test_the_test_secret_in_live_mode_is_a_mixed_pair(office: Office) -> None:
    secret = office.program.env["BILLING_TUI_TEST_WEBHOOK_SECRET"]
    assert faults(office, BILLING_TUI_LIVE_WEBHOOK_SECRET=secret).keys() == {"GL-18", "GL-24"}


def test_a_test_key_in_live_mode_is_the_first_fault(office: Office) -> None:
    key = office.program.env["BILLING_TUI_TEST_STRIPE_KEY"]
    found = faults(office, BILLING_TUI_LIVE_STRIPE_KEY=key)
    assert found.keys() == {"GL-01"}
    assert found["GL-01"]["severity"] == "blocker"


def test_without_a_key_for_live_mode_nothing_is_passed_that_was_not_seen(office: Office) -> None:
    ran = office.program.ask("golive", BILLING_TUI_LIVE_STRIPE_KEY=None)
    states = {held["id"]: held["state"] for held in ran.document["checks"]}
    unseen = ("GL-01", "GL-03", "GL-04", "GL-05", "GL-06", "GL-07", "GL-11", "GL-12", "GL-13", "GL-22", "GL-26")
    assert {states[held] for held in unseen} == {"unknown"}


def test_a_redirect_before_the_endpoint_is_found(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        office.stage("PBF-058", "live")
        assert faults(office).keys() == {"GL-14", "GL-17"}


def test_it_reads_as_sentences_for_a_person(office: Office) -> None:
    ran = office.program.run("golive", "--all")
    assert ran.err == ""
    assert "GL-12  The endpoint is enabled." in ran.out
