"""Whatever Stripe does while the cache is read, every key is answered while it is still being read."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from msgspec import structs

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.workspace import Workspace
from tests.tui.window import WIDE, Window, window

READING = "Reading test from Stripe"


class ImpatientDesk(DemoDesk):
    """As any profile's, but that waits for no answer longer than a moment."""

    def open(self, mode: Mode) -> Workspace:
        """A room that gives a silent server up soon."""
        made = super().open(mode)
        profile = structs.replace(made.profile, demo=False)
        return Workspace(replace(made._openings, profile=profile, timeout=0.5), self._state)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=120, stages=("PBF-054",)))
    yield running
    running.stop()


async def trouble(sandbox: RunningSandbox, kind: str | None) -> None:
    """From now on subscriptions are answered badly, or well again."""
    outage = {"service": "stripe", "mode": "test", "kind": kind, "path_prefix": "/v1/subscriptions"}
    async with httpx.AsyncClient() as client:
        (await client.post(f"{sandbox.base}/_sandbox/outage", json=outage)).raise_for_status()


async def answered(screen: Window, key: str, *texts: str) -> None:
    """A key, and what it shows while the cache is still being read."""
    await screen.press(key)
    await screen.shows(*texts)
    assert READING in screen.text


@pytest.mark.parametrize("kind", ["429", "hang"])
async def test_keys_are_answered_while_stripe_is_in_trouble(sandbox: RunningSandbox, tmp_path: Path, kind: str) -> None:
    await trouble(sandbox, kind)
    async with window(ImpatientDesk(sandbox.ready, tmp_path), WIDE) as screen:
        await screen.press("escape", "2", "ctrl+r")
        await screen.shows(READING, "kornfeld")
        await screen.press("slash")
        for end in range(1, 5):
            await answered(screen, "lena"[end - 1], f"/ {'lena'[:end]}")
        await answered(screen, "enter", "lena@kornfeld.example")
        await answered(screen, "enter", "clerkUserId")
        await answered(screen, "j", "▸ e-mail")
        await screen.press("escape")
        await screen.shows("Stopped. What was read is kept")
        await trouble(sandbox, None)
        await screen.press("ctrl+r")
        await screen.shows("✓ Up to date")
