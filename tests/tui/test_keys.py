"""Every key does what the footer and the help say, and none loses what was typed."""

from pathlib import Path
from typing import Any

from msgspec import structs

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.tui.actions import ACTIONS, available
from billing_tui.tui.live_lock import LiveLock
from billing_tui.workspace import Workspace
from tests.tui.conftest import plans, victim
from tests.tui.window import window


class ReadOnlyDesk(DemoDesk):
    """The demo as a profile with `read_only = true` opens it."""

    def open(self, mode: Mode) -> Workspace:
        room = super().open(mode)
        room.profile = structs.replace(room.profile, read_only=True)
        return room


class WatchedDesk(DemoDesk):
    """Remembers which rooms were closed."""

    def __init__(self, ready: dict[str, Any], state: Path) -> None:
        super().__init__(ready, state)
        self.closed: list[Mode] = []

    def open(self, mode: Mode) -> Workspace:
        room = super().open(mode)
        close = room.close

        async def watched() -> None:
            await close()
            self.closed.append(mode)

        room.close = watched  # type: ignore[method-assign]  # watched from outside, otherwise the real one
        return room


async def test_tickets_visited_can_be_walked(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    first, second = victim(sandbox, "PBF-054"), victim(sandbox, "PBF-001")
    async with window(desk) as screen:
        await screen.look_up(first)
        await screen.press("slash")
        await screen.shows("Last tickets", "PBF-054")
        await screen.look_up(second)
        await screen.shows(f" {second}", "PBF-001")
        await screen.press("left_square_bracket")
        await screen.shows(f" {first}", "PBF-054 · sure")
        await screen.press("right_square_bracket")
        await screen.shows(f" {second}", "PBF-001 ·")
        await screen.press("escape")
        await screen.shows("Last tickets", "The demo suggests")


async def test_each_tab_shows_its_layer(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, (120, 40)) as screen:
        await screen.look_up(victim(sandbox, "PBF-054"))
        await screen.shows("customer created")
        for shown in ("metadata.clerkUserId", "Our probes", "should be “pro”", "stripe_subscription_id", "Ruled out"):
            await screen.press("right")
            await screen.shows(shown)
        await screen.press("left")
        await screen.shows("stripe_subscription_id")


async def test_copy_takes_the_id_under_the_cursor_and_the_evidence(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk) as screen:
        await screen.look_up(victim(sandbox, "PBF-054"))
        await screen.press("tab", "right", "y")
        await screen.shows("✓ Copied cus_")
        assert screen.app.clipboard.startswith("cus_")
        await screen.press("c")
        await screen.shows("Markdown")
        assert screen.app.clipboard.startswith("## The app refuses")


async def test_the_palette_finds_every_command_by_name(desk: DemoDesk) -> None:
    async with window(desk, (120, 40)) as screen:
        await screen.press("ctrl+p")
        await screen.shows("every command", *(action.title for action in available("home", read_only=False) if action.key != ":"))
        await screen.type("names")
        await screen.press("enter")
        await screen.shows("Names and e-mails are masked.")


async def test_the_menu_says_why_something_cannot_be_done(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with window(ReadOnlyDesk(sandbox.ready, tmp_path)) as screen:
        await screen.look_up(victim(sandbox, "PBF-054"))
        await screen.press("a")
        await screen.shows("what can be done here", "this profile is read-only")


async def test_read_only_has_no_key_that_leads_to_a_write(sandbox: RunningSandbox, tmp_path: Path) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(ReadOnlyDesk(sandbox.ready, tmp_path)) as screen:
        await screen.look_up(lena)
        await screen.shows("read-only")
        await screen.press(*(action.keys.split(",")[0] for action in ACTIONS if action.dangerous))
        assert "re-sync plan" not in screen.text
        assert "r re-sync" not in screen.text
        assert plans(sandbox, lena) == ("free", "free")


async def test_switching_the_mode_closes_the_room(sandbox: RunningSandbox, tmp_path: Path) -> None:
    desk = WatchedDesk(sandbox.ready, tmp_path)
    async with window(desk) as screen:
        await screen.paste(victim(sandbox, "PBF-054"))
        await screen.press("enter", "m")
        await screen.shows(" LIVE ", "locked", "Paste an e-mail")
        assert desk.closed == ["test"]
        assert not [worker for worker in screen.app.workers if worker.group == "ticket"]
    assert desk.closed == ["test", "live"]


async def test_live_locks_itself_when_nobody_is_there(live_desk: DemoDesk) -> None:
    async with window(live_desk, lock=LiveLock(idle=0.5)) as screen:
        await screen.press("escape", "L")
        await screen.shows("unlocked")
        await screen.shows("locked again: 0.5 seconds without a key")
        assert "unlocked" not in screen.lines[0]


async def test_what_is_too_small_says_so(desk: DemoDesk) -> None:
    async with window(desk) as screen:
        await screen._pilot.resize_terminal(59, 15)
        await screen.shows("needs 60 columns and 16 rows")
        await screen._pilot.resize_terminal(60, 16)
        await screen.shows("Paste an e-mail")
