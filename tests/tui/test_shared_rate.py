"""Two dashboards and a sync on one account: together never more than the configured rate, as the server counts it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.cache.till import most_in_a_second, requests
from tests.cli.program import Program
from tests.tui.test_process import Terminal

RATE = 12
DASHBOARD = "from billing_tui.cli.main import main; main()"


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=400, stages=("PBF-054",)))
    yield running
    running.stop()


def test_two_dashboards_and_a_sync_share_one_rate(sandbox: RunningSandbox, tmp_path: Path) -> None:
    program = Program(tmp_path, sandbox)
    config = program.configured(("per_second = 1000", f"per_second = {RATE}"))
    env = {**os.environ, **program.env, "BILLING_TUI_CONFIG": str(config)}
    with ExitStack() as opened:
        tickets, customers = (opened.enter_context(closing(Terminal(DASHBOARD, env))) for _ in range(2))
        for terminal in (tickets, customers):
            terminal.until(b"Paste an e-mail")
        sync = subprocess.Popen([sys.executable, "-m", "billing_tui", "sync", "--full"], env=env, stdout=subprocess.DEVNULL)
        tickets.write(b"lena@kornfeld.example\r")
        customers.write(b"\x1b")
        customers.until(b"Tickets")
        assert customers.falls_still()
        customers.write(b"2\x12")
        tickets.until(b"live at")
        customers.until(b"Up to date")
        assert sync.wait(60) == 0
    seen = [one for one in requests(sandbox) if not one["user_agent"].startswith("plainsong-app")]
    assert len(seen) > 2 * RATE
    assert most_in_a_second(seen) <= RATE
    assert not [one for one in seen if one["status"] == 429]
