"""Each check that can be told: staged alone and found, staged with all others and found, and on a healthy pair never."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from billing_tui.golive.checks import CHECKS
from billing_tui.golive.checks.endpoint import USEFUL
from billing_tui.sandbox.options import MODES
from tests.cli.office import Office, opened
from tests.golive.breaking import FAULTS, Fault, Setting, endpoint

BY_HAND = {"GL-02", "GL-23", "GL-27", "GL-33", "GL-37", "GL-38", "GL-39", "GL-40", "GL-42", "GL-43", "GL-44"}
"""What only a person can tell; the names that the host knows are tried with the report."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("home")) as office:
        healthy(office)
        yield office


def healthy(office: Office) -> None:
    """A pair with nothing wrong in it, and somebody who pays."""
    held = endpoint(office)
    held["enabled_events"] = sorted({*held["enabled_events"], *USEFUL})
    live = office.wires["live"]
    live.http.post(f"{office.sandbox.base}/app/live/buy")
    live.control("/settle")


def world(office: Office) -> dict[str, str]:
    """Everything that a fix could touch, in both modes, by its id."""
    kinds = ("product", "price", "webhook_endpoint", "billing_portal.configuration", "coupon")
    return {
        ("" if mode == "live" else "test ") + row["id"]: json.dumps(row, sort_keys=True)
        for mode in MODES
        for kind in kinds
        for row in office.sandbox.world.stripe(mode).table(kind)
    }


def failing(office: Office, setting: Setting) -> set[str]:
    document = office.program.ask("golive", **setting).document
    return {held["id"] for held in document["checks"] if held["state"] == "fail"}


def test_every_check_is_staged_or_for_a_person() -> None:
    staged = {fault.name[:5] for fault in FAULTS}
    assert staged | BY_HAND == {held.id for held in CHECKS}
    assert len(CHECKS) == len({held.id for held in CHECKS}) == 45


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_staged_alone_it_is_found_and_nothing_else(office: Office, fault: Fault) -> None:
    with fault.breaks(office) as setting:
        found = failing(office, setting)
    # What can't be told without what is broken is not known, and not wrong.
    assert fault.name[:5] in found
    assert found <= fault.expected


def test_a_healthy_pair_has_nothing_wrong(office: Office) -> None:
    assert failing(office, {}) == set()


_TOGETHER = (
    *("GL-22 test", "GL-03 not activated", "GL-05 tax", "GL-08", "GL-12", "GL-13", "GL-18", "GL-26 no cancelling"),
    *("GL-28 nothing", "GL-29", "GL-34", "GL-35", "GL-41", "GL-45 metadata", "GL-16", "GL-21"),
)


def test_staged_all_at_once_each_is_found(office: Office) -> None:
    """Those that do not hide one another: an app behind a wall tells nothing of its signatures."""
    chosen = [next(fault for fault in FAULTS if fault.name == name) for name in _TOGETHER]
    with ExitStack() as held:
        setting: Setting = {}
        for fault in chosen:
            setting |= held.enter_context(fault.breaks(office))
        assert {fault.name[:5] for fault in chosen} <= failing(office, setting)
    assert failing(office, {}) == set()


_MENDED = (
    *("GL-04", "GL-07", "GL-11 none", "GL-11 nearly", "GL-12", "GL-13", "GL-14", "GL-15", "GL-22 twice", "GL-26 no cancelling"),
    *("GL-28 off", "GL-28 nothing", "GL-28 strange", "GL-34"),
)


@pytest.mark.parametrize("name", _MENDED)
def test_its_fix_mends_it_and_nothing_else(tmp_path: Path, name: str) -> None:
    fault = next(fault for fault in FAULTS if fault.name == name)
    with opened(tmp_path) as office:
        healthy(office)
        before = world(office)
        with fault.breaks(office) as setting:
            broken = world(office)
            ask = partial(office.program.ask, "golive", name[:5], **setting)
            plan = ask().document
            ran = ask("--apply", "--confirm", plan["confirm"])
            assert ran.code == 0, ran.out
            assert failing(office, setting) == set()
            touched = {step["object"] for step in ran.document["steps"] if step["state"] == "verified"}
            after = world(office)
        assert {key for key in broken.keys() | after.keys() if broken.get(key) != after.get(key)} <= touched
        assert {key for key in before if key.startswith("test ") and before[key] != after[key]} == set()


def test_a_check_that_lacks_a_permission_says_which(office: Office, tmp_path: Path) -> None:
    del tmp_path
    fault = next(fault for fault in FAULTS if fault.name == "GL-25")
    with fault.breaks(office) as setting:
        checks = {held["id"]: held for held in office.program.ask("golive", **setting).document["checks"]}
    assert checks["GL-12"]["state"] == "unknown"
    assert "Webhook Endpoints: Read" in checks["GL-12"]["fix"]["title"]
