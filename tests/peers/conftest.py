"""One running sandbox for each process of these tests, and the ways in: bare wires to its Stripe and its Clerk."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.peers.database_servers import MariaDb, Postgres, Server, mariadbd, owned_directory, postgres_tools
from tests.peers.far_side import Far, sshd
from tests.peers.wire import Wire

CUSTOMERS = 150  # more than one page of the largest size


@pytest.fixture(scope="session")
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=CUSTOMERS, seed=11))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def stripes(sandbox: RunningSandbox) -> Iterator[dict[str, Wire]]:
    """Stripe in both modes, with the full keys."""
    wires = {mode: Wire(sandbox.base, sandbox.ready["stripe"][f"{mode}_key"]) for mode in ("test", "live")}
    yield wires
    for wire in wires.values():
        wire.close()


@pytest.fixture
def stripe(stripes: dict[str, Wire]) -> Wire:
    """Stripe in test mode."""
    return stripes["test"]


@pytest.fixture(scope="session")
def clerk(sandbox: RunningSandbox) -> Iterator[Wire]:
    """Clerk's production instance, whose rate limit leaves room for tests."""
    wire = Wire(sandbox.ready["clerk"]["base"], sandbox.ready["clerk"]["live_key"])
    yield wire
    wire.close()


@pytest.fixture(scope="session", params=["postgresql", "mariadb"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A real server of either kind; skipped by name where it is not installed, which nothing may be in CI."""
    kind, owner, program = {
        "postgresql": (Postgres, "postgres", postgres_tools),
        "mariadb": (MariaDb, "mysql", mariadbd),
    }[request.param]
    try:
        program()
    except FileNotFoundError as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))
    with TemporaryDirectory(prefix="billing-tui-") as directory:  # pytest's own is closed to other users, and its path too long
        running = kind(owned_directory(Path(directory), owner))
        yield running
        running.stop()


@pytest.fixture
def far(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Far]:
    """A far machine with nothing on it; skipped by name where there is no sshd or tmux, which nothing may be in CI."""
    try:
        sshd()
    except FileNotFoundError as missing:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(str(missing))
    with TemporaryDirectory(prefix="billing-tui-", ignore_cleanup_errors=True) as directory:  # a keyring may still be leaving
        reached = Far(Path(directory))
        yield reached
        reached.stop()
