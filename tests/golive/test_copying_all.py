"""Every kind of ware copied into live mode over a bad line, killed in the middle: it ends up the same, and nothing twice."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.changes.test_killed import started
from tests.cli.office import Office, opened
from tests.cli.program import Json
from tests.golive.bad_line import TROUBLES, bad_line
from tests.golive.wares import KINDS, empty, sent, sold, stocked

COPY = ("golive", "--copy", "--with", "coupons", "--timeout", "0.7")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


def copied(office: Office, *more: str) -> Json:
    document = office.program.ask(*COPY, *more).document
    return office.program.ask(*COPY, "--apply", "--confirm", document["confirm"], *more).document


def test_over_a_bad_line_and_killed_in_the_middle_live_becomes_what_test_is(office: Office, tmp_path: Path) -> None:
    stocked(office, products=3, prices=len(KINDS))
    confirm = office.program.ask(*COPY).document["confirm"]
    with bad_line(office.sandbox.base) as line:
        base = f'stripe_api_base = "{office.sandbox.base}"'
        config = ("--config", str(office.program.configured((base, base.replace(office.sandbox.base, line.base)))))
        run = started(office, tmp_path / "state", 17, *COPY, "--apply", "--confirm", confirm, *config)
        assert run.wait(60) == -signal.SIGKILL
        assert len(sold(office, "live")["products"]) > 0
        assert len(sold(office, "live")["prices"]) < len(KINDS)
        for _ in range(6):
            if _again(office, config).get("steps") == []:
                break
        assert set(line.troubles) == set(TROUBLES)
    assert sold(office, "live") == sold(office, "test")
    assert office.program.ask(*COPY).document["steps"] == []


def _again(office: Office, config: tuple[str, ...]) -> Json:
    """Until nothing is left to be made; a plan that could not be read is asked for again."""
    document = office.program.ask(*COPY, *config).document
    if document.get("steps"):
        office.program.ask(*COPY, "--apply", "--confirm", document["confirm"], *config)
    return document


def test_where_the_wire_is_cut_after_each_write_nothing_is_made_twice(office: Office) -> None:
    stocked(office, products=1, prices=6)
    confirm = office.program.ask(*COPY).document["confirm"]
    with office.outage("stripe", "lost", path_prefix="/v1/products", writes=True):
        office.program.ask(*COPY, "--apply", "--confirm", confirm)
    copied(office)
    assert sold(office, "live") == sold(office, "test")


def test_what_live_mode_has_otherwise_is_said_and_left(office: Office) -> None:
    stocked(office, products=2, prices=4)
    copied(office)
    live, test = office.wires["live"], office.wires["test"]
    product = test.stripe("/products")["data"][0]
    live.stripe(
        f"/products/{product['id']}", "POST", **sent({"name": "Renamed", "description": "", "metadata": {"plan": "Pro "}})
    )
    key = next(row["lookup_key"] for row in test.stripe("/prices")["data"] if row["lookup_key"])
    twin = live.stripe("/prices", **{"lookup_keys[0]": key})["data"][0]
    dearer = {
        "product": twin["product"],
        "currency": "usd",
        "unit_amount": 99999,
        "lookup_key": key,
        "transfer_lookup_key": "true",
    }
    live.stripe("/prices", "POST", **dearer)
    live.stripe(f"/prices/{twin['id']}", "POST", active="false")
    plan = office.program.ask(*COPY).document
    assert any("has another name and metadata.plan in live mode" in text for text in plan["warnings"])
    assert any("is $999.99 once" in text and "can't be changed" in text for text in plan["warnings"])
    changed = {step["field"] for step in plan["steps"]}
    assert changed <= {"description"}
    over = office.program.ask(*COPY, "--overwrite").document
    assert {step["field"] for step in over["steps"]} == changed | {"name", "metadata.plan"}
    assert {step["after"] for step in over["steps"] if step["field"] == "metadata.plan"} == {"pro"}


def test_prices_without_lookup_keys_are_known_again_by_all_they_ask(office: Office) -> None:
    empty(office.sandbox.world.stripe("live"))
    empty(office.sandbox.world.stripe("test"))
    test = office.wires["test"]
    product = test.stripe("/products", "POST", name="Twice")["id"]
    same = {"product": product, "currency": "usd", "unit_amount": "500"}
    for nickname in ("one", "two", "two"):
        test.stripe("/prices", "POST", **same, nickname=nickname)
    copied(office)
    assert sold(office, "live") == sold(office, "test")
    assert office.program.ask(*COPY).document["steps"] == []
    test.stripe("/prices", "POST", **same, nickname="three")
    copied(office)
    assert sold(office, "live") == sold(office, "test")


def test_products_made_by_hand_under_other_ids_stand_for_those_of_test(office: Office) -> None:
    stocked(office, products=1, prices=1)
    live = office.wires["live"]
    own = live.stripe("/products", "POST", name="Ware 0")["id"]
    copied(office)
    assert [row["id"] for row in live.stripe("/products")["data"]] == [own]
    assert [row["product"] for row in live.stripe("/prices")["data"]] == [own]
    offered = live.stripe("/billing_portal/configurations")["data"][0]["features"]["subscription_update"]["products"]
    assert [(one["product"], one["prices"]) for one in offered] == [(own, [live.stripe("/prices")["data"][0]["id"]])]


def test_a_missing_endpoint_is_made_with_what_tests_hears_and_its_secret_is_not_shown(office: Office) -> None:
    live, test = office.wires["live"], office.wires["test"]
    example = test.stripe("/webhook_endpoints")["data"][0]
    live.stripe(f"/webhook_endpoints/{live.stripe('/webhook_endpoints')['data'][0]['id']}", "DELETE")
    ran = office.program.ask("golive", "--copy", "--only", "endpoint")
    applied = office.program.ask("golive", "--copy", "--only", "endpoint", "--apply", "--confirm", ran.document["confirm"])
    made = live.stripe("/webhook_endpoints")["data"][0]
    assert (made["url"], made["enabled_events"]) == (live.webhook_url, sorted(example["enabled_events"]))
    assert made["api_version"] == example["api_version"]
    secret = live.account.endpoint_secrets[made["id"]]
    assert secret not in applied.out + applied.err
    assert office.program.ask("golive", "--copy", "--only", "endpoint").document["steps"] == []


@pytest.mark.parametrize(
    "words", [("--overwrite",), ("--with", "coupons"), ("--copy", "--only", "portal", "--without", "portal"), ("--copy", "GL-04")]
)
def test_what_makes_no_sense_is_said(office: Office, words: tuple[str, ...]) -> None:
    assert office.program.ask("golive", *words).code == 2


def test_the_journal_says_how_what_was_made_ended(office: Office) -> None:
    stocked(office, products=1, prices=2)
    copied(office)
    entry: Any = office.program.ask("audit").document["entries"][0]
    assert entry["outcome"] == "verified"
    assert not any(step["object"].startswith("new ") for step in entry["steps"])
