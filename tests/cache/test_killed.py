"""Killed at any moment, by whatever cannot be caught: the next start goes on, and ends with what one never killed has."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.cache.till import Till, requests, till_of

TIMES = 20
SLOWLY = 40
PATIENCE = 30.0


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=900, seed=11, stages=()))
    yield running
    running.stop()


def started(ready: Path, home: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.cache.syncing", ready, home, str(SLOWLY)])


def killed(sandbox: RunningSandbox, ready: Path, home: Path, after: int) -> bool:
    """Starts a sync and kills it once the server has seen so many of its requests; whether it was still at work."""
    seen = len(requests(sandbox))
    process = started(ready, home)
    deadline = time.monotonic() + PATIENCE
    while process.poll() is None and len(requests(sandbox)) < seen + after:
        assert time.monotonic() < deadline
    process.kill()
    return process.wait() < 0


async def test_killed_twenty_times_it_ends_as_if_never_killed(sandbox: RunningSandbox, tmp_path: Path) -> None:
    ready = tmp_path / "ready.json"
    ready.write_text(json.dumps(sandbox.ready))
    whole: Till = till_of(sandbox, tmp_path / "whole")
    all_at_once = await whole.sync()
    torn: Till = till_of(sandbox, tmp_path / "torn")
    chance = random.Random(4)
    hits = sum(killed(sandbox, ready, torn.home, chance.randint(1, 4)) for _ in range(TIMES))
    assert hits >= TIMES // 2  # the others had ended by then
    last = await torn.sync()
    assert last.kind in ("resumed", "incremental")
    assert last.requests <= all_at_once.requests // 2, "what was read before is not read again"
    torn.sound()
    assert torn.held() == whole.held()
