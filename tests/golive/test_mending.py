"""The fixes that go-live makes itself: planned, confirmed, made in live mode alone, and found well afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.cli.program import Json


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def state(office: Office, check: str) -> str:
    checks: list[Json] = office.program.ask("golive").document["checks"]
    return next(str(held["state"]) for held in checks if held["id"] == check)


def test_several_checks_are_mended_in_one_plan(office: Office) -> None:
    live = office.wires["live"]
    held = live.stripe("/webhook_endpoints")["data"][0]
    live.stripe(f"/webhook_endpoints/{held['id']}", "POST", disabled="true", **{"enabled_events[0]": "charge.failed"})
    product = next(one for one in live.stripe("/products")["data"] if one["metadata"].get("plan") == "pro")
    live.stripe(f"/products/{product['id']}", "POST", **{"metadata[plan]": "Pro "})
    checks = ("GL-07", "GL-12", "GL-13")
    assert {state(office, check) for check in checks} == {"fail"}
    before = {mode: wire.stripe("/products")["data"] for mode, wire in office.wires.items()}
    plan = office.program.ask("golive", *checks)
    assert (plan.code, plan.document["action"], plan.document["mode"]) == (0, "golive", "live")
    assert office.program.ask("golive", "--apply", *checks).code == 6
    assert {mode: wire.stripe("/products")["data"] for mode, wire in office.wires.items()} == before
    ran = office.program.ask("golive", "--apply", *checks, "--confirm", plan.document["confirm"])
    assert (ran.code, {step["state"] for step in ran.document["steps"]} - {"unchanged"}) == (0, {"verified"})
    assert {state(office, check) for check in checks} == {"pass"}
    assert office.wires["test"].stripe("/products")["data"] == before["test"]


def test_a_missing_endpoint_is_made(office: Office) -> None:
    live = office.wires["live"]
    held = live.stripe("/webhook_endpoints")["data"][0]
    live.stripe(f"/webhook_endpoints/{held['id']}", "DELETE")
    confirm = office.program.ask("golive", "GL-11").document["confirm"]
    assert office.program.ask("golive", "--apply", "GL-11", "--confirm", confirm).code == 0
    assert state(office, "GL-11") == "pass"


@pytest.mark.parametrize(("words", "code"), [(("--apply",), 2), (("GL-99",), 2), (("GL-12",), 6), (("GL-39",), 6)])
def test_what_cannot_be_mended_is_said(office: Office, words: tuple[str, ...], code: int) -> None:
    assert office.program.ask("golive", *words).code == code
