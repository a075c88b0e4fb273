"""What a demo starts with, staging for somebody who is there already, and that a cause which ends lets events through."""

import time
from collections.abc import Iterator

import pytest

from billing_tui.sandbox.options import MODES, Mode, SandboxOptions
from billing_tui.sandbox.server import start
from billing_tui.sandbox.stages import default_stages
from billing_tui.sandbox.stages.endpoint import repair
from tests.sandbox.app_client import Wire, wires


@pytest.fixture(scope="module")
def both() -> Iterator[dict[Mode, Wire]]:
    with wires(customers=12) as both:
        yield both


def test_the_demo_shows_many_causes_at_once_and_names_them() -> None:
    sandbox = start(SandboxOptions(customers=5))
    try:
        examples = sandbox.ready["examples"]
        people = {(one["mode"], one["email"]) for one in examples}
        lena = sandbox.world.clerk("test").user_by_email("lena@kornfeld.example")
        assert {"email": "lena@kornfeld.example", "stages": "PBF-054", "mode": "test"} in examples
        assert {one["stages"] for one in examples if one["mode"] == "live"} >= {"PBF-058", "PBF-072", "PBF-099"}
        assert len(people) == len(examples)
        assert lena is not None
        for mode in MODES:
            assert sorted(one["stages"] for one in examples if one["mode"] == mode) == sorted(default_stages(mode))
            waiting = [e for e in sandbox.world.stripe(mode).table("event") if e["pending_webhooks"]]
            assert {e["type"] for e in waiting} == {"checkout.session.completed", "customer.subscription.created"}
            assert all(time.time() - e["created"] < 25 * 60 for e in waiting)
    finally:
        sandbox.stop()


def test_two_worlds_of_one_seed_are_told_alike() -> None:
    told = []
    for _ in range(2):
        sandbox = start(SandboxOptions(customers=0, seed=7))
        told.append((sandbox.ready["examples"], sandbox.ready["stripe"]["test_key"], sorted(sandbox.world.clerk("test").users)))
        sandbox.stop()
    assert told[0] == told[1]


def test_somebody_who_is_there_already_starts_over_under_the_same_account(both: dict[Mode, Wire]) -> None:
    wire = both["live"]
    before = wire.stage("PBF-099")
    again = wire.stage("PBF-001", before["email"])
    assert again["user_id"] == before["user_id"]
    assert again["customer_id"] is None
    assert wire.stripe("/customers", email=before["email"])["data"] == []
    assert wire.clerk(f"/users/{before['user_id']}")["public_metadata"]["plan"] == "free"
    assert wire.row(before["user_id"])["stripe_subscription_id"] is None
    seeded = next(iter(wire.account.table("customer")))["email"]
    assert wire.stage("PBF-080", seeded)["email"] == seeded


def test_an_unknown_address_gets_an_account(both: dict[Mode, Wire]) -> None:
    staged = both["test"].stage("PBF-099", "new.person@there.example")
    user = both["test"].clerk("/users", email_address="new.person@there.example")[0]
    assert (user["first_name"], user["last_name"]) == ("New", "Person")
    assert staged["user_id"] == user["id"]


@pytest.mark.parametrize("rule", ["PBF-054", "PBF-058", "PBF-060"])
def test_after_the_repair_a_resent_event_heals_the_person(both: dict[Mode, Wire], rule: str) -> None:
    wire = both["test"]
    staged = wire.stage(rule)
    endpoint = repair(wire.sandbox.world, "test")["id"]
    events = [e for e in wire.stripe("/events", limit=100)["data"] if e["pending_webhooks"]]
    mine = [e for e in events if e["data"]["object"].get("customer") == staged["customer_id"]]
    assert len(mine) == 2
    for event in mine:
        wire.stripe(f"/events/{event['id']}/retry", "POST", webhook_endpoint=endpoint)
    wire.control("/settle")
    assert [wire.stripe(f"/events/{e['id']}")["pending_webhooks"] for e in mine] == [0, 0]
    assert wire.clerk(f"/users/{staged['user_id']}")["public_metadata"]["plan"] == "pro"
    assert wire.row(staged["user_id"])["plan"] == "pro"


def test_what_happens_in_a_sound_world_reaches_the_app(both: dict[Mode, Wire]) -> None:
    wire = both["test"]
    repair(wire.sandbox.world, "test")
    staged = wire.stage("PBF-099")
    subscription = wire.row(staged["user_id"])["stripe_subscription_id"]
    wire.stripe(f"/subscriptions/{subscription}", "DELETE")
    wire.control("/settle")
    assert wire.row(staged["user_id"])["plan"] == "free"
    assert wire.clerk(f"/users/{staged['user_id']}")["public_metadata"]["plan"] == "free"
