"""The sandbox as a server: what it says when ready, its limits and delays, its outages, its log, its world."""

import json
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from billing_tui.sandbox.options import MODES, SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, SandboxError, start
from tests.peers.wire import Wire


@pytest.fixture
def quiet(controls: Wire) -> Iterator[None]:
    yield
    for service in ("stripe", "clerk", "app"):
        controls.ok("POST", "/outage", json={"service": service, "kind": None})


def test_the_ready_document_has_all_that_a_client_needs(shop: RunningSandbox) -> None:
    ready = shop.ready
    assert set(ready) == {"stripe", "clerk", "app", "config", "examples"}
    assert json.loads(json.dumps(ready)) == ready
    for mode in MODES:
        assert ready["stripe"][f"{mode}_key"].startswith(f"sk_{mode}_")
        assert ready["clerk"][f"{mode}_key"].startswith(f"sk_{mode}_")
        assert ready["app"]["webhook_secret"][mode].startswith("whsec_")
        assert ready["app"]["webhook_url"][mode] == f"{shop.base}/app/{mode}/webhook/stripe"
        assert Path(ready["app"]["database_url"][mode].removeprefix("sqlite:///")).is_file()


def test_the_configuration_names_every_place_and_no_secret(shop: RunningSandbox) -> None:
    text = Path(shop.ready["config"]).read_text()
    profile = tomllib.loads(text)["profiles"]["demo"]
    for mode in MODES:
        assert profile[mode]["stripe_api_base"] == shop.ready["stripe"]["base"]
        assert profile[mode]["clerk_api_base"] == shop.ready["clerk"]["base"]
        assert profile[mode]["webhook_url"] == shop.ready["app"]["webhook_url"][mode]
        assert profile[mode]["database"]["events_table"] == "processed_events"
        for secret in (shop.ready["stripe"][f"{mode}_key"], shop.ready["app"]["webhook_secret"][mode]):
            assert secret not in text


def test_the_database_has_the_columns_that_the_configuration_names(shop: RunningSandbox) -> None:
    table = tomllib.loads(Path(shop.ready["config"]).read_text())["profiles"]["demo"]["test"]["database"]
    world = shop.world
    user = next(iter(world.clerk("test").users))
    row = world.app("test").database.row(user)
    assert row is not None
    assert {value for name, value in table.items() if name.endswith("_column")} <= set(row)


def test_stripe_clerk_and_the_app_agree_on_everybody(shop: RunningSandbox) -> None:
    paid = 0
    for mode in MODES:
        account, clerk, app = shop.world.stripe(mode), shop.world.clerk(mode), shop.world.app(mode)
        for customer in list(account.table("customer")):
            user = clerk.users.get(customer["metadata"].get("clerkUserId", ""))
            if user is None:
                continue
            row = app.database.row(user["id"])
            assert row is not None
            assert row["plan"] == user["public_metadata"]["plan"], customer["email"]
            assert row["stripe_customer_id"] == customer["id"]
            paid += row["plan"] != "free"
    assert paid > 50


def test_the_same_seed_makes_the_same_people() -> None:
    def people(seed: int) -> list[tuple[str, str]]:
        running = start(SandboxOptions(customers=30, seed=seed, stages=()))
        rows = [(row["id"], row["email"]) for row in running.world.stripe("test").table("customer")]
        running.stop()
        return rows

    first = people(5)
    assert len(first) == 30
    assert people(5) == first
    assert people(6) != first


def test_the_demo_has_as_many_customers_as_asked_for_and_says_who_shows_what() -> None:
    running = start(SandboxOptions(customers=80))
    for mode in MODES:
        assert len(running.world.stripe(mode).table("customer")) == 80
    examples: list[dict[str, Any]] = running.ready["examples"]
    running.stop()
    assert {"email": "lena@kornfeld.example", "stages": "PBF-054", "mode": "test"} in examples
    assert len({one["stages"] for one in examples}) > 15
    assert not Path(running.ready["config"]).exists()


def test_the_limit_holds_and_says_why() -> None:
    running = start(SandboxOptions(customers=1, stages=(), rate_limit=5))
    wire = Wire(running.base, running.ready["stripe"]["test_key"])
    other = Wire(running.base, running.ready["stripe"]["live_key"])
    answers = [wire.send("GET", "/v1/balance") for _ in range(12)]
    free = other.send("GET", "/v1/balance")
    for each in (wire, other):
        each.close()
    running.stop()
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:5]] == [200] * 5
    assert len(refused) >= 5
    assert refused[0].headers["stripe-rate-limited-reason"] == "global-rate"
    assert refused[0].json()["error"]["code"] == "rate_limit"
    assert free.status_code == 200


def test_latency_is_added_to_every_answer() -> None:
    running = start(SandboxOptions(customers=1, stages=(), latency_ms=80))
    wire = Wire(running.base, running.ready["stripe"]["test_key"])
    before = time.monotonic()
    wire.get("/v1/balance")
    took = time.monotonic() - before
    wire.close()
    running.stop()
    assert took >= 0.08


def test_answers_come_at_once(stripe: Wire) -> None:
    """Forty milliseconds would mean that the kernel waits for acknowledgements."""
    stripe.get("/v1/balance")
    times = []
    for _ in range(20):
        before = time.monotonic()
        stripe.get("/v1/balance")
        times.append(time.monotonic() - before)
    assert sorted(times)[10] < 0.02


@pytest.mark.usefixtures("quiet")
@pytest.mark.parametrize(("kind", "status"), [("html", 502), ("500", 500), ("429", 429)])
def test_an_outage_answers_wrongly_where_it_is_told_to(
    stripe: Wire, stripe_live: Wire, controls: Wire, kind: str, status: int
) -> None:
    asked = {"service": "stripe", "mode": "test", "kind": kind, "path_prefix": "/v1/customers"}
    controls.ok("POST", "/outage", json=asked)
    assert stripe.send("GET", "/v1/customers").status_code == status
    assert stripe.send("GET", "/v1/balance").status_code == 200
    assert stripe_live.send("GET", "/v1/customers").status_code == 200


@pytest.mark.usefixtures("quiet")
def test_an_outage_can_cut_or_hold_the_line(stripe: Wire, controls: Wire) -> None:
    controls.ok("POST", "/outage", json={"service": "stripe", "kind": "reset"})
    with pytest.raises(httpx.ReadError):
        stripe.send("GET", "/v1/balance")
    controls.ok("POST", "/outage", json={"service": "stripe", "kind": "hang"})
    with pytest.raises(httpx.ReadTimeout):
        stripe._http.get("/v1/balance", timeout=0.2)
    controls.ok("POST", "/outage", json={"service": "stripe", "kind": None})
    assert stripe.send("GET", "/v1/balance").status_code == 200


def test_the_log_of_requests_tells_services_apart(stripe: Wire, controls: Wire, shop: RunningSandbox) -> None:
    controls.ok("DELETE", "/requests")
    stripe.get("/v1/customers", limit=3)
    clerk = Wire(shop.ready["clerk"]["base"], shop.ready["clerk"]["live_key"])
    clerk.get("/v1/users", limit=1)
    clerk.close()
    seen = controls.get("/requests")
    assert [(one["service"], one["method"], one["path"], one["query"], one["status"]) for one in seen] == [
        ("stripe", "GET", "/v1/customers", "limit=3", 200),
        ("clerk", "GET", "/clerk/v1/users", "limit=1", 200),
    ]
    assert seen[0]["started"] <= seen[0]["finished"] <= seen[1]["started"]


@pytest.mark.parametrize("asked", [{"rule": "PBF-000", "mode": "test"}, {"rule": "PBF-099", "mode": "dev"}])
def test_a_stage_that_does_not_exist_is_refused(controls: Wire, asked: dict[str, str]) -> None:
    assert controls.send("POST", "/stage", json=asked).status_code == 400


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "localhost", "example.org"])  # noqa: S104 - must be refused
def test_only_loopback_is_served(host: str) -> None:
    with pytest.raises(SandboxError, match="loopback"):
        start(SandboxOptions(customers=1, host=host))
