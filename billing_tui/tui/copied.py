"""What was copied, on the bare terminal: to be selected by hand where nothing of it has reached the clipboard.

A terminal may refuse OSC 52, and tmux and screen may swallow it. On the bare terminal a selection has no frame in it and no
blanks at its ends, a long line is one line, and the mouse is the terminal's own.
"""

import asyncio
import os
import sys
from typing import Any

from textual.app import App, SuspendNotSupported

from billing_tui.model.problem import Refused
from billing_tui.model.text import clean

_BACK = "Enter goes back to billing-tui. "


async def show_to_select(app: App[Any], text: str) -> None:
    """Shows it until Enter is pressed. Raises `Refused` where there is no terminal to show it on."""
    try:
        with app.batch_update(), app.suspend():
            print("", *map(clean, text.splitlines()), "", _BACK, sep="\n", end="", flush=True)  # noqa: T201 - to the terminal
            await _enter()
    except SuspendNotSupported:
        raise Refused("It cannot be shown bare here.", "Select it where it is, with shift and the mouse.") from None


async def _enter() -> None:
    """Waits for a line, or for the end of the terminal, while everything else goes on."""
    loop, typed, keyboard = asyncio.get_running_loop(), asyncio.Event(), sys.stdin.fileno()
    loop.add_reader(keyboard, typed.set)
    try:
        await typed.wait()
        os.read(keyboard, 4096)  # a whole line, which is there by now
    finally:
        loop.remove_reader(keyboard)
