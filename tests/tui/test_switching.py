"""From test to live and back, again and again while the cache is being read: the one is closed before the other begins."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import httpx
import pytest
from textual import events

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.settings.config import load_config
from tests.cli.program import Json, keys_of
from tests.tui.window import Window, window

TIMES = 20


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=120, latency_ms=30, stages=()))
    yield running
    running.stop()


@pytest.fixture
def desk(sandbox: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileDesk:
    """A profile with keys for both modes, which may ask as often as it likes."""
    for name, value in keys_of(sandbox.ready).items():
        monkeypatch.setenv(name, value)
    config = tmp_path / "config.toml"
    text = Path(sandbox.ready["config"]).read_text(encoding="utf-8")
    limits = "stripe_requests_per_second = 1000\nstripe_reads_per_day = 100000"
    config.write_text(f"{text}\n[profiles.demo.limits]\n{limits}\n", encoding="utf-8")
    return ProfileDesk(load_config(config), Asked())


def connections(sandbox: RunningSandbox) -> set[str]:
    """The ends on our side of what is connected to the sandbox."""
    port = f":{int(sandbox.base.rpartition(':')[2]):04X}"
    rows = (line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:])
    return {row[1] for row in rows if row[2].endswith(port) and row[3] == "01"}


def at_once(screen: Window, *keys: str) -> None:
    """Presses keys quicker than anything can be answered."""
    for key in keys:
        screen.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_twenty_times_there_and_back_while_syncing(sandbox: RunningSandbox, desk: ProfileDesk) -> None:
    """The sync is always in the middle of a request that Stripe lets hang; keys that would start another are pressed too."""
    async with httpx.AsyncClient(trust_env=False) as client:
        hang = {"service": "stripe", "kind": "hang", "path_prefix": "/v1/subscriptions"}
        (await client.post(f"{sandbox.base}/_sandbox/outage", json=hang)).raise_for_status()
    async with window(desk) as screen:
        await screen.press("escape", "2")
        for here, there in [("test", "live"), ("live", "test")] * TIMES:
            at_once(screen, "ctrl+r")
            await screen.shows(f"Reading {here} from Stripe")
            old = connections(sandbox)
            assert old
            at_once(screen, "m", "ctrl+r", "ctrl+r")
            await screen.shows(f" {there.upper()} ", "Customers")
            assert not old & connections(sandbox)
    async with httpx.AsyncClient(trust_env=False) as client:
        seen: list[Json] = (await client.get(f"{sandbox.base}/_sandbox/requests")).json()
    modes = [one["mode"] for one in seen if one["service"] != "app" and not one["user_agent"].startswith("plainsong-app/")]
    assert [mode for mode, _ in groupby(modes)] == ["test", "live"] * TIMES + ["test"]
