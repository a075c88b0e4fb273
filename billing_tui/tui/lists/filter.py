"""The filter above a list: what is typed, and what the word under the cursor may become."""

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import Suggester
from textual.widgets import Input

from billing_tui.cache.filters import keys_of
from billing_tui.cache.rows import Kind
from billing_tui.cache.shelf import Shelf
from billing_tui.model.problem import Problem
from billing_tui.tui.draw import row
from billing_tui.tui.theme import DIM, LINK
from billing_tui.tui.widgets.drawn import Drawn


def split(value: str) -> tuple[str, str]:
    """What stands before the last word, and that word."""
    head, blank, word = value.rpartition(" ")
    return head + blank, word


def meant(value: str, kind: Kind) -> str:
    """What of it can be looked for while it is being typed: a last word that may yet become a column's name waits."""
    before, word = split(value)
    begun = word and (word.endswith(":") or any(key.startswith(word.lower()) for key in keys_of(kind)))
    return before.strip() if begun else value.strip()


class Completing(Suggester):
    """Asks the cache, in a thread, what the last word may become."""

    def __init__(self, shelf: Shelf, kind: Kind) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._shelf, self._kind = shelf, kind

    async def words(self, value: str) -> list[str]:
        """The words that the last one may become; none where the cache cannot be read, which the rows will say."""
        word = split(value)[1]
        try:
            return await asyncio.to_thread(self._shelf.complete, self._kind, word) if word else []
        except Problem:
            return []

    async def get_suggestion(self, value: str) -> str | None:
        before, word = split(value)
        return next((before + whole for whole in await self.words(value) if whole.startswith(word)), None)


class FilterInput(Input):
    """One line. Tab takes what is suggested; the arrow down and enter lead to the list."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "take", "Complete", show=False),
        Binding("down", "submit", "To the list", show=False),
    ]

    def action_take(self) -> None:
        """Takes the suggestion; without one, goes on to the list."""
        if self._suggestion and self._suggestion != self.value:
            self.value = self._suggestion
            self.cursor_position = len(self.value)
        else:
            self.post_message(self.Submitted(self, self.value))


class FilterLine(Horizontal):
    """`/` and what is typed after it."""

    DEFAULT_CSS = """
    FilterLine { height: 1; }
    FilterLine > Drawn { width: 2; max-width: 2; }
    FilterLine > Input { width: 1fr; height: 1; border: none; padding: 0; background: $background; color: $ink; }
    FilterLine > Input:focus { border: none; background: $background; background-tint: $background 0%; }
    FilterLine > Input > .input--suggestion { color: $grey; }
    FilterLine > Input > .input--placeholder { color: $grey; }
    """

    @dataclass
    class Changed(Message):
        """Other words; what the last one may become is said separately, when the cache has answered."""

        words: str

    @dataclass
    class Offered(Message):
        """What the last word may become."""

        words: list[str]

    class Left(Message):
        """The keys go back to the list, and every word is meant as it stands."""

    def __init__(self, shelf: Shelf, kind: Kind, example: str, words: str = "") -> None:
        super().__init__()
        self._begun = words
        self._kind = kind
        self._completing = Completing(shelf, kind)
        self._example = example

    def compose(self) -> ComposeResult:
        yield Drawn(lambda _width: row(("/ ", f"bold {LINK}" if self.typing else DIM)))
        asked = FilterInput(
            self._begun, placeholder=self._example, suggester=self._completing, max_length=500, select_on_focus=False
        )
        asked.cursor_blink = False
        yield asked

    @property
    def typing(self) -> bool:
        """Whether the keys are here."""
        return self.is_mounted and self.query_one(FilterInput).has_focus

    @property
    def words(self) -> str:
        """What is typed."""
        return self.query_one(FilterInput).value

    def say(self, words: str) -> None:
        """Other words, as if they had been typed."""
        self.query_one(FilterInput).value = words

    def veil(self, on: bool) -> None:
        """What is typed may be somebody's name."""
        self.query_one(FilterInput).password = on

    def take_keys(self) -> None:
        """Gives the keys to the input."""
        self.screen.set_focus(self.query_one(FilterInput), scroll_visible=False)

    @on(Input.Changed)
    def _on_changed(self, event: Input.Changed) -> None:
        event.stop()
        words = meant(event.value, self._kind) if self.typing else event.value
        self.post_message(self.Changed(words))
        self.run_worker(self._offer(event.value), group="offer", exclusive=True, exit_on_error=False)

    async def _offer(self, value: str) -> None:
        self.post_message(self.Offered(await self._completing.words(value)))

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(self.Left())
