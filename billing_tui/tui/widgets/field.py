"""One line to type into, without a box; masked for what nobody may read over a shoulder."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.widgets import Input

_LONGEST = 4000


class Field(Input):
    """The arrows up and down go to the field or list before and after it."""

    DEFAULT_CSS = """
    Field { width: 1fr; height: 1; border: none; padding: 0 1; background: $panel; color: $ink; }
    Field:focus { border: none; background: $chosen; background-tint: $chosen 0%; }
    Field:ansi, Field:ansi:focus { background: ansi_default; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next", show=False),
        Binding("up", "app.focus_previous", "Before", show=False),
    ]

    def __init__(self, value: str = "", *, id: str | None = None, masked: bool = False, placeholder: str = "") -> None:  # noqa: A002 - Textual's name
        super().__init__(value, id=id, password=masked, placeholder=placeholder, max_length=_LONGEST, select_on_focus=False)
        self.cursor_blink = False
