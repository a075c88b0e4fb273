"""A few lines to fill in: what a change has to be told before its plan can be made."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import fold, indented, lines, row
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.theme import ATTENTION, DIM, INK
from billing_tui.tui.widgets.drawn import Drawn


@dataclass(frozen=True)
class Blank:
    """One line: its name, what it is called, what it holds at first, and what to write in it."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


class Form(Dialog[dict[str, str]]):
    """Answers with what was written, by name; nothing where it was left."""

    DEFAULT_CSS = """
    Form Horizontal { height: 1; margin-bottom: 1; }
    Form Horizontal Drawn { width: 14; }
    Form Input { height: 1; width: 1fr; border: none; padding: 0 1; background: $panel; }
    Form Input:focus { border: none; background: $chosen; background-tint: $chosen 0%; }
    Form Input:ansi, Form Input:ansi:focus { background: ansi_default; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next", show=False, priority=True),
        Binding("up", "app.focus_previous", "Before", show=False, priority=True),
    ]

    def __init__(self, title: str, blanks: Iterable[Blank]) -> None:
        super().__init__(title)
        self._blanks = tuple(blanks)

    def compose_box(self) -> ComposeResult:
        for blank in self._blanks:
            asked = Input(blank.value, placeholder=blank.hint, id=f"in-{blank.name}", max_length=300, select_on_focus=False)
            asked.cursor_blink = False
            yield Horizontal(Drawn(_label(blank), id=f"label-{blank.name}"), asked)
        yield Drawn(id="why")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "next, then the plan"), ("↑ ↓", "move"), ("esc", "close")]

    def on_mount(self) -> None:
        empty = next((blank for blank in self._blanks if not blank.value), self._blanks[0])
        self._input(empty).focus()

    def _input(self, blank: Blank) -> Input:
        return self.query_one(f"#in-{blank.name}", Input)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        empty = next((blank for blank in self._blanks if not self._input(blank).value.strip()), None)
        if empty is None:
            self.dismiss({blank.name: self._input(blank).value.strip() for blank in self._blanks})
            return
        self._input(empty).focus()
        said = f"{empty.label} is still empty."
        self.query_one("#why", Drawn).show(lambda width: lines(indented(fold(said, width), 0, ATTENTION)))


def _label(blank: Blank) -> Callable[[int], Content]:
    return lambda _width: row((blank.label, INK if blank.value else DIM))
