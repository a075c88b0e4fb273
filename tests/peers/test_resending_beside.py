"""The official Stripe CLI resending while this tool recovers: each event is processed once, and every state is as it is."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import start
from tests.cli.office import Office
from tests.cli.program import Program
from tests.peers.stripe_cli import Cli, stripe_cli
from tests.sandbox.app_client import Wire, wires_of

pytestmark = pytest.mark.peer
EVENTS = 6


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    sandbox = start(SandboxOptions(customers=10, stages=(), retries=()))
    with wires_of(sandbox) as wires:
        yield Office(sandbox, wires, Program(tmp_path, sandbox))


@pytest.fixture
def cli(office: Office, tmp_path: Path) -> Cli:
    return Cli(stripe_cli(), office.sandbox.base, office.sandbox.ready["stripe"]["test_key"], tmp_path)


def outage(office: Office) -> list[str]:
    """Events that the app refused, and would take now."""
    wire, app = office.wires["test"], office.sandbox.world.app("test")
    name = wire.stripe("/subscriptions", status="active", limit=1)["data"][0]["id"]
    app.faults.crash = True
    for turn in range(EVENTS):
        wire.stripe(f"/subscriptions/{name}", "POST", **{"metadata[turn]": str(turn)})
    wire.control("/settle")
    app.faults.crash = False
    return [one["id"] for one in wire.stripe("/events", limit=EVENTS, delivery_success="false")["data"]]


def processed(wire: Wire, events: list[str]) -> Counter[str]:
    return Counter(row["event_id"] for row in wire.ledger(events))


def states(office: Office, events: list[str]) -> Counter[str]:
    log = office.program.ask("deliveries", "--since", "1h").document["deliveries"]
    return Counter(one["state"] for one in log if one["event"] in events)


def test_what_the_cli_has_resent_is_not_sent_again(office: Office, cli: Cli) -> None:
    wire = office.wires["test"]
    events, endpoint = outage(office), wire.stripe("/webhook_endpoints")["data"][0]["id"]
    assert states(office, events) == {"pending": EVENTS}
    plan = office.program.ask("recover", "--since", "1h").document
    assert plan["title"].startswith(f"Recover {EVENTS} events")
    for event in events[:2]:
        cli.run("events", "resend", event, f"--webhook-endpoint={endpoint}")
    wire.control("/settle")
    assert states(office, events) == {"pending": EVENTS - 2, "delivered": 2}
    office.forget()
    ran = office.program.ask("apply", plan["plan_id"])
    report = ran.document["report"]
    assert (ran.code, report["arrived"], report["arrived_before"]) == (0, EVENTS - 2, 2)
    assert {one["path"].split("/")[3] for one in office.writes()} == set(events[2:])
    assert processed(wire, events) == dict.fromkeys(events, 1)
    assert states(office, events) == {"delivered": EVENTS}


def test_the_cli_resending_afterwards_changes_no_state(office: Office, cli: Cli) -> None:
    wire = office.wires["test"]
    events, endpoint = outage(office), wire.stripe("/webhook_endpoints")["data"][0]["id"]
    assert office.program.ask("recover", "--since", "1h", "--apply").code == 0
    cli.run("events", "resend", events[0], f"--webhook-endpoint={endpoint}")
    wire.control("/settle")
    assert processed(wire, events) == dict.fromkeys(events, 1)
    assert states(office, events) == {"delivered": EVENTS}
