"""What a customer may have written: it is shown as text, in its column, and masked where that is wanted."""

import re

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.server import RunningSandbox
from tests.tui.conftest import victim
from tests.tui.window import NARROW, WIDE, window

NAME = "ACME [/b] [red]ltd \x1b]0;owned\x07\x1b[31m 株式会社くも שלום \u202e " + "x" * 10_000


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_hostile_name_stays_in_its_column(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    lena = victim(sandbox, "PBF-054")
    for customer in sandbox.world.stripe("test").table("customer"):
        customer["name"] = NAME
    async with window(desk, size) as screen:
        await screen.look_up(lena)
        for _ in range(6):
            assert {cell_len(line) for line in screen.lines} == {size[0]}
            assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", screen.text.replace("\n", ""))
            await screen.press("right")
        await screen.press("right")
        await screen.shows("ACME [/b] [red]ltd")


async def test_privacy_leaves_no_name_anywhere(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    lena = victim(sandbox, "PBF-054")
    async with window(desk, WIDE) as screen:
        await screen.look_up(lena)
        await screen.shows("lena@kornfeld.example")
        await screen.press("p")
        for _ in range(6):
            assert not re.search("lena|kornfeld", screen.text, re.IGNORECASE), screen.text
            await screen.press("right")
        await screen.press("r")
        await screen.shows("Because", "l•••@k•••.example")
        assert not re.search("lena|kornfeld", screen.text, re.IGNORECASE)
        await screen.press("escape", "c", "slash")
        assert not re.search("lena|kornfeld", screen.app.clipboard + screen.text, re.IGNORECASE), screen.text
