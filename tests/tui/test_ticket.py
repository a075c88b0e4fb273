"""From a pasted e-mail to a verified fix, by keyboard alone."""

import httpx
import pytest

from billing_tui.cli.desks import DemoDesk
from billing_tui.diagnosis.replies import reply_to
from billing_tui.sandbox.server import RunningSandbox
from tests.tui.conftest import plans, victim
from tests.tui.window import NARROW, WIDE, window


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_paste_verdict_plan_verified(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(desk, size) as screen:
        await screen.type(lena)
        await screen.press("enter")
        await screen.shows("PBF-054 · sure", "Delivery ✗", "Clerk ✗ free", "✗ free", "▸ r")
        assert "so far" not in screen.text
        await screen.press("r")
        await screen.shows("TEST · re-sync plan", "[ Cancel ]", "public_metadata.plan", "Because")
        await screen.press("tab")
        await screen.shows("[ Apply")
        await screen.press("enter")
        await screen.shows("✓ Verified", "✓ verified", "[ Close ]")
        assert plans(sandbox, lena) == ("pro", "pro")
        await screen.press("enter")
        await screen.shows("Clerk ✓ pro", "live at")
        assert all(len(line) == size[0] for line in screen.lines)


async def test_enter_on_the_plan_writes_nothing(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(desk) as screen:
        await screen.look_up(lena)
        await screen.press("r")
        await screen.shows("[ Cancel ]", "Because")
        await screen.press("enter")
        await screen.hides("re-sync plan")
        assert plans(sandbox, lena) == ("free", "free")


async def test_live_asks_for_the_key_then_for_the_text(sandbox: RunningSandbox, live_desk: DemoDesk) -> None:
    karl = victim(sandbox, "PBF-054", "live")
    async with window(live_desk) as screen:
        await screen.look_up(karl)
        await screen.press("r")
        await screen.shows("LIVE · re-sync plan", "Live writes are locked", "┏")
        await screen.press("tab", "enter")
        await screen.hides("re-sync plan")
        await screen.press("L", "r")
        await screen.shows("to write in live", "unlocked", "[ Cancel ]")
        await screen.type("x")
        await screen.press("enter")
        await screen.shows("Type exactly")
        assert plans(sandbox, karl, "live") == ("free", "free")
        asked = screen.text.partition("Type exactly ")[2].split()[0]
        await screen.press("backspace")
        await screen.type(asked)
        await screen.press("enter")
        await screen.shows("✓ Verified")
        assert plans(sandbox, karl, "live") == ("pro", "pro")


async def test_a_reply_is_read_and_copied_where_nothing_is_to_be_mended(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk) as screen:
        await screen.look_up(victim(sandbox, "PBF-001"))
        await screen.press("s")
        await screen.shows("Hello,", "receipt number", "Kind regards", "y copy")
        await screen.press("y")
        await screen.shows("Copied Hello")
        assert screen.app.clipboard == reply_to("PBF-001")


async def test_no_reply_is_offered_for_what_we_have_to_mend(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk) as screen:
        await screen.look_up(victim(sandbox, "PBF-054"))
        await screen.press("s")
        await screen.shows("There is no reply ready")
        assert "Hello," not in screen.text


async def test_what_changed_since_the_plan_is_refused_in_words(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(desk) as screen:
        await screen.look_up(lena)
        await screen.press("r")
        await screen.shows("[ Cancel ]", "Because")
        user = sandbox.world.clerk("test").user_by_email(lena)
        assert user is not None
        user["public_metadata"]["plan"] = "starter"
        await screen.press("tab", "enter")
        await screen.shows("✗", "changed", "[ Close ]")
        assert plans(sandbox, lena) == ("starter", "free")


async def test_what_is_not_a_ticket_is_said_in_place(desk: DemoDesk) -> None:
    async with window(desk) as screen:
        await screen.type("what is this")
        await screen.press("enter")
        await screen.shows("✗", "what is this")
        await screen.press("escape", "slash")
        await screen.shows("›  what is this")


async def test_a_layer_that_is_down_is_named_and_the_rest_stays(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    outage = {"service": "clerk", "mode": "test", "kind": "500"}
    async with httpx.AsyncClient() as client:
        (await client.post(f"{sandbox.base}/_sandbox/outage", json=outage)).raise_for_status()
    async with window(desk, WIDE) as screen:
        await screen.look_up(victim(sandbox, "PBF-099"))
        await screen.shows("Clerk ?", "Database ✓ pro")
        await screen.press("right", "right", "right")
        await screen.shows("failed", "Clerk")
