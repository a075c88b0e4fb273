"""`localstripe`, an independent Stripe of another's making, its API older and poorer: nothing is claimed that it does not say,
what the app's ledger holds is delivered, and nothing is written to what cannot say whose it is.
"""

import json
import os
import socket
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import httpx
import pytest

from tests.cli.program import Program
from tests.peers.receiver import PATIENCE, Receiver, receiving
from tests.peers.wire import NO_TLS

pytestmark = pytest.mark.peer
INSTALLED = sorted((Path(__file__).parents[2] / ".peers").glob("localstripe-*/bin/python"))
KEY = "sk_test_localstripe"
SERVES = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
CONFIG = """
default_profile = "acme"
[profiles.acme]
tiers = ["free", "pro"]
required_events = ["customer.created"]
[profiles.acme.test]
webhook_url = "{url}"
stripe_api_base = "{base}"
clerk_plan_field = ""
[profiles.acme.test.database]
table = "users"
events_table = "processed_events"
"""


@pytest.fixture(scope="module")
def python() -> str:
    named = os.environ.get("LOCALSTRIPE", str(INSTALLED[-1]) if INSTALLED else "")
    if Path(named).is_file():
        return named
    missing = "localstripe is not here: run .ci/peers, or set LOCALSTRIPE to the Python that has it"
    if os.environ.get("CI") == "true" and named != "missing":
        pytest.fail(missing)
    pytest.skip(missing)


@pytest.fixture
def base(python: str, tmp_path: Path) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    with subprocess.Popen([python, "-c", SERVES, str(port)], cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as running:
        try:
            yield _answering(f"http://127.0.0.1:{port}")
        finally:
            running.kill()


def _answering(base: str) -> str:
    deadline = monotonic() + PATIENCE
    while True:
        try:
            httpx.get(base, verify=NO_TLS)
        except httpx.TransportError:
            assert monotonic() < deadline, "localstripe does not answer"
        else:
            return base


@dataclass
class Shop:
    """An app whose Stripe is localstripe."""

    base: str
    program: Program
    receiver: Receiver
    ledger: Path

    def happens(self) -> str:
        """Somebody signs up; the id of the event, which has arrived."""
        seen = len(self.receiver.deliveries)
        form = {"email": "lena@kornfeld.example"}
        httpx.post(f"{self.base}/v1/customers", headers={"Authorization": f"Bearer {KEY}"}, data=form, verify=NO_TLS)
        arrived = self.receiver.wait_for(lambda _: True, seen + 1)[-1]
        return str(json.loads(arrived.body)["id"])

    def processes(self, event: str) -> None:
        with closing(sqlite3.connect(self.ledger)) as database:
            database.execute("insert into processed_events values (?, '2026-01-01T00:00:00Z')", [event])
            database.commit()

    def state(self, event: str) -> tuple[str, str]:
        """What is said of an event's delivery, and where that is known from."""
        ran = self.program.ask("deliveries", "--since", "1h")
        assert ran.code == 0
        (found,) = [one for one in ran.document["deliveries"] if one["event"] == event]
        assert found["attempts"] == []
        return found["state"], found["source"]


@pytest.fixture
def shop(base: str, tmp_path: Path) -> Iterator[Shop]:
    ledger, config = tmp_path / "app.db", tmp_path / "config.toml"
    with closing(sqlite3.connect(ledger)) as database:
        database.execute("create table users (id text primary key, plan text, stripe_customer_id text)")
        database.execute("create table processed_events (event_id text primary key, processed_at text)")
    with receiving() as receiver:
        hook: dict[str, Any] = {"url": receiver.url, "secret": "whsec_of_the_app"}
        httpx.post(f"{base}/_config/webhooks/app", json=hook, verify=NO_TLS)
        config.write_text(CONFIG.format(url=receiver.url, base=base), encoding="utf-8")
        program = Program(tmp_path)
        program.env |= {
            "BILLING_TUI_CONFIG": str(config),
            "BILLING_TUI_TEST_STRIPE_KEY": KEY,
            "BILLING_TUI_TEST_WEBHOOK_SECRET": "whsec_of_the_app",
            "BILLING_TUI_TEST_DATABASE_URL": f"sqlite:///{ledger}",
        }
        yield Shop(base, program, receiver, ledger)


def test_a_delivery_is_unknown_until_the_ledger_holds_it(shop: Shop) -> None:
    processed, other = shop.happens(), shop.happens()
    assert shop.state(processed) == shop.state(other) == ("unknown", "inferred")
    shop.processes(processed)
    assert shop.state(processed) == ("delivered", "ledger")
    assert shop.state(other) == ("unknown", "inferred")


def test_nothing_is_sent_to_what_cannot_say_whose_it_is(shop: Shop) -> None:
    event = shop.happens()
    for words in (("resend", event), ("resend", event, "--via", "direct"), ("recover", "--since", "1h")):
        ran = shop.program.ask(*words, "--apply")
        assert (ran.code, ran.document["error"]["code"]) == (5, "unreadable")
        assert "Traceback" not in ran.err
    assert len(shop.receiver.deliveries) == 1
