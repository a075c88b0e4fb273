"""The official Stripe CLI, unchanged, against the sandbox: what it says, and what it changed on the server."""

import json
from pathlib import Path
from typing import Any

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.peers.receiver import Delivery, receiving
from tests.peers.stripe_cli import Cli, stripe_cli
from tests.peers.wire import Wire

pytestmark = pytest.mark.peer


@pytest.fixture(scope="module")
def program() -> str:
    return stripe_cli()


@pytest.fixture
def cli(program: str, sandbox: RunningSandbox, tmp_path: Path) -> Cli:
    return Cli(program, sandbox.base, sandbox.ready["stripe"]["test_key"], tmp_path)


def test_it_lists_customers(cli: Cli, stripe: Wire) -> None:
    page = cli.run("customers", "list", "--limit", "3")
    assert page == stripe.get("/v1/customers", limit=3)
    after = cli.run("customers", "list", "--limit", "3", "--starting-after", page["data"][-1]["id"])
    assert len({row["id"] for row in [*page["data"], *after["data"]]}) == 6


def test_it_cancels_a_subscription(cli: Cli, stripe: Wire) -> None:
    key = stripe.get("/v1/subscriptions", status="active", limit=1)["data"][0]["id"]
    assert cli.run("subscriptions", "cancel", key, "--confirm")["status"] == "canceled"
    assert stripe.get(f"/v1/subscriptions/{key}")["status"] == "canceled"
    event = stripe.get("/v1/events", type="customer.subscription.deleted", limit=1)["data"][0]
    assert event["data"]["object"]["id"] == key


def test_it_resends_an_event(cli: Cli, stripe: Wire) -> None:
    with receiving() as receiver:
        form: dict[str, Any] = {"url": receiver.url, "enabled_events": ["customer.updated"]}
        endpoint = stripe.ok("POST", "/v1/webhook_endpoints", form)
        customer = stripe.get("/v1/customers", limit=1)["data"][0]
        stripe.ok("POST", f"/v1/customers/{customer['id']}", {"description": "to be sent twice"})
        event = stripe.get("/v1/events", type="customer.updated", limit=1)["data"][0]

        def is_it(delivery: Delivery) -> bool:
            return bool(json.loads(delivery.body)["id"] == event["id"])

        first = receiver.wait_for(is_it)
        assert cli.run("events", "resend", event["id"], f"--webhook-endpoint={endpoint['id']}")["id"] == event["id"]
        assert len(receiver.wait_for(is_it, len(first) + 1)) == len(first) + 1
        stripe.ok("DELETE", f"/v1/webhook_endpoints/{endpoint['id']}")


def test_it_is_told_what_is_wrong(program: str, sandbox: RunningSandbox, tmp_path: Path) -> None:
    stranger = Cli(program, sandbox.base, "sk_test_51nobody000000000000", tmp_path)
    with pytest.raises(AssertionError, match="Invalid API Key provided"):
        stranger.run("customers", "list")
