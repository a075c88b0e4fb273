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
from billing_tui.sandbox.stripe.account import ApiKey
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


async def hang(sandbox: RunningSandbox, prefix: str) -> None:
    """From now on Stripe takes these requests and answers none of them."""
    async with httpx.AsyncClient(trust_env=False) as client:
        outage = {"service": "stripe", "kind": "hang", "path_prefix": prefix}
        (await client.post(f"{sandbox.base}/_sandbox/outage", json=outage)).raise_for_status()


def at_once(screen: Window, *keys: str) -> None:
    """Presses keys quicker than anything can be answered."""
    for key in keys:
        screen.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_twenty_times_there_and_back_while_syncing(sandbox: RunningSandbox, desk: ProfileDesk) -> None:
    """The sync is always in the middle of a request that Stripe lets hang; keys that would start another are pressed too."""
    await hang(sandbox, "/v1/subscriptions")
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


async def test_another_profile_is_another_account_and_nothing_of_the_first_is_left(
    sandbox: RunningSandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told apart by their keys, since the sandbox is one account: the second has a restricted one, which a command prints."""
    desk, keys = two_profiles(sandbox, tmp_path, monkeypatch)
    async with httpx.AsyncClient(trust_env=False) as client:
        await client.post(
            f"{sandbox.base}/_sandbox/outage", json={"service": "stripe", "kind": "hang", "path_prefix": "/v1/events"}
        )
    async with window(desk) as screen:
        await screen.press("escape", "2")
        for name in ("acme", "demo"):
            at_once(screen, "ctrl+r")
            await screen.shows("Reading test from Stripe")
            old = connections(sandbox)
            await screen.press("at")
            await screen.shows("another profile", "open now")
            await screen.type(name)
            await screen.press("enter")
            await screen.until(lambda: screen.app._desk.profile_name == name, name)  # noqa: B023
            await screen.shows("Customers", "Clerk development")
            assert not old & connections(sandbox)
    async with httpx.AsyncClient(trust_env=False) as client:
        seen: list[Json] = (await client.get(f"{sandbox.base}/_sandbox/requests")).json()
    told = [one["key"] for one in seen if one["service"] == "stripe" and not one["user_agent"].startswith("plainsong-app/")]
    assert [key for key, _ in groupby(told)] == [*keys, keys[0]]


def two_profiles(sandbox: RunningSandbox, home: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ProfileDesk, tuple[str, str]]:
    """A desk at the first of two profiles, and the ends of their keys."""
    for name, value in keys_of(sandbox.ready).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("BILLING_TUI_TEST_STRIPE_KEY")
    first, second = str(sandbox.ready["stripe"]["test_key"]), f"rk_test_51{'r' * 30}"
    names = ("customer", "subscription", "product", "plan", "event", "webhook", "checkout_session")
    sandbox.world.stripe("test").keys[second] = ApiKey(second, frozenset(f"{name}_read" for name in names))
    text = Path(sandbox.ready["config"]).read_text(encoding="utf-8")
    tables = "".join(text.partition("[profiles")[1:])
    written = ""
    for name, key in (("demo", first), ("acme", second)):
        printing = f'secrets.stripe_key = {{ command = ["printf", "{key}"] }}'
        held = tables.replace("[profiles.demo", f"[profiles.{name}")
        written += held.replace(f"[profiles.{name}.test]", f"[profiles.{name}.test]\n{printing}")
    config = home / "config.toml"
    config.write_text(f'default_profile = "demo"\n{written}', encoding="utf-8")
    return ProfileDesk(load_config(config), Asked()), (first[-4:], second[-4:])
