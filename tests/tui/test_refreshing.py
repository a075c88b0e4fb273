"""The cache keeps itself fresh while somebody looks: unasked only after the account was read once, and never for nobody."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from textual import events

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.tui.watching import Watch
from tests.cache.till import forget, requests
from tests.tui.hurried import HurriedDesk
from tests.tui.window import WIDE, Window, window


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=12, stages=("PBF-099",)))
    yield running
    running.stop()


@pytest.fixture
def desk(sandbox: RunningSandbox, tmp_path: Path) -> HurriedDesk:
    return HurriedDesk(sandbox.ready, tmp_path)


async def refreshed(screen: Window, desk: HurriedDesk, times: int = 3) -> None:
    """Waits until the room has refreshed itself so many times from now on."""
    room = desk.rooms[0]
    goal = room.refreshed + times
    await screen.until(lambda: room.refreshed >= goal, "a refresh")


async def filled(screen: Window) -> None:
    """Customers, read into the cache by the key for it."""
    await screen.press("escape", "2", "ctrl+r")
    await screen.shows("✓ Up to date", "from the cache of")


async def made(sandbox: RunningSandbox, email: str) -> None:
    """A customer who came while somebody looked."""
    stripe = sandbox.ready["stripe"]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {stripe['test_key']}"}) as client:
        (await client.post(f"{stripe['base']}/v1/customers", data={"email": email})).raise_for_status()


def listed(sandbox: RunningSandbox) -> list[str]:
    """What the tool read of the account, the band's own questions aside."""
    ours = (each for each in requests(sandbox) if not each["user_agent"].startswith("plainsong-app"))
    return [each["path"] for each in ours if each["path"] in {"/v1/customers", "/v1/subscriptions", "/v1/events"}]


async def test_an_empty_cache_is_not_filled_unasked(sandbox: RunningSandbox, desk: HurriedDesk) -> None:
    async with window(desk) as screen:
        await screen.press("escape", "2")
        await screen.shows("No customers yet")
        await refreshed(screen, desk)
        assert not listed(sandbox)
        assert "No customers yet" in screen.text


async def test_what_changed_appears_by_itself_and_the_cursor_stays(sandbox: RunningSandbox, desk: HurriedDesk) -> None:
    async with window(desk, WIDE) as screen:
        await filled(screen)
        await screen.press("j", "j")
        under = next(line for line in screen.lines if line.lstrip().startswith("▸")).split()[1]
        await made(sandbox, "newcomer@example.com")
        await screen.shows("newcomer@example.com")
        assert next(line for line in screen.lines if line.lstrip().startswith("▸")).split()[1] == under
        await screen.press("1")
        await screen.press("slash")
        await screen.type("newco")
        await screen.shows("▸ newcomer@example.com")


async def test_a_quiet_account_costs_one_request_each_time(sandbox: RunningSandbox, desk: HurriedDesk) -> None:
    async with window(desk) as screen:
        await filled(screen)
        await refreshed(screen, desk, 1)
        forget(sandbox)
        before = desk.rooms[0].refreshed
        await refreshed(screen, desk, 4)
        seen = listed(sandbox)
        assert set(seen) == {"/v1/events"}
        assert len(seen) <= desk.rooms[0].refreshed - before + 1


async def test_nothing_is_read_for_nobody_and_a_key_goes_on(sandbox: RunningSandbox, desk: HurriedDesk) -> None:
    async with window(desk) as screen:
        await filled(screen)
        room, asked = desk.rooms[0], list[float]()

        def nobody(unwatched: float) -> bool:
            asked.append(unwatched)
            return False

        room.looked_at = nobody
        await screen.until(lambda: bool(asked), "the question whether somebody looks")
        await made(sandbox, "newcomer@example.com")
        forget(sandbox)
        still = room.refreshed
        await screen.press("j")
        await screen.press("k")
        assert room.refreshed <= still + 1  # one may have been under way
        assert "newcomer" not in screen.text
        room.looked_at = lambda _unwatched: True
        await screen.press("j")
        await screen.shows("newcomer@example.com")


async def test_a_problem_is_told_once(sandbox: RunningSandbox, desk: HurriedDesk) -> None:
    async with window(desk, WIDE) as screen:
        await filled(screen)
        sandbox.world.stripe("test").secret_key = "sk_test_rolled"
        await screen.shows("! Not refreshed:")
        await screen.press("j")
        await screen.hides("Not refreshed")
        await refreshed(screen, desk)
        assert "Not refreshed" not in screen.text


def test_a_terminal_that_tells_its_focus_is_believed() -> None:
    now = [0.0]
    watch = Watch(lambda: now[0])
    now[0] = 100.0
    assert watch.unwatched == 100
    assert watch.heed(events.Key("j", "j"))
    assert watch.unwatched == 0
    watch.heed(events.AppFocus())
    now[0] = 5000.0
    assert watch.unwatched == 0
    assert not watch.heed(events.AppBlur())
    now[0] = 5900.0
    assert watch.unwatched == 900
    assert not watch.heed(events.Mount())
    assert watch.unwatched == 900
