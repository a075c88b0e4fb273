"""The Tickets screen before there is a ticket: whom the text may mean, and what needs attention, from the cache alone."""

import re
from collections.abc import Iterator

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from tests.cache.till import forget, requests
from tests.tui.test_hostile import NAME
from tests.tui.window import NARROW, WIDE, Window, window


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    running = start(SandboxOptions(customers=120, stages=("PBF-054", "PBF-099")))
    yield running
    running.stop()


@pytest.fixture
async def filled(desk: DemoDesk) -> DemoDesk:
    """A desk whose cache was filled by an earlier window."""
    room = desk.open("test")
    await room.sync()
    await room.close()
    return desk


async def matched(screen: Window, text: str) -> None:
    """Types, and waits for who is found."""
    await screen.type(text)
    await screen.shows("Customers  from the cache of")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_whom_the_text_may_mean_is_offered(sandbox: RunningSandbox, filled: DemoDesk, size: tuple[int, int]) -> None:
    async with window(filled, size) as screen:
        await screen.shows("Needs attention")
        await matched(screen, "kornfeld")
        await screen.shows("lena@kornfeld.example", "Lena Kornfe", "● active", "cus_")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        forget(sandbox)
        await screen.press("down", "enter")
        await screen.shows("PBF-054", "live at")
        assert any(one["path"].startswith("/v1/customers/cus_") for one in requests(sandbox))
        await screen.press("escape", "slash")
        await screen.shows("›  kornfeld", "▸ lena@kornfeld.example", "Needs attention")


async def test_whoever_is_called_so_comes_first(filled: DemoDesk) -> None:
    async with window(filled, WIDE) as screen:
        await matched(screen, "lena")
        await screen.shows("▸ lena@kornfeld.example")


async def test_enter_in_the_input_opens_what_was_typed(filled: DemoDesk) -> None:
    async with window(filled) as screen:
        await matched(screen, "kornfeld")
        await screen.press("enter")
        await screen.shows("✗", "kornfeld")
        await screen.press("escape")
        await screen.shows("Last tickets")
        assert "Customers  from" not in screen.text


async def test_an_answer_to_older_text_is_dropped(filled: DemoDesk) -> None:
    async with window(filled) as screen:
        await matched(screen, "lena")
        await screen.type("x")
        await screen.shows("No customer with this text")
        await screen.press(*["backspace"] * 5)
        await screen.hides("No customer with this text")
        await screen.press("l", "e", "backspace", "backspace")
        await screen.shows("Needs attention")
        assert "Customers  from" not in screen.text


async def test_an_empty_cache_offers_nothing(desk: DemoDesk) -> None:
    async with window(desk) as screen:
        before = screen.lines[8:]
        await screen.type("kornfeld")
        await screen.shows("›  kornfeld")
        home = screen.app.screen
        await screen.until(lambda: not [each for each in screen.app.workers if each.node in home.walk_children()], "an answer")
        assert screen.lines[8:-2] == before[:-2]


async def test_a_pasted_ticket_is_completed_too(filled: DemoDesk) -> None:
    async with window(filled) as screen:
        await screen.paste("Hello,\nI paid and I am still on free.\nlena@kornfeld.example\nLena")
        await screen.shows("›  lena@kornfeld.example", "Customers  from the cache of", "Lena Kornfe")


async def test_privacy_masks_who_is_offered(filled: DemoDesk) -> None:
    async with window(filled, WIDE) as screen:
        await screen.press("escape", "p", "slash")
        await matched(screen, "kornfeld")
        await screen.shows("l•••@k•••.example", "L•••", "›  ••••••••")
        assert not re.search("kornfeld", "\n".join(screen.lines[8:12]), re.IGNORECASE), screen.text


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_hostile_names_stay_in_their_columns(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    for customer in sandbox.world.stripe("test").table("customer"):
        customer["name"] = NAME
    room = desk.open("test")
    await room.sync()
    await room.close()
    async with window(desk, size) as screen:
        await matched(screen, "acme")
        await screen.shows("ACME [/b]")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", screen.text.replace("\n", ""))


async def test_what_needs_attention_leads_to_those_rows(filled: DemoDesk) -> None:
    async with window(filled, WIDE) as screen:
        await screen.shows("Needs attention  from the cache of", "subscriptions past due")
        line = next(line for line in screen.lines if "past due" in line)
        count = int(line.split("sub")[0].strip(" ▸"))
        await screen.press("escape", "g")
        while "past due" not in next(line for line in screen.lines if line.lstrip().startswith("▸")):
            await screen.press("j")
        await screen.press("enter")
        await screen.shows("/ status:past_due", f"{count} of ", "! past_due")


async def test_an_event_that_was_not_delivered_leads_to_its_ticket(filled: DemoDesk) -> None:
    async with window(filled, WIDE) as screen:
        await screen.shows("not delivered when read")
        await screen.press("escape", "g", "enter")
        await screen.shows("live at", "lena@kornfeld.example")


async def chosen(screen: Window, text: str) -> None:
    """Puts the cursor on the row with this text."""
    await screen.shows(text)
    await screen.press("escape", "g")
    while text not in next(line for line in screen.lines if line.lstrip().startswith("▸")):
        await screen.press("j")


async def test_a_notice_is_acknowledged_and_another_window_knows(filled: DemoDesk) -> None:
    async with window(filled, WIDE) as screen:
        await chosen(screen, "not delivered when read")
        await screen.press("n")
        await screen.shows("Acknowledged: silent until it changes or returns.", "1 acknowledged: H shows it.")
        assert "not delivered when read" not in screen.text
    async with window(filled, WIDE) as screen:
        await screen.shows("1 acknowledged: H shows it.")
        await screen.press("escape", "H")
        await chosen(screen, "not delivered when read")
        await screen.shows("acknowledged; ", "H hides it.")
        await screen.press("n")
        await screen.shows("It is heard again.")
        await screen.hides("acknowledged; ")


async def test_a_disabled_endpoint_is_noticed_and_leads_to_it(sandbox: RunningSandbox, filled: DemoDesk) -> None:
    next(iter(sandbox.world.stripe("test").table("webhook_endpoint")))["status"] = "disabled"
    async with window(filled, NARROW) as screen:
        await chosen(screen, "endpoint is disabled")
        await screen.press("i")
        await screen.shows("Ignored: silent for good", "1 ignored")
        await screen.press("H")
        await chosen(screen, "endpoint is disabled")
        await screen.press("i", "enter")
        await screen.shows("✗ disabled", "STATE")
