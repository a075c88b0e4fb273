"""Events as they come: what was there first, then what happens, each once and in order; Ctrl-C ends it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.cli.office import Office

ROOT = Path(__file__).parents[2]


def test_what_happens_is_told_once_and_in_order(office: Office) -> None:
    office.stage("PBF-099")
    command = [sys.executable, "-m", "billing_tui", "tail", "--since", "2h", "--every", "1", "--json"]
    env = {**os.environ, **office.program.env}
    with subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        first = json.loads(running.stdout.readline())
        assert first["event"].startswith("evt_")
        before = office.wires["test"].stripe("/events", limit=100)["data"]
        told = [first["event"]]
        while told[-1] != before[0]["id"]:
            told.append(json.loads(running.stdout.readline())["event"])
        name = office.wires["test"].stripe("/subscriptions")["data"][0]["id"]
        office.wires["test"].stripe(f"/subscriptions/{name}", "POST", cancel_at_period_end="true")
        fresh = json.loads(running.stdout.readline())
        assert fresh["type"] == "customer.subscription.updated"
        assert len({*told, fresh["event"]}) == len(told) + 1
        running.send_signal(signal.SIGINT)
        try:
            assert running.wait(10) == 130
        finally:
            running.kill()
        assert running.stderr
        assert running.stderr.read().strip() == ""


def test_a_key_that_may_not_read_events_is_told_so(office: Office) -> None:
    ran = office.program.run("tail", "--every", "1", BILLING_TUI_TEST_STRIPE_KEY=office.key("rak_customer_read"))
    assert ran.code == 3
    assert "Events" in ran.err
