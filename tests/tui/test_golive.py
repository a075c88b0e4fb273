"""The Go-live screen: faults first, each with its evidence and its fix, looked at again on one key."""

import asyncio
from pathlib import Path

import httpx
import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.app import Faults
from billing_tui.sandbox.server import RunningSandbox
from tests.tui.window import NARROW, WIDE, Window, window


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


def bare(sandbox: RunningSandbox) -> None:
    """Live mode sells nothing, and tells the app nothing."""
    live = sandbox.world.stripe("live")
    for kind in ("price", "product", "webhook_endpoint", "billing_portal.configuration"):
        for row in list(live.table(kind)):
            live.table(kind).remove(row["id"])


async def confirmed(screen: Window) -> None:
    """Unlocks, types what the plan asks for, and closes it when it is through."""
    await screen.shows("Live writes are locked")
    await screen.press("L")
    await screen.shows("to write in live")
    asked = next(line for line in screen.lines if "to write in live" in line)
    await screen.type(asked.split("Type ")[1].split(" ")[0])
    await screen.press("enter")
    await screen.shows("verified", "Close")
    await screen.press("enter")


async def test_a_founder_with_test_mode_alone_copies_it_and_is_told_what_comes_next(
    sandbox: RunningSandbox, desk: DemoDesk
) -> None:
    bare(sandbox)
    async with window(desk, NARROW) as screen:
        await screen.press("escape", "7")
        await screen.shows("Next: C copies test mode's products", "GL-04", "GL-11")
        await screen.press("C")
        await screen.shows("Copy 4 products, 7 prices, 1 customer portal", "product Plainsong Pro")
        await screen.press("L")
        await screen.shows("to write in live")
        asked = next(line for line in screen.lines if "to write in live" in line)
        await screen.type(asked.split("Type ")[1].split(" ")[0])
        await screen.press("enter")
        await screen.shows("Its signing secret is in the memory of this demo", "Close")
        await screen.press("enter")
        await screen.shows("looked at", "Next: H shows how the app is given its live secret")
        await screen.press("H")
        await screen.shows("STRIPE_WEBHOOK_SECRET", "STRIPE_PRICE_PRO_MONTHLY", "keys pipe webhook_secret")
        secret = next(iter(sandbox.world.stripe("live").endpoint_secrets.values()))
        assert secret not in screen.text
    assert {row["name"] for row in sandbox.world.stripe("live").table("product")} >= {"Plainsong Pro", "Extra seat"}


async def test_a_check_is_fixed_on_one_key_and_the_room_is_locked_again(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    endpoint = next(iter(sandbox.world.stripe("live").table("webhook_endpoint")))
    endpoint["status"] = "disabled"
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("▸ ✗ fault     GL-12")
        await screen.press("f")
        await confirmed(screen)
        await screen.shows("looked at", "The endpoint is enabled.")
        await screen.press("C")
        await screen.shows("LIVE · copy catalogue")
    assert endpoint["status"] == "enabled"


async def test_what_cannot_be_fixed_from_here_says_what_to_do(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at", "▸ ✗ fault     GL-18")
        await screen.press("f")
        await screen.shows("GL-18 is not mended from here")


async def test_what_is_by_hand_is_looked_at_and_remembered(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at", "by hand   GL-02")
        await screen.press("j", "space")
        await screen.shows("✓ well      GL-02")
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("✓ well      GL-02")


def written_in(directory: Path) -> str:
    (path,) = directory.rglob("golive-demo-*.md")
    return path.read_text(encoding="utf-8")


async def test_a_report_is_written_on_one_key(sandbox: RunningSandbox, desk: DemoDesk, tmp_path: Path) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at")
        await screen.press("W")
        await screen.shows("a report to keep")
        await screen.press("enter")
        await screen.shows("Written to ")
    assert written_in(tmp_path).startswith("# Go-live of demo")


async def test_the_guided_run_stops_where_its_plan_is_left(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, NARROW) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at")
        await screen.press("T")
        await screen.shows("which takes everything off one purchase")
        await screen.press("escape")
        await screen.shows("✗ broken", "The plan was left, so nothing was written.")
    assert not any(row["id"].startswith("FIRST") for row in sandbox.world.stripe("live").table("coupon"))


async def test_the_guided_run_ticks_each_hop(sandbox: RunningSandbox, live_desk: DemoDesk) -> None:
    sandbox.world.app("live").faults = Faults()
    async with window(live_desk, WIDE) as screen:
        await screen.press("escape", "7")
        await screen.shows("looked at")
        await screen.press("T")
        await confirmed(screen)
        await screen.shows("Buy a plan in the app now", "/app/live/buy?code=FIRST")
        code = next(row["id"] for row in sandbox.world.stripe("live").table("coupon") if row["id"].startswith("FIRST"))
        await asyncio.to_thread(httpx.post, f"{sandbox.base}/app/live/buy", params={"code": code})
        await screen.shows("Open the customer portal, to see that it opens")
        await screen.press("escape")
        await screen.shows("Clerk has the tier", "✗ broken")
        states = [line for line in screen.lines if "✓ done" in line]
        assert len(states) == 6
        await screen.press("d")
        await screen.shows("live at", "cus_")
