"""One line of what was found, changed by whoever knows better; its evidence is shown in full."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import fold, indented, lines
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.theme import DIM
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.field import Field


class ValueDialog(Dialog[str]):
    """Answers with what was typed, or None."""

    DEFAULT_CSS = """
    ValueDialog #box { padding: 1 2; }
    ValueDialog Field { margin-top: 1; }
    ValueDialog #how { margin-top: 1; }
    """

    def __init__(self, key: str, value: str, why: str, how: str) -> None:
        super().__init__(key)
        self._value, self._why, self._how = value, why, how

    def compose_box(self) -> ComposeResult:
        yield Drawn(lambda width: lines(indented(fold(self._why, width), 0, DIM)))
        yield Field(self._value, id="value")
        if self._how:
            yield Drawn(lambda width: lines(indented(fold(self._how, width), 0, DIM)), id="how")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "take it"), ("esc", "leave it as it was")]

    def on_mount(self) -> None:
        self.query_one(Field).focus()

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value.strip())
