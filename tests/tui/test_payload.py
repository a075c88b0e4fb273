"""An event's payload as a tree: what changed by a word, folded and unfolded, hostile ones as text, and big ones at no cost."""

import re
from typing import Any

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk
from billing_tui.diagnosis.privacy import Mask
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.tui.webhooks.payload import MOST, Twig, roots, twigs
from tests.tui.window import NARROW, WIDE, Window, window

SEEN = Mask(False)
NASTY = "\x1b]0;owned\x07[red]x[/red]\u202e\x9b31m"


def grown(event: dict[str, Any]) -> list[Twig]:
    """What is within the object that an event is about."""
    return list(twigs(next(roots(event, SEEN)), SEEN))


def changed_event(now: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    return {"id": "evt_1", "type": "x", "data": {"object": now, "previous_attributes": before}}


def test_what_changed_comes_first_with_what_it_was() -> None:
    now = {"id": "sub_1", "items": {"data": [{"id": "si_1", "quantity": 2}]}, "status": "active"}
    before = {"status": "past_due", "items": {"data": [{"id": "si_1", "quantity": 1}]}, "trial_end": 7}
    status, items, gone, name = grown(changed_event(now, before))
    assert (status.name, status.text, status.was) == ("status", '"active"', '"past_due"')
    assert (gone.name, gone.text, gone.was) == ("trial_end", "gone", "7")
    assert (name.changed, items.changed, items.was) == (False, True, None)
    (data,) = twigs(items, SEEN)
    (first,) = twigs(data, SEEN)
    quantity, same = twigs(first, SEEN)
    assert (quantity.text, quantity.was, same.changed) == ("2", "1", False)


def test_a_hostile_payload_is_text_and_of_no_great_length() -> None:
    now = {NASTY: NASTY, "big": "y" * 1_000_000, "many": list(range(200_000)), **{f"k{place}": place for place in range(50_000)}}
    found = grown(
        changed_event(now, {NASTY: "\x1b[2J", "big": {"of": "another kind"}, **{f"gone{place}": 1 for place in range(50_000)}})
    )
    assert len(found) <= 2 * MOST + 1
    assert "are left out" in found[-1].text
    for twig in found:
        text = f"{twig.name}{twig.text}{twig.was}"
        assert text.isprintable()
        assert len(text) < 700
    assert all(each.text == "This event carries none." for each in list(roots({"data": [1]}, SEEN))[:1])


async def opened(screen: Window, sandbox: RunningSandbox, now: dict[str, Any], before: dict[str, Any]) -> None:
    """The payload of an event that has just come."""
    account = sandbox.world.stripe("test")
    account.emit("customer.subscription.updated", {"object": "subscription", "id": "sub_x", **now}, before, hearing="settled")
    await screen.press("escape", "5")
    await screen.shows("✓ enabled")
    await screen.press("ctrl+r")
    await screen.shows("Up to date", "STATE")
    await screen.press("g", "v")
    await screen.shows("customer.subscription.updated", "- deliveries")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_it_is_unfolded_and_folded_by_keys(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await opened(screen, sandbox, {"status": "active", "deep": {"er": {"still": 1}}}, {"status": "past_due"})
        await screen.shows('status  changed  "active"   was "past_due"', "+ deep", "- deliveries  delivered", "the official CLI")
        await screen.press(*"jjjjjjjjjhh")  # to what it is within, and that folded
        await screen.hides("was")
        await screen.press("l", "j", "j", "j", "j", "l", "j", "space")
        await screen.shows("was", "- er  1 value", "still  1")
        await screen.press("escape")
        await screen.shows("STATE")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_a_hostile_one_shows_safely(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    held = {NASTY: NASTY, "blob": "\x00\xff" * 1000, "big": "界" * 300_000, "list": [{"n": place} for place in range(5000)]}
    async with window(desk, size) as screen:
        await opened(screen, sandbox, held, {"big": NASTY})
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", screen.text.replace("\n", ""))
        assert "[red]x[/red]" in screen.text
