"""The Webhooks screen: endpoints and the log at once from the cache, what arrived since, and sending again."""

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.server import RunningSandbox
from tests.tui.conftest import plans, victim
from tests.tui.window import NARROW, WIDE, Window, window


async def opened(screen: Window) -> None:
    await screen.press("escape", "5")
    await screen.shows("✓ enabled", "last 24 h")
    await screen.press("ctrl+r")
    await screen.shows("Up to date", "STATE")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_endpoints_and_the_log_say_what_is_known(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await opened(screen)
        await screen.shows("… pending", "· not subscribed", "outstanding", "checkout.session.completed")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        await screen.press("slash")
        await screen.type("pending")
        await screen.press("colon", "greater_than_sign", "0", "enter")
        await screen.hides("not subscribed")


async def test_what_the_endpoint_lacks_stands_under_it(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    endpoint = next(iter(sandbox.world.stripe("test").table("webhook_endpoint")))
    endpoint["enabled_events"], endpoint["status"] = ["checkout.session.completed"], "disabled"
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "5")
        await screen.shows("✗ disabled", "! It is not sent customer.subscription.created")


async def test_an_event_is_sent_again_and_its_state_turns(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    sandbox.world.app("test").faults.wrong_secret = ""
    email = victim(sandbox, "PBF-054")
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.shows("2 outstanding")
        await screen.press("slash")
        await screen.type("pending")
        await screen.press("colon", "greater_than_sign", "0", "enter")
        await screen.hides("not subscribed")
        await screen.press("b")
        await screen.shows("Recover", "Apply")
        await screen.press("tab", "enter")
        await screen.shows("✓ Verified")
        await screen.press("escape")
        await screen.shows("outstanding")
    assert plans(sandbox, email)[0] in ("pro", "free")


async def test_the_probe_answers_are_called_our_own(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("P")
        await screen.shows("Our own requests, not deliveries: unsigned 400")


@pytest.mark.parametrize(
    ("state", "shown"), [("pending", "… pending"), ("delivered", "✓ delivered"), ("unsubscribed", "· not subscribed")]
)
async def test_a_state_can_be_asked_for_as_it_is_drawn(desk: DemoDesk, state: str, shown: str) -> None:
    others = {"… pending", "✓ delivered", "✗ failed", "· not subscribed", "? unknown"} - {shown}
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("slash")
        await screen.paste(f"state:{state}")
        await screen.press("enter")
        await screen.until(lambda: not any(other in screen.text for other in others), f"{shown} alone")
        assert shown in screen.text
