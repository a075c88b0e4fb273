"""A running sandbox without causes, shared by the tests of one process, and bare wires to its Stripe."""

from collections.abc import Iterator

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.peers.wire import Wire

CUSTOMERS = 60


@pytest.fixture(scope="session")
def shop() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=CUSTOMERS, seed=3, stages=()))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def stripe(shop: RunningSandbox) -> Iterator[Wire]:
    """Test mode, with the full key."""
    wire = Wire(shop.base, shop.ready["stripe"]["test_key"])
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def stripe_live(shop: RunningSandbox) -> Iterator[Wire]:
    """Live mode, with the full key."""
    wire = Wire(shop.base, shop.ready["stripe"]["live_key"])
    yield wire
    wire.close()


@pytest.fixture(scope="session")
def controls(shop: RunningSandbox) -> Iterator[Wire]:
    """Behind the scenes."""
    wire = Wire(f"{shop.base}/_sandbox", None)
    yield wire
    wire.close()
