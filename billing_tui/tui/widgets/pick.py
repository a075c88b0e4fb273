"""A word to press Enter on, in brackets while it has the keys, so that it shows without any colour."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from billing_tui.tui.draw import row
from billing_tui.tui.theme import CHOSEN, DIM, GREY, INK


class Pick(Widget, can_focus=True):
    """A button without a box."""

    DEFAULT_CSS = "Pick { width: auto; height: 1; margin-right: 3; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "press", "Do it", show=False)]

    label: reactive[str] = reactive("", layout=True)
    off: reactive[bool] = reactive(False)

    @dataclass
    class Pressed(Message):
        """Enter, or a click."""

        pick: "Pick"

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.set_reactive(Pick.label, label)

    def get_content_width(self, _container: Size, _viewport: Size) -> int:
        return Content(self.label).cell_length + 4

    def render(self) -> Content:
        if self.has_focus:
            return row((f"[ {self.label} ]", CHOSEN))
        return row((f"  {self.label}  ", GREY if self.off else INK if self.id == "apply" else DIM))

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))

    def on_click(self) -> None:
        self.action_press()
