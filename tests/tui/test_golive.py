"""The Go-live screen: faults first, each with its evidence and its fix, looked at again on one key."""

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.server import RunningSandbox
from tests.tui.window import NARROW, WIDE, window


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_every_check_says_what_it_found(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at", "fault", "by hand", "Blockers")
        assert {cell_len(line) for line in screen.lines} == {size[0]}


async def test_a_check_opens_with_its_evidence_and_the_command_to_copy(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at", "▸ ✗ fault     GL-18")
        await screen.press("enter")
        await screen.shows("Evidence", "What to do", "wrangler secret put STRIPE_WEBHOOK_SECRET")
        await screen.press("y")
        await screen.shows("Copied wrangler secret put STRIPE_WEBHOOK_SECRET")


async def test_what_was_mended_meanwhile_is_seen_on_looking_again(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    endpoint = next(iter(sandbox.world.stripe("live").table("webhook_endpoint")))
    endpoint["status"] = "disabled"
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("The endpoint is disabled.")
        endpoint["status"] = "enabled"
        await screen.press("ctrl+r")
        await screen.shows("looked at", "The endpoint is enabled.")


async def test_help_explains_the_signs(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at")
        await screen.press("question_mark")
        await screen.shows("nothing that can be read tells; look yourself", "Copy the commands of the fix")
