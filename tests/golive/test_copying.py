"""The catalogue of test mode copied into live mode: what is lacking is made once, and a second run makes nothing."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.model.profile import Mode
from tests.changes.test_killed import started
from tests.cli.office import Office, opened
from tests.cli.program import Json, Ran

TERMS = ("product", "currency", "unit_amount", "lookup_key", "recurring", "metadata")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def bare(office: Office) -> None:
    """Live mode with nothing to sell."""
    live = office.sandbox.world.stripe("live")
    for kind in ("price", "product"):
        for row in list(live.table(kind)):
            live.table(kind).remove(row["id"])


def catalogue(office: Office, mode: Mode) -> tuple[dict[str, Json], list[Json]]:
    """Active products' metadata by id, and what active prices ask."""
    wire = office.wires[mode]
    products = {
        one["id"]: one["metadata"] | {"name": one["name"]} for one in wire.stripe("/products", limit=100, active="true")["data"]
    }
    prices = [{name: one[name] for name in TERMS} for one in wire.stripe("/prices", limit=100, active="true")["data"]]
    return products, sorted((one for one in prices if one["product"] in products), key=str)


def copied(office: Office) -> Ran:
    confirm = office.program.ask("golive", "--copy").document["confirm"]
    return office.program.ask("golive", "--copy", "--apply", "--confirm", confirm)


def test_live_mode_sells_what_test_mode_does_and_nothing_twice(office: Office) -> None:
    bare(office)
    ran = copied(office)
    assert (ran.code, {step["state"] for step in ran.document["steps"]}) == (0, {"verified"})
    assert catalogue(office, "live") == catalogue(office, "test")
    office.forget()
    again = copied(office)
    assert (again.code, again.document["steps"]) == (0, [])
    assert office.writes() == []


def test_killed_in_the_middle_it_is_taken_up_where_it_was(office: Office, tmp_path: Path) -> None:
    bare(office)
    confirm = office.program.ask("golive", "--copy").document["confirm"]
    run = started(office, tmp_path / "state", 7, "golive", "--copy", "--apply", "--confirm", confirm)
    assert run.wait(60) == -signal.SIGKILL
    ran = copied(office)
    assert ran.code == 0
    assert catalogue(office, "live") == catalogue(office, "test")


def test_what_is_on_sale_needs_no_copying(office: Office) -> None:
    ran = office.program.ask("golive", "GL-04")
    assert (ran.code, ran.document["error"]["code"]) == (6, "refused")
