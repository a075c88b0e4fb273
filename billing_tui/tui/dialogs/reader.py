"""Something to read, row by row, and perhaps to copy: help, how a remedy goes, a link."""

from collections.abc import Iterable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.widgets.rows import Rower, Rows


class Reader(Dialog[str]):
    """Shows rows; answers with the text that is to be copied, or None."""

    DEFAULT_CSS = """
    Reader Rows { height: auto; max-height: 100%; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark", "leave", "Close", show=False),
        Binding("y,enter", "copy", "Copy", show=False, priority=True),
    ]

    def __init__(self, title: str, rower: Rower, copies: str = "") -> None:
        super().__init__(title)
        self._rower = rower
        self._copies = copies

    def compose_box(self) -> ComposeResult:
        yield Rows(self._rower)

    def hints(self) -> Iterable[Hint]:
        return [*([("y", "copy")] if self._copies else []), ("j k", "move"), ("esc", "close")]

    def action_copy(self) -> None:
        self.dismiss(self._copies or None)
