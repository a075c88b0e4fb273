"""Customers and Subscriptions over the cache: filled from Stripe, filtered, sorted, marked, walked through."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from msgspec import structs
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.tui.lists.screen import ListScreen
from billing_tui.workspace import Workspace
from tests.tui.conftest import victim
from tests.tui.test_hostile import NAME
from tests.tui.window import NARROW, WIDE, Window, window


class PlainDesk(DemoDesk):
    """The sandbox's account as any other profile has it: nothing is read unasked."""

    def open(self, mode: Mode) -> Workspace:
        room = super().open(mode)
        room.profile = structs.replace(room.profile, demo=False)
        return room


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=120, stages=("PBF-054", "PBF-099")))
    yield running
    running.stop()


async def opened(screen: Window, place: str) -> None:
    """Goes to a list and waits until the demo has filled it."""
    await screen.press("escape", place)
    await screen.shows("✓ Up to date", "from the cache of")


def cursor(screen: Window) -> str:
    """The line under the table's cursor."""
    return next(line for line in screen.lines if line.lstrip().startswith("▸"))


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_demo_fills_a_list_when_it_is_first_looked_at(desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await opened(screen, "3")
        await screen.shows("CUSTOMER", "PLAN", "STATUS", "AMOUNT", "lena@kornfeld", "● active", "$29.00 /mo", "newest first")
        await screen.press("2")
        await screen.shows("E-MAIL", "SINCE ▼", "lena@kornfeld")
        assert {cell_len(line) for line in screen.lines} == {size[0]}


async def test_elsewhere_an_empty_list_says_which_key_fills_it(sandbox: RunningSandbox, tmp_path: Path) -> None:
    async with window(PlainDesk(sandbox.ready, tmp_path)) as screen:
        await screen.press("escape", "2")
        await screen.shows("No customers yet", "ctrl+r to read it from Stripe")
        await screen.press("ctrl+r")
        await screen.shows("✓ Up to date", "lena@kornfeld")


async def test_esc_stops_the_reading_and_keeps_what_was_done(tmp_path: Path) -> None:
    slow = start(SandboxOptions(customers=20, latency_ms=200))
    try:
        async with window(PlainDesk(slow.ready, tmp_path)) as screen:
            await screen.press("escape", "2", "ctrl+r")
            await screen.shows("Reading test from Stripe", "esc stop")
            await screen.press("escape")
            await screen.shows("Stopped. What was read is kept")
            await screen.hides("Reading test from Stripe")
            await screen.press("ctrl+r")
            await screen.shows("✓ Up to date", "● active")
    finally:
        slow.stop()


async def test_filter_words_are_completed_and_looked_for(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "3")
        await screen.press("slash")
        await screen.type("st")
        await screen.shows("tab status:")
        await screen.press("tab")
        await screen.type("ca")
        await screen.shows("tab status:canceled")
        await screen.press("tab", "enter")
        await screen.shows(" of ", "– canceled")
        assert "● active" not in screen.text
        await screen.press("escape")
        await screen.shows("/ status:canceled")


async def test_a_word_that_makes_no_sense_is_named(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "3")
        await screen.press("slash")
        await screen.paste("status:sleeping")
        await screen.press("enter")
        await screen.shows("! There is no status “sleeping”", "lena@kornfeld")


async def test_the_cursor_stays_on_its_row_when_sorted(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "2")
        await screen.press("j", "j", "j")
        row = cursor(screen)
        await screen.press("s")
        await screen.shows("sorted by e-mail ▲")
        assert cursor(screen).split()[1] == row.split()[1]
        await screen.press("g")
        first = cursor(screen)
        await screen.press("s")
        await screen.shows("sorted by e-mail ▼")
        await screen.until(lambda: cursor(screen).split()[1] == first.split()[1], "the cursor on its row")
        await screen.press("G")
        assert cursor(screen).split()[1] == first.split()[1]


async def test_marked_rows_are_what_is_copied(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "2")
        await screen.press("space", "space", "s", "y")
        await screen.shows("2 marked", "Copied 2 ids")
        assert [line[:4] for line in screen.app.clipboard.splitlines()] == ["cus_", "cus_"]
        await screen.press("escape", "Y")
        await screen.shows("as JSON")
        assert json.loads(screen.app.clipboard)["id"].startswith("cus_")


async def test_the_pane_walks_to_what_belongs_to_a_row(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "2")
        await screen.press("slash")
        await screen.paste("lena@kornfeld.example")
        await screen.press("enter")
        await screen.shows("1 of ")
        await screen.press("enter")
        await screen.shows("clerkUserId", "Subscriptions", "checkout.session.completed")
        await screen.press("j", "j", "j", "j", "enter")
        await screen.shows("period end", "Items")
        await screen.press("y")
        assert screen.app.clipboard.startswith("sub_")
        await screen.press("escape")
        await screen.shows("clerkUserId", "since")
        await screen.press("escape")
        await screen.hides("clerkUserId")


async def test_d_diagnoses_whom_a_row_is_about(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "3")
        await screen.press("slash")
        await screen.paste("lena@kornfeld.example")
        await screen.press("enter")
        await screen.shows("1 of ")
        await screen.press("d")
        await screen.shows("lena@kornfeld.example", "PBF-054", "live at")
        await screen.press("3")
        await screen.shows("/ lena@kornfeld.example", "1 of ")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_hostile_names_stay_in_their_columns(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    for number, customer in enumerate(sandbox.world.stripe("test").table("customer")):
        if number % 2:
            customer["name"] = customer["email"] = NAME
    async with window(desk, size) as screen:
        for place in ("2", "3"):
            await screen.press("escape", place)
            await screen.shows("from the cache of", "ACME [/b] [red]ltd")
            assert {cell_len(line) for line in screen.lines} == {size[0]}
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", screen.text.replace("\n", ""))
            await screen.press("enter")
            await screen.shows("since")
            assert {cell_len(line) for line in screen.lines} == {size[0]}


async def test_privacy_masks_the_lists(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(desk, WIDE) as screen:
        await opened(screen, "2")
        await screen.shows(lena, "Lena Kornfeld")
        await screen.press("enter", "p")
        await screen.shows("l•••@k•••.example")
        assert not re.search("lena|kornfeld", screen.text, re.IGNORECASE), screen.text
        await screen.press("3")
        await screen.shows("l•••@k•••.example", "AMOUNT")
        assert not re.search("lena|kornfeld", screen.text, re.IGNORECASE), screen.text


async def test_what_stripe_deleted_leaves_the_list_when_it_is_read_again(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen, "2")
        before = cursor(screen).split()[1]
        await screen.press("y")
        gone = screen.app.clipboard
        await sandbox_delete(sandbox, gone)
        await screen.press("ctrl+r")
        await screen.until(lambda: cursor(screen).split()[1] != before, "the cursor on another row")
        assert before not in screen.text


async def sandbox_delete(sandbox: RunningSandbox, customer_id: str) -> None:
    """Deletes a customer as anybody would, over HTTP."""
    key = sandbox.ready["stripe"]["test_key"]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {key}"}) as client:
        (await client.delete(f"{sandbox.ready['stripe']['base']}/v1/customers/{customer_id}")).raise_for_status()


async def test_a_switch_of_mode_keeps_the_place_and_ends_the_reading(desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "3")
        await screen.shows("CUSTOMER")
        await screen.press("m")
        await screen.shows(" LIVE ", "CUSTOMER", "● active")
        current = screen.app.screen
        assert isinstance(current, ListScreen)
        assert [each for each in screen.app.screens() if isinstance(each, ListScreen)] == [current]


async def test_what_the_key_may_not_list_is_named_where_it_would_stand(sandbox: RunningSandbox, tmp_path: Path) -> None:
    stripe = sandbox.ready["stripe"]
    allowed = [f"{name}_read" for name in ("customer", "product", "plan", "event", "account")]
    asked = {"mode": "test", "permissions": allowed, "expired": False}
    async with httpx.AsyncClient() as http:
        made = (await http.post(f"{stripe['base']}/_sandbox/keys", json=asked)).json()
    ready = {**sandbox.ready, "stripe": {**stripe, "test_key": made["key"]}}
    async with window(PlainDesk(ready, tmp_path), WIDE) as screen:
        await screen.press("escape", "2", "ctrl+r")
        await screen.shows("lena@kornfeld", "Not read, for lack of a permission", "Subscriptions: Read")
        await screen.press("3")
        await screen.shows("Not read, for lack of a permission: subscriptions", "Developers, API keys")
        assert "has no subscriptions" not in screen.text
