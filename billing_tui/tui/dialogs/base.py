"""What every dialog has in common: the band above stays in sight, its own keys stand below, `esc` leaves."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen

from billing_tui.model.profile import Mode
from billing_tui.tui.frame.keys import Hint, footer
from billing_tui.tui.frame.notice import rule
from billing_tui.tui.frame.screen import SMALLEST, too_small
from billing_tui.tui.widgets.drawn import Drawn

T = TypeVar("T")


class Dialog(ModalScreen[T], Generic[T]):
    """A box under the band. In live its border is heavy and red, and its title begins with the word."""

    DEFAULT_CSS = """
    Dialog { background: transparent; layout: vertical; color: $ink; }
    Dialog > #veil { margin-top: 3; height: 1fr; background: $background; align: center top; padding: 0 2; }
    Dialog > Drawn { background: $background; }
    Dialog #box { width: 100%; max-width: 100; height: auto; max-height: 100%; padding: 0 1; background: $background;
                  border: round $faint; border-title-color: $ink; border-title-style: bold; }
    Dialog #box.-test { border: round $link; border-title-color: $link; }
    Dialog #box.-live { border: heavy $bad; border-title-color: $bad; }
    Dialog > #too-small { display: none; margin-top: 1; }
    Dialog.-tiny > #veil, Dialog.-tiny > Drawn { display: none; }
    Dialog.-tiny > #too-small { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Close", show=False)]

    def __init__(self, title: str, mode: Mode | None = None) -> None:
        super().__init__()
        self._title = title
        self._mode = mode

    def compose(self) -> ComposeResult:
        with Vertical(id="veil"):
            box = Vertical(*self.compose_box(), id="box", classes=f"-{self._mode}" if self._mode else "")
            box.border_title = f"{self._mode.upper()} · {self._title}" if self._mode else self._title
            yield box
        yield Drawn(rule)
        yield Drawn(lambda width: footer(self.hints(), width), id="keys")
        yield Drawn(too_small, id="too-small")

    @abstractmethod
    def compose_box(self) -> ComposeResult:
        """What is in the box."""

    @abstractmethod
    def hints(self) -> Iterable[Hint]:
        """What the footer offers now."""

    def show_keys(self) -> None:
        """Draws the footer again, after what the keys do has changed."""
        self.query_one("#keys", Drawn).show(lambda width: footer(self.hints(), width))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1], "-tiny")

    def action_leave(self) -> None:
        self.dismiss(None)
