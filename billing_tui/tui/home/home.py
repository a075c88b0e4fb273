"""The Tickets screen before there is a ticket.

The cache is asked in threads, and an answer to older text is dropped: no key waits for it.
"""

import asyncio
from dataclasses import replace

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from billing_tui.model.band import Example
from billing_tui.model.notice import Notice, Silence
from billing_tui.model.problem import Problem
from billing_tui.tui.desk import Room
from billing_tui.tui.draw import fit, row
from billing_tui.tui.frame.notice import Said, note_of
from billing_tui.tui.home.asking import TicketInput
from billing_tui.tui.home.drawing import NOTICE, Starts, starts
from billing_tui.tui.home.known import NOBODY, find
from billing_tui.tui.lists.base import CacheScreen
from billing_tui.tui.theme import DIM, LINK
from billing_tui.tui.visits import Visit
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rows

_ASK = "Paste an e-mail, a Stripe or Clerk id, a receipt or invoice number."
_PAUSE = 0.06
"""Seconds for somebody who types to go on before the cache is asked."""


class Home(Vertical):
    """The input, and under it whom the text may mean, what needs attention, and the last tickets of this window."""

    DEFAULT_CSS = """
    Home { height: 1fr; padding-top: 1; }
    Home > Drawn, Home > Horizontal { padding: 0 1; }
    Home > Horizontal { height: 1; margin: 1 0; }
    Home Input { width: 1fr; max-width: 76; height: 1; border: none; padding: 0 1; background: $panel; color: $ink; }
    Home Input:focus { border: none; background: $chosen; background-tint: $chosen 0%; }
    Home Input:ansi, Home Input:ansi:focus { background: ansi_default; text-style: underline; }
    Home .prompt { width: 2; max-width: 2; }
    """

    class Asked(Message):
        """Somebody wants this ticket opened."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, room: Room, examples: tuple[Example, ...]) -> None:
        super().__init__(id="home")
        self._room = room
        self._starts = Starts(examples=examples)

    def compose(self) -> ComposeResult:
        yield Drawn(lambda width: row((fit(_ASK, width), DIM)))
        with Horizontal():
            prompt = Drawn(lambda _width: row(("› ", f"bold {LINK}")))
            prompt.add_class("prompt")
            yield prompt
            asked = TicketInput(placeholder="lena@example.com", max_length=2000)
            asked.cursor_blink = False
            yield asked
        yield Rows(id="starts")

    # What is drawn

    def show(self, recent: tuple[Visit, ...], *, privacy: bool) -> None:
        """Draws the lists again."""
        self.query_one(Input).password = privacy
        self._draw(replace(self._starts, recent=recent, privacy=privacy))

    def _draw(self, held: Starts) -> None:
        self._starts = held
        rows = self.query_one(Rows)
        rows.show(lambda width: starts(held, width), keep=rows.has_focus)

    @work(group="concerns", exclusive=True, exit_on_error=False)
    async def read_again(self) -> None:
        """Asks the cache what needs attention now."""
        try:
            held = await asyncio.to_thread(self._room.attention)
        except Problem as problem:
            self.post_message(Said(note_of(problem)))
        else:
            self._draw(replace(self._starts, attention=held))

    @work(group="causes", exclusive=True, exit_on_error=False)
    async def read_causes(self) -> None:
        """Asks what the causes of tickets were."""
        trend = await asyncio.to_thread(self._room.trend)
        self._draw(replace(self._starts, trend=trend))

    @on(Input.Changed)
    def _on_typed(self, event: Input.Changed) -> None:
        event.stop()
        text = event.value.strip()
        if text:
            self._find(text)
        else:
            self._forget_found()

    @work(group="find", exclusive=True, exit_on_error=False)
    async def _find(self, text: str) -> None:
        await asyncio.sleep(_PAUSE)
        try:
            found = await asyncio.to_thread(lambda: find(self._room.shelf(), text))
        except Problem as problem:
            self.post_message(Said(note_of(problem)))
        else:
            self._draw(replace(self._starts, found=found))

    def _forget_found(self) -> None:
        self.workers.cancel_group(self, "find")
        if self._starts.found != NOBODY:
            self._draw(replace(self._starts, found=NOBODY))

    # Silencing what needs attention

    @property
    def under_cursor(self) -> Notice | None:
        """The notice under the cursor."""
        row = self.query_one(Rows).current
        return self._notice(row.names) if row else None

    def _notice(self, names: str) -> Notice | None:
        key = names.removeprefix(NOTICE) if names.startswith(NOTICE) else None
        return next((each for each in self._starts.attention.notices if each.key == key), None)

    def show_silent(self) -> None:
        """Shows what was silenced, or hides it again."""
        self._draw(replace(self._starts, silent=not self._starts.silent))

    @work(group="concerns", exit_on_error=False)
    async def silence(self, notice: Notice, how: Silence | None) -> None:
        """Remembers how a notice is silenced, or that it is no longer."""
        try:
            await asyncio.to_thread(self._room.silence, notice, how)
        except Problem as problem:
            self.post_message(Said(note_of(problem)))
        else:
            self.read_again()

    # Keys

    def take_keys(self) -> None:
        """Gives the keys to the input, with what is in it marked so that typing replaces it."""
        self.screen.set_focus(self.query_one(Input), scroll_visible=False)

    def take_list(self) -> None:
        """Gives the keys to the list."""
        self.screen.set_focus(self.query_one(Rows), scroll_visible=False)

    def leave_input(self) -> bool:
        """Gives the keys to the list; says whether the input had them."""
        typing = self.query_one(Input).has_focus
        if typing:
            self.take_list()
        return typing

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self._forget_found()
            self.post_message(self.Asked(event.value.strip()))

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        names = event.row.names
        notice = self._notice(names)
        if notice and notice.place:
            self.post_message(CacheScreen.RowsAsked(notice.place, notice.words))
        elif notice:
            self.post_message(self.Asked(notice.ticket))
        elif names:
            self.post_message(self.Asked(names))
