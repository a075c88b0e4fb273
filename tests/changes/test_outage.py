"""An outage of every kind and the recovery from it, killed twice: what should arrive is in the app's ledger once, nothing else.

So many events as $BILLING_TUI_OUTAGE_EVENTS says; they are sent again at the pace that the profile's limit allows.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import start
from tests.changes.test_killed import journal, started
from tests.cli.office import Office
from tests.cli.program import Program
from tests.sandbox.app_client import wires_of

EVENTS = int(os.environ.get("BILLING_TUI_OUTAGE_EVENTS", "40"))
KIND = "customer.subscription.updated"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """One where Stripe has given up already, so that what arrives has been sent again by us."""
    sandbox = start(SandboxOptions(customers=40, stages=(), answer_within=0.2, retries=()))
    with wires_of(sandbox) as wires:
        yield Office(sandbox, wires, Program(tmp_path, sandbox))


class Shop:
    """People whose subscriptions change, each change an event."""

    def __init__(self, office: Office) -> None:
        self.wire = office.wires["test"]
        self.app = office.sandbox.world.app("test")
        held = self.wire.stripe("/subscriptions", limit=100, status="active")["data"]
        self.subscriptions = [(one["id"], one["customer"]) for one in held]
        self.endpoint = self.wire.stripe("/webhook_endpoints")["data"][0]["id"]
        self._turn = 0

    def changes(self, count: int) -> set[str]:
        """So many events that the app should hear of, and as many again that it never subscribed to."""
        before = self._made()
        for _ in range(count):
            self._turn += 1
            name, customer = self.subscriptions[self._turn % len(self.subscriptions)]
            self.wire.stripe(f"/subscriptions/{name}", "POST", **{"metadata[turn]": str(self._turn)})
            self.wire.stripe(f"/customers/{customer}", "POST", description=str(self._turn))
        self.wire.control("/settle")
        return self._made() - before

    def _made(self) -> set[str]:
        return {row["id"] for row in self.wire.account.table("event") if row["type"] == KIND}

    def next_second(self) -> str:
        """The moment from which the outage is counted; Stripe's clock has whole seconds."""
        begun = int(time.time())
        while int(time.time()) == begun:
            self.wire.control("/settle")
        return rfc3339(from_unix(begun + 1))

    def disable(self, *, disabled: bool) -> None:
        self.wire.stripe(f"/webhook_endpoints/{self.endpoint}", "POST", disabled=str(disabled).lower())

    def outage(self, count: int) -> set[str]:
        """Errors, then no answers, then a disabled endpoint, then a wrong secret."""
        self.app.faults.crash = True
        made = self.changes(count * 2 // 5)
        self.app.faults.crash = False
        self.wire.control("/outage", service="app", kind="hang", mode="test")
        made |= self.changes(count // 20)
        self.wire.control("/outage", service="app", kind=None)
        self.disable(disabled=True)
        made |= self.changes(count // 4)
        self.disable(disabled=False)
        self.app.faults.wrong_secret = "whsec_of_another"
        made |= self.changes(count - len(made))
        self.app.faults.wrong_secret = ""
        return made

    def in_ledger(self) -> Counter[str]:
        connection = self.wire.ledger(list(self._made()))
        return Counter(row["event_id"] for row in connection)


def test_all_that_should_arrive_arrives_once_and_nothing_else(office: Office, tmp_path: Path) -> None:
    shop = Shop(office)
    shop.app.faults.crash = True
    earlier = shop.changes(3)
    shop.app.faults.crash = False
    since = shop.next_second()
    owed = shop.outage(EVENTS)
    assert len(owed) == EVENTS
    before = shop.in_ledger()
    assert not owed & before.keys()
    office.forget()
    state = tmp_path / "state"
    for _ in range(2):
        ended = started(office, state, EVENTS // 2, "recover", "--since", since, "--apply").wait(300)
        assert ended == -signal.SIGKILL
    taken = len(shop.in_ledger()) - len(before)
    assert 0 < taken < EVENTS
    ran = office.program.ask("recover", "--since", since, "--apply", XDG_STATE_HOME=str(state))
    assert ran.code == 0
    assert shop.in_ledger() == before + Counter(owed)
    assert not earlier & shop.in_ledger().keys()
    report = ran.document["report"]
    assert report["arrived"] + report["arrived_before"] == report["events"] == len(ran.document["steps"])
    assert (report["failures"], report["left"], report["people"]) == ({}, 0, 0)
    sent = Counter(one["path"] for one in office.writes())
    assert set(sent.values()) == {1}
    assert len(sent) == EVENTS
    assert journal(state / "billing-tui").broken_at() is None
    again = office.program.ask("recover", "--since", since, XDG_STATE_HOME=str(state))
    assert "has arrived" in again.document["refused"]


def test_an_app_that_is_still_broken_ends_it_while_most_is_unsent(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("billing_tui.changes.flight.PATIENCE", 0.5)
    shop = Shop(office)
    since = shop.next_second()
    shop.app.faults.crash = True
    owed = shop.changes(30)
    office.forget()
    ran = office.program.run("recover", "--since", since, "--apply")
    assert ran.code == 1
    assert "were not begun" in ran.out
    assert len(office.writes()) <= 3
    shop.app.faults.crash = False
    ran = office.program.run("recover", "--since", since, "--apply")
    assert (ran.code, f"{len(owed)} of {len(owed)} events arrived" in ran.out) == (0, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_between_two_events_and_the_report_says_so(office: Office, number: signal.Signals) -> None:
    shop = Shop(office)
    since = shop.next_second()
    shop.app.faults.crash = True
    owed = shop.changes(30)
    shop.app.faults.crash = False
    office.forget()
    script = Path(sys.executable).parent / "billing-tui"
    command = [str(script), "recover", "--since", since, "--apply", "--json"]
    with subprocess.Popen(command, env={**os.environ, **office.program.env}, stdout=subprocess.PIPE, text=True) as running:
        while len(office.writes()) < 5:
            assert running.poll() is None
        running.send_signal(number)
        said, _ = running.communicate(timeout=30)
    assert running.returncode == 1
    report = json.loads(said)["report"]
    assert report["arrived"] == len(shop.in_ledger().keys() & owed) == len(office.writes())
    assert report["arrived"] + report["left"] == report["events"] == 30
