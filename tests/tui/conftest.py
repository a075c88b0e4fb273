"""A sandbox for each test, small and quick, and the demo's own desk over it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing outside the test's directory is read or written, and colours do not depend on who runs it."""
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("NO_COLOR", "SSH_CONNECTION", "SSH_TTY", "TEXTUAL_THEME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=3, stages=("PBF-054", "PBF-001", "PBF-099")))
    yield running
    running.stop()


@pytest.fixture
def desk(sandbox: RunningSandbox, tmp_path: Path) -> DemoDesk:
    return DemoDesk(sandbox.ready, tmp_path / "state")


@pytest.fixture
def live_desk(desk: DemoDesk) -> DemoDesk:
    desk.mode = "live"
    return desk


def victim(sandbox: RunningSandbox, rule: str, mode: Mode = "test") -> str:
    """Whom the sandbox has broken something for."""
    return next(str(each["email"]) for each in sandbox.ready["examples"] if (each["stages"], each["mode"]) == (rule, mode))


def plans(sandbox: RunningSandbox, email: str, mode: Mode = "test") -> tuple[object, object]:
    """The plan that Clerk and the database have, asked of the world itself."""
    user = sandbox.world.clerk(mode).user_by_email(email)
    assert user is not None
    url: str = sandbox.ready["app"]["database_url"][mode]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
        (plan,) = database.execute("SELECT plan FROM users WHERE id = ?", [user["id"]]).fetchone()
    return user["public_metadata"].get("plan"), plan
