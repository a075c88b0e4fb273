"""Writing from the screens: cancelling, giving a plan, the drifted in bulk, and what the Audit screen tells and takes back."""

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.sandbox.stages import stage
from tests.tui.conftest import plans, victim
from tests.tui.window import NARROW, WIDE, Window, window

LENA = "lena@kornfeld.example"


async def planned(screen: Window, *texts: str) -> None:
    await screen.shows("Apply", *texts)


async def applied(screen: Window) -> None:
    await screen.press("tab", "enter")
    await screen.shows("verified")
    await screen.press("escape")


async def test_a_subscription_is_cancelled_and_its_end_taken_back(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.look_up(LENA)
        await screen.press("x")
        await screen.shows("When the paid period ends")
        await screen.press("p")
        await planned(screen, "TEST · cancellation", "cancel_at_period_end", "false", "true")
        await applied(screen)
        held = [row for row in sandbox.world.stripe("test").table("subscription") if row["cancel_at_period_end"]]
        assert len(held) == 1
        await screen.shows("live at")
        await screen.press("x")
        await screen.shows("Take the scheduled end back")
        await screen.press("u")
        await planned(screen)
        await applied(screen)
        assert held[0]["cancel_at_period_end"] is False


async def test_a_plan_is_given_for_a_reason(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.look_up("piet@vanderwal.example")
        await screen.press("plus")
        await screen.shows("give a plan", "Tier", "Until", "Reason")
        await screen.type("pro")
        await screen.press("enter")
        await screen.type("sorry")
        await screen.press("enter")
        await planned(screen, "planOverride.reason", "sorry")
        await screen.press("escape")
        users = sandbox.world.clerk("test").users.values()
        assert not [user for user in users if "planOverride" in user["private_metadata"]]


async def test_the_drifted_are_resynced_together(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    people = [stage(sandbox.world, "test", "PBF-080").email for _ in range(2)]
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "6")
        await screen.shows("Nobody was looked at yet.")
        await screen.press("ctrl+r")
        await screen.shows("3 people", "Clerk is behind: 2")
        await screen.press("j", "space", "space")
        await screen.shows("2 marked")
        await screen.press("r")
        await planned(screen, "Re-sync 2 people", *people)
        await screen.press("tab", "enter")
        await screen.shows("✓ Verified")
        await screen.press("escape")
        await screen.shows("1 person ")
        assert {plans(sandbox, email) for email in people} == {("pro", "pro")}


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_audit_tells_what_was_written_and_takes_it_back(
    sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]
) -> None:
    async with window(desk, size) as screen:
        await screen.press("escape", "8")
        await screen.shows("Nothing was written from this machine yet.")
        await screen.press("1", "slash")
        await screen.look_up(LENA)
        await screen.press("r")
        await planned(screen)
        await applied(screen)
        await screen.press("8")
        await screen.shows("the record is whole", "Re-sync", "✓ verified")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        await screen.press("enter")
        await screen.shows("Because", "Steps", "public_metadata.plan")
        await screen.press("escape", "u")
        await planned(screen, "Undo:")
        await applied(screen)
        await screen.shows("Undo: Re-sync")
        user = next(user for user in sandbox.world.clerk("test").users.values() if LENA in str(user["email_addresses"]))
        assert user["public_metadata"].get("plan", "free") == "free"


async def test_a_cancellation_reaches_every_layer_and_the_screen_shows_it_by_itself(
    sandbox: RunningSandbox, desk: DemoDesk
) -> None:
    """The webhook arrives, the app lowers the plan, and the ticket says so without a key being pressed."""
    sandbox.world.app("test").faults.wrong_secret = ""
    email = victim(sandbox, "PBF-099")
    async with window(desk, WIDE) as screen:
        await screen.look_up(email)
        await screen.shows("Clerk ✓ pro", "Database ✓ pro")
        await screen.press("x")
        await screen.shows("Now; nothing is given back")
        await screen.press("n")
        await planned(screen, "canceled", "there is none")
        await applied(screen)
        await screen.shows("Clerk ✓ free", "Database ✓ free")
        assert plans(sandbox, email) == ("free", "free")


async def test_a_mended_product_offers_the_resync_of_those_who_pay_for_it(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    email = stage(sandbox.world, "test", "PBF-032").email
    async with window(desk, WIDE) as screen:
        await screen.look_up(email)
        await screen.press("M")
        await planned(screen, "metadata.plan", "1 subscription of this product")
        await screen.press("tab", "enter")
        await screen.shows("✓ Verified")
        await screen.press("escape")
        await planned(screen, "Re-sync 1 person", email)
        await screen.press("tab", "enter")
        await screen.shows("✓ Verified")
        await screen.press("escape")
        await screen.shows("Clerk ✓ pro")
        assert plans(sandbox, email) == ("pro", "pro")
