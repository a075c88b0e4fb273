"""A list of commands to choose from: the palette with its filter, and the menu of what can be done here."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import Piece, fold, indented, lines
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.theme import ATTENTION, DIM, GREY, INK, LINK
from billing_tui.tui.ticket.table import Line, said, table
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Row, Rows


@dataclass(frozen=True)
class Choice:
    """One entry. `why_not` greys it and says the reason; `value` is the answer."""

    value: str
    key: str
    label: str
    group: str = ""
    why_not: str = ""


class Chooser(Dialog[str]):
    """Answers with the value chosen, or None. With `filtered` one can type a part of the name."""

    DEFAULT_CSS = """
    Chooser Input { height: 1; border: none; padding: 0 1; background: $panel; margin-bottom: 1; }
    Chooser Input:focus { border: none; background: $panel; background-tint: $panel 0%; }
    Chooser Rows { height: auto; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "rows('move(1)')", "Down", show=False, priority=True),
        Binding("up", "rows('move(-1)')", "Up", show=False, priority=True),
        Binding("pagedown", "rows('page(1)')", "Page down", show=False, priority=True),
        Binding("pageup", "rows('page(-1)')", "Page up", show=False, priority=True),
    ]

    def __init__(self, title: str, choices: Iterable[Choice], *, filtered: bool = False) -> None:
        super().__init__(title)
        self._choices = tuple(choices)
        self._shown = self._choices
        self._filtered = filtered

    def compose_box(self) -> ComposeResult:
        if self._filtered:
            asked = Input(placeholder="a part of the name")
            asked.cursor_blink = False
            yield asked
        yield Rows(self._rows)
        yield Drawn(id="why")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "do it"), ("↑ ↓", "move"), ("esc", "close")]

    def _rows(self, width: int) -> tuple[Row, ...]:
        if not self._shown:
            return tuple(Row(each.content, stops=False) for each in said("Nothing has this name.", width))
        room = 40 if any(each.why_not for each in self._choices) else 26
        return tuple(
            table([_line(number, each) for number, each in enumerate(self._shown)], width, caps=(7, max(width - room, 30)))
        )

    async def action_rows(self, action: str) -> None:
        await self.query_one(Rows).run_action(action)

    def on_input_changed(self, event: Input.Changed) -> None:
        words = event.value.casefold().split()
        self._shown = tuple(
            each for each in self._choices if all(word in f"{each.key} {each.label} {each.group}".casefold() for word in words)
        )
        self.query_one(Rows).show(self._rows, keep=False)

    def on_input_submitted(self) -> None:
        self.query_one(Rows).action_choose()

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        chosen = self._shown[int(event.row.names)]
        if chosen.why_not:
            reason = f"{chosen.label}: {chosen.why_not}."
            self.query_one("#why", Drawn).show(lambda width: lines(indented(fold(reason, width), 0, ATTENTION)))
        else:
            self.dismiss(chosen.value)

    def on_key(self, event: events.Key) -> None:
        """Without a filter, the key of an entry chooses it."""
        chosen = next((each for each in self._choices if each.key == event.character and not each.why_not), None)
        if chosen and not self._filtered:
            event.stop()
            self.dismiss(chosen.value)


def _line(number: int, choice: Choice) -> Line:
    note: Piece = (choice.why_not, ATTENTION) if choice.why_not else (choice.group, DIM)
    return Line(
        ((choice.key, GREY if choice.why_not else f"bold {LINK}"), (choice.label, DIM if choice.why_not else INK), note),
        str(number),
    )
