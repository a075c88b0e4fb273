"""Makes the pictures of the README from the sandbox: `python screenshots/make.py`.

Needs the dependency group `screenshots` and the font DejaVu Sans Mono, which has every sign that the screens use.
"""

import asyncio
import os
import re
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

os.environ.pop("NO_COLOR", None)
os.environ["TEXTUAL_COLOR_SYSTEM"] = "truecolor"

import cairosvg
from textual.pilot import Pilot

from billing_tui.cli.desks import DemoDesk
from billing_tui.model.profile import Mode
from billing_tui.sandbox.server import start
from billing_tui.tui.app import Dashboard

HERE = Path(__file__).parent
CELL = 12.2
"""How wide Textual draws a cell."""
FONT, FONT_SIZE = "DejaVu Sans Mono", CELL / 0.602
SCALE = 18 / CELL
"""Cells come out as whole pixels, which keeps what stands side by side in its place."""


class Picture(NamedTuple):
    """A file's name, its size in cells, the mode, and the keys that lead there; after each key a text is waited for."""

    name: str
    size: tuple[int, int]
    mode: Mode
    keys: tuple[tuple[str, str], ...]


TICKET = (("escape", "enter open"), ("enter", "live at"))
PICTURES = (
    Picture("home-80x24", (80, 24), "test", (("", "Clerk development"),)),
    Picture("ticket-80x24", (80, 24), "test", TICKET),
    Picture("ticket-120x40", (120, 40), "test", TICKET),
    Picture("subscriptions-120x40", (120, 40), "test", (("escape", "enter open"), ("3", "from the cache of"))),
    Picture("tiers-120x40", (120, 40), "test", (("escape", "enter open"), ("4", "no plan"))),
    Picture("webhooks-120x40", (120, 40), "test", (("escape", "enter open"), ("5", "last good"), ("ctrl+r", "Up to date"))),
    Picture("drift-120x40", (120, 40), "test", (("escape", "enter open"), ("6", "Who pays"), ("ctrl+r", "is behind:"))),
    Picture("plan-80x24", (80, 24), "live", (*TICKET, ("L", "unlocked"), ("r", "to write in live"))),
)


def shown(app: Dashboard) -> str:
    """The text on the screen."""
    return "\n".join("".join(segment.text for segment in line) for line in app.screen._compositor.render_strips())


async def wait(pilot: Pilot[int], condition: Callable[[], bool]) -> None:
    """Until it is so, for half a minute at most."""
    deadline = monotonic() + 30
    while not condition():
        if monotonic() > deadline:
            raise TimeoutError(shown(pilot.app) if isinstance(pilot.app, Dashboard) else "")
        await pilot.pause()


async def draw(picture: Picture, state: Path) -> None:
    """One picture, from a sandbox of its own."""
    sandbox = start()
    try:
        desk = DemoDesk(sandbox.ready, state)
        desk.mode = picture.mode
        app = Dashboard(desk)
        async with app.run_test(size=picture.size) as pilot:
            await wait(pilot, lambda: "The demo suggests" in shown(app))
            for key, text in picture.keys:
                await pilot.press(*filter(None, [key]))
                await wait(pilot, lambda text=text: text in shown(app))  # type: ignore[misc]
            await pilot.pause()
            svg = app.export_screenshot(title=f"billing-tui {picture.size[0]}×{picture.size[1]}")
    finally:
        sandbox.stop()
    svg = (
        re.sub(r' textLength="[^"]*"', "", svg)
        .replace("Fira Code", FONT)
        .replace("font-size: 20px", f"font-size: {FONT_SIZE:.3f}px")
    )
    cairosvg.svg2png(bytestring=svg.encode(), write_to=str(HERE / f"{picture.name}.png"), scale=SCALE)
    print(f"{picture.name}.png")


def main() -> None:
    """All of them."""
    with TemporaryDirectory() as state:
        os.environ["XDG_STATE_HOME"] = state
        for picture in PICTURES:
            asyncio.run(draw(picture, Path(state)))


if __name__ == "__main__":
    main()
