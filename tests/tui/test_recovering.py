"""A recovery watched from the dashboard: how far it is, paused, gone on with, stopped, and told at the end."""

from itertools import islice

import pytest

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.sandbox.app_client import Wire, wires_of
from tests.tui.window import NARROW, WIDE, Window, window

CHANGES = 60


@pytest.fixture
def sandbox() -> RunningSandbox:
    """One where Stripe has given up already."""
    return start(SandboxOptions(customers=10, stages=(), retries=()))


def lost(sandbox: RunningSandbox, wire: Wire) -> list[str]:
    """So many events that the app refused, and now would take."""
    before = len(wire.account.table("event"))
    app = sandbox.world.app("test")
    app.faults.crash = True
    name = wire.stripe("/subscriptions", status="active", limit=1)["data"][0]["id"]
    for turn in range(CHANGES):
        wire.stripe(f"/subscriptions/{name}", "POST", **{"metadata[turn]": str(turn)})
    wire.control("/settle")
    app.faults.crash = False
    made = islice(wire.account.table("event"), before, None)
    return [row["id"] for row in made if row["type"] == "customer.subscription.updated"]


async def planned(screen: Window) -> None:
    await screen.press("escape", "5")
    await screen.shows("✓ enabled")
    await screen.press("ctrl+r")
    await screen.shows("Up to date", "STATE")
    await screen.press("G", "b")
    await screen.shows("TEST · recover", f"Recover {CHANGES} events", "It takes about", "Apply")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_it_is_paused_and_gone_on_with_and_stopped(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    with wires_of(sandbox) as wires:
        ids = lost(sandbox, wires["test"])
        async with window(desk, size) as screen:
            await planned(screen)
            await screen.press("tab", "enter")
            await screen.shows(f" of {CHANGES}", "space pause", "esc stop")
            await screen.press("space")
            await screen.shows("paused", "space go on")
            await screen.press("space")
            await screen.hides("paused")
            await screen.press("escape")
            await screen.shows("were not begun. The same again takes up what is left.")
            assert f"{len(wires['test'].ledger(ids))} of {CHANGES} events arrived" in screen.text
            await screen.press("escape")
            await screen.shows("STATE")
