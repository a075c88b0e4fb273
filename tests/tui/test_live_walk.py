"""In live mode nothing is written by keys alone: every action of the table is tried everywhere, and nothing that confirms."""

import httpx
import pytest

from billing_tui.cli.desks import DemoDesk
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.tui.actions import ACTIONS, Place
from tests.cli.office import Office
from tests.tui.conftest import victim
from tests.tui.window import WIDE, Window, window

LEAVING = {"session.quit", "session.mode", "session.profile", "copy.show"}
MASH = ("enter", "tab", "enter", "space", "y", "tab", "enter", "enter")
SCREENS: dict[Place, tuple[str, ...]] = {
    "home": ("1",),
    "ticket": (),
    "list": ("3",),
    "tiers": ("4",),
    "drift": ("6",),
    "golive": ("7",),
    "audit": ("8",),
}


def writes(sandbox: RunningSandbox) -> list[object]:
    """What reached Stripe or Clerk that was no reading, and was not the app's own."""
    seen = httpx.get(f"{sandbox.base}/_sandbox/requests", trust_env=False).json()
    return [
        one
        for one in seen
        if one["method"] not in ("GET", "HEAD")
        and one["service"] != "app"
        and not str(one["user_agent"]).startswith("plainsong-app/")
    ]


async def to(screen: Window, place: Place, email: str) -> None:
    await screen.press("escape")
    if place == "ticket":
        await screen.press("1", "slash")
        await screen.look_up(email)
    else:
        await screen.press(*SCREENS[place])


@pytest.mark.parametrize("place", SCREENS)
async def test_no_keys_short_of_the_typed_text_write_anything(sandbox: RunningSandbox, live_desk: DemoDesk, place: Place) -> None:
    email = victim(sandbox, "PBF-054", "live") if place == "ticket" else ""
    async with window(live_desk, WIDE) as screen:
        await screen.press("escape", "L")
        await screen.shows("Live writes are unlocked")
        await to(screen, place, email)
        for action in ACTIONS:
            everywhere = action.owner == "app" and place != "home"  # the same one there
            if place not in action.places or action.id in LEAVING or everywhere:
                continue
            await screen.press(action.keys.split(",")[0], *(MASH if action.dangerous else MASH[:1]))
            assert writes(sandbox) == [], action.id
            while len(screen.app.screen_stack) > 2:
                await screen.press("escape")
            if getattr(screen.app.screen, "place", "") != place:
                await to(screen, place, email)


@pytest.mark.parametrize(
    "command",
    [
        ("resync", "{email}"),
        ("cancel", "{subscription}", "--now"),
        ("relink", "{customer}", "{user}"),
        ("grant", "{email}", "pro", "--until", "2099-01-01", "--reason", "x"),
        ("fix", "product", "{product}", "--plan", "pro"),
        ("fix", "endpoint", "{endpoint}", "--disable"),
        ("fix", "endpoint", "--create", "--url", "http://127.0.0.1:1/x"),
        ("resend", "--undelivered", "--since", "2h"),
        ("recover", "--since", "2h"),
    ],
    ids=lambda command: " ".join(command[:2]),
)
def test_no_command_writes_in_live_without_the_text(office: Office, command: tuple[str, ...]) -> None:
    staged = office.stage("PBF-080", "live")
    wire = office.wires["live"]
    held = wire.stripe("/subscriptions", customer=staged["customer_id"])["data"][0]
    words = {
        "email": staged["email"],
        "customer": staged["customer_id"],
        "user": staged["user_id"],
        "subscription": held["id"],
        "product": held["items"]["data"][0]["price"]["product"],
        "endpoint": wire.stripe("/webhook_endpoints")["data"][0]["id"],
    }
    said = [word.format(**words) for word in command]
    office.forget()
    for confirm in ((), ("--confirm", ""), ("--confirm", "wrong")):
        ran = office.program.ask(*said, "--mode", "live", "--apply", *confirm)
        assert ran.code in (2, 6) or not any(step["state"] != "unchanged" for step in ran.document["steps"])
    assert office.writes() == []
