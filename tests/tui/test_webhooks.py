"""The Webhooks screen: endpoints and the log at once from the cache, what arrived since, and sending again."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.cells import cell_len

from billing_tui.cli.desks import DemoDesk, ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.model.moment import from_unix
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.settings.config import load_config
from billing_tui.tui.words import stamp
from tests.cli.program import keys_of
from tests.tui.conftest import plans, victim
from tests.tui.window import NARROW, WIDE, Window, window


async def opened(screen: Window) -> None:
    await screen.press("escape", "5")
    await screen.shows("✓ enabled", "24 h", "last good")
    await screen.press("ctrl+r")
    await screen.shows("Up to date", "STATE")


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_endpoints_and_the_log_say_what_is_known(sandbox: RunningSandbox, desk: DemoDesk, size: tuple[int, int]) -> None:
    async with window(desk, size) as screen:
        await opened(screen)
        await screen.shows("… pending", "· not subscribed", "undelivered", "checkout.session.completed")
        assert {cell_len(line) for line in screen.lines} == {size[0]}
        await screen.press("slash")
        await screen.type("pending")
        await screen.press("colon", "greater_than_sign", "0", "enter")
        await screen.hides("not subscribed")


async def test_what_the_endpoint_lacks_stands_under_it(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    endpoint = next(iter(sandbox.world.stripe("test").table("webhook_endpoint")))
    endpoint["enabled_events"], endpoint["status"] = ["checkout.session.completed"], "disabled"
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "5")
        await screen.shows("✗ disabled", "! It is not sent customer.subscription.created")


async def test_an_event_is_sent_again_and_its_state_turns(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    sandbox.world.app("test").faults.wrong_secret = ""
    email = victim(sandbox, "PBF-054")
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.shows("2 undelivered")
        await screen.press("slash")
        await screen.type("pending")
        await screen.press("colon", "greater_than_sign", "0", "enter")
        await screen.hides("not subscribed")
        await screen.press("b")
        await screen.shows("Recover", "Apply")
        await screen.press("tab", "enter")
        await screen.shows("✓ Verified")
        await screen.press("escape")
        await screen.shows("undelivered")
    assert plans(sandbox, email)[0] in ("pro", "free")


async def test_the_probe_answers_are_called_our_own(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("P")
        await screen.shows("Our own requests, not deliveries: unsigned 400")


@pytest.mark.parametrize(
    ("state", "shown"), [("pending", "… pending"), ("delivered", "✓ delivered"), ("unsubscribed", "· not subscribed")]
)
async def test_a_state_can_be_asked_for_as_it_is_drawn(desk: DemoDesk, state: str, shown: str) -> None:
    others = {"… pending", "✓ delivered", "✗ failed", "· not subscribed", "? unknown"} - {shown}
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.press("slash")
        await screen.paste(f"state:{state}")
        await screen.press("enter")
        await screen.until(lambda: not any(other in screen.text for other in others), f"{shown} alone")
        assert shown in screen.text


async def test_an_endpoint_says_what_it_has_not_taken_and_when_it_last_did(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    account = sandbox.world.stripe("test")
    held = next(iter(account.table("customer")))
    account.emit("customer.subscription.updated", held, hearing="settled", at=account.now() - 50)
    account.emit("customer.subscription.updated", held, hearing="failed", at=account.now() - 40)
    good = stamp(from_unix(account.now() - 50), datetime.now(UTC))[:4]
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.shows(f"undelivered  last good {good}")
        assert "none undelivered" not in screen.text
        assert "perhaps" not in screen.text


async def test_of_two_endpoints_nobody_can_say_which_has_not_taken_an_event(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    account = sandbox.world.stripe("test")
    first = next(iter(account.table("webhook_endpoint")))
    second = {**first, "id": "we_1Second", "url": "https://other.example/hook"}
    account.add(second)
    event = account.emit("customer.subscription.updated", next(iter(account.table("customer"))), hearing="failed")
    event["pending_webhooks"] = 1
    async with window(desk, WIDE) as screen:
        await opened(screen)
        await screen.shows("none undelivered, 3 perhaps", "not the app's own address", "? unknown")


async def test_what_a_disabled_endpoint_last_took_is_known_from_the_ledger(sandbox: RunningSandbox, desk: DemoDesk) -> None:
    next(iter(sandbox.world.stripe("test").table("webhook_endpoint")))["status"] = "disabled"
    async with window(desk, WIDE) as screen:
        await screen.press("escape", "5")
        await screen.shows("✗ disabled", "2 undelivered", "as the app says", "the ledger", "✗ failed")


async def test_of_an_account_that_was_never_read_nothing_good_is_said(
    sandbox: RunningSandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in keys_of(sandbox.ready).items():
        monkeypatch.setenv(name, value)
    async with window(ProfileDesk(load_config(Path(sandbox.ready["config"])), Asked()), WIDE) as screen:
        await screen.press("escape", "5")
        await screen.shows("✓ enabled", "No events yet")
        await screen.hides("none undelivered")
        await screen.press("ctrl+r")
        await screen.shows("Up to date", "undelivered", "last good")
