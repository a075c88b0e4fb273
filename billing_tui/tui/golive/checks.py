"""What the Go-live screen shows: both modes looked at once, when one comes here, and again on ctrl+r."""

import asyncio
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from billing_tui.golive.checks import CHECKS
from billing_tui.golive.facts import Both, Side
from billing_tui.golive.host import ask_host
from billing_tui.model.golive import Checked
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.actions import Owner, Place, available, bindings
from billing_tui.tui.desk import Desk, Room
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.draw import ends, row
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.golive.drawing import MARKS, check_page, check_rows
from billing_tui.tui.golive.help import golive_help
from billing_tui.tui.theme import DIM, GOOD, INK
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rower, Rows
from billing_tui.tui.words import clock


class ChecksScreen(FramedScreen):
    """Every check with what it found; the other mode's room is opened for as long as looking takes."""

    DEFAULT_CSS = "ChecksScreen #checks { margin-top: 1; }"
    PLACE = "Go-live"
    BINDINGS = bindings("golive")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, desk: Desk) -> None:
        super().__init__(room.band())
        self._room, self._desk = room, desk
        self._found: tuple[Checked, ...] = ()
        self._both: Both | None = None

    def compose_body(self) -> ComposeResult:
        with Container(id="body"):
            yield Drawn(self._title, id="title")
            yield Rows(id="checks")

    def on_mount(self) -> None:
        self.action_check_again()
        self.query_one(Rows).focus(scroll_visible=False)

    @property
    def place(self) -> Place:
        return "golive"

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"golive": self}

    def help(self) -> Rower:
        return golive_help(read_only=self._room.profile.read_only)

    def hints(self) -> Iterable[Hint]:
        actions = available("golive", read_only=self._room.profile.read_only)
        return [("enter", "open"), *((each.key, each.label) for each in actions if each.label)]

    def set_privacy(self, on: bool) -> None:
        """Nobody's name stands here."""

    def _title(self, width: int) -> Content:
        at = self._both.at if self._both else None
        state = row((f"looked at {clock(at)}", GOOD)) if at else row(("looking at both modes …", DIM))
        return ends(row(("From test to live, without losing a payer", f"bold {INK}")), state, width)

    # Looking

    @work(exclusive=True, group="golive", exit_on_error=False)
    async def action_check_again(self) -> None:
        self._both = None
        self._draw()
        mode: Mode = "live" if self._room.profile.mode == "test" else "test"
        here, there, host = await asyncio.gather(_side(self._room), self._elsewhere(mode), ask_host(Path.cwd()))
        test, live = (here, there) if mode == "live" else (there, here)
        self._judge(Both(datetime.now().astimezone(), test, live, host))
        self.show_band(self._room.band())

    def _judge(self, both: Both) -> None:
        self._found = tuple(held.run(both) for held in CHECKS)
        self._both = both
        self._draw()

    async def _elsewhere(self, mode: Mode) -> Side | Problem:
        if mode not in self._desk.modes:
            return Problem(f"This profile has no keys for {mode} mode.")
        try:
            room = self._desk.open(mode)
        except Problem as problem:
            return problem
        try:
            return await _side(room)
        finally:
            await room.close()

    def _draw(self) -> None:
        found = self._found
        self.query_one("#title", Drawn).show(self._title)
        self.query_one(Rows).show(lambda width: check_rows(found, width) if found else (), keep=bool(found))

    # What the keys do

    @property
    def _here(self) -> Checked | None:
        current = self.query_one(Rows).current
        return next((held for held in self._found if current and held.id == current.names), None)

    @on(Rows.Chosen)
    def action_open_check(self) -> None:
        held = self._here
        if held:
            commands = held.fix.commands if held.fix else ()
            self.app.push_screen(
                Reader(MARKS[held.state].word, lambda width: check_page(held, width), "\n".join(commands)), self._copy
            )

    def action_copy_check(self) -> None:
        held = self._here
        if held:
            self._copy("\n".join(held.fix.commands) if held.fix and held.fix.commands else f"{held.id} {held.headline}")

    def _copy(self, text: str | None) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {text.splitlines()[0]}"))


async def _side(room: Room) -> Side | Problem:
    try:
        return await room.side()
    except Problem as problem:
        return problem
