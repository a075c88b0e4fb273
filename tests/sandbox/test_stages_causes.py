"""Every stage, read over the wire alone: it shows its own cause, and none of those that lie further upstream."""

from collections.abc import Iterator

import pytest

from billing_tui.sandbox.options import MODES, Mode, SandboxOptions
from billing_tui.sandbox.server import start
from tests.sandbox.app_client import Wire, wires, wires_of
from tests.sandbox.stage_checks import CHECKS, check_upstream
from tests.sandbox.stage_reader import look


@pytest.fixture(scope="module")
def both() -> Iterator[dict[Mode, Wire]]:
    with wires() as both:
        yield both


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("rule", sorted(CHECKS))
def test_a_stage_shows_its_cause_and_nothing_upstream(both: dict[Mode, Wire], mode: Mode, rule: str) -> None:
    staged = both[mode].stage(rule)
    seen = look(both[mode], staged["email"])
    assert (staged["rule"], staged["mode"], staged["user_id"]) == (rule, mode, seen.user["id"])
    assert staged["customer_id"] in {None, *(c["id"] for c in seen.customers)}
    check_upstream(seen, rule)
    CHECKS[rule](seen)


@pytest.mark.parametrize(
    ("rule", "status"),
    [
        ("PBF-053", 500),
        ("PBF-054", 400),
        ("PBF-055", 400),
        ("PBF-056", 404),
        ("PBF-057", 403),
        ("PBF-058", 308),
        ("PBF-059", 404),
        ("PBF-060", 500),
    ],
)
def test_a_broken_host_was_really_asked(both: dict[Mode, Wire], rule: str, status: int) -> None:
    wire = both["live"]
    wire.http.delete(f"{wire.sandbox.base}/_sandbox/requests")
    wire.stage(rule)
    seen = [one for one in wire.http.get(f"{wire.sandbox.base}/_sandbox/requests").json() if one["service"] == "app"]
    assert {one["status"] for one in seen if one["user_agent"].startswith("Stripe/")} == {status}


def test_every_example_of_the_demo_shows_its_cause() -> None:
    sandbox = start(SandboxOptions(customers=40))
    with wires_of(sandbox) as both:
        for one in sandbox.ready["examples"]:
            if one["stages"] in CHECKS:
                seen = look(both[one["mode"]], one["email"])
                check_upstream(seen, one["stages"])
                CHECKS[one["stages"]](seen)
