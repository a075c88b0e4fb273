"""A sandbox for each test, and a till on it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.cache.till import Till, till_of
from tests.peers.wire import Wire


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=150, seed=5, stages=()))
    yield running
    running.stop()


@pytest.fixture
def wire(sandbox: RunningSandbox) -> Iterator[Wire]:
    """Test mode's Stripe, as its owner's code would write to it."""
    wire = Wire(sandbox.base, sandbox.ready["stripe"]["test_key"])
    yield wire
    wire.close()


@pytest.fixture
def till(sandbox: RunningSandbox, tmp_path: Path) -> Till:
    return till_of(sandbox, tmp_path / "cache")
