"""The frame around every screen: band, places, notice, keys; and what is said where there is no room for it."""

from abc import abstractmethod
from collections.abc import Iterable

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from billing_tui.model.band import Band
from billing_tui.tui.actions import Owner, Place
from billing_tui.tui.draw import fold, indented, lines
from billing_tui.tui.frame.band import BandLine
from billing_tui.tui.frame.keys import Hint, footer
from billing_tui.tui.frame.notice import Note, Notice, Said, rule
from billing_tui.tui.frame.places import bar
from billing_tui.tui.theme import ATTENTION
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Rower

SMALLEST = (60, 16)
"""Columns and rows below which nothing useful can be drawn."""


class FramedScreen(Screen[None]):
    """A screen with the frame; a subclass brings the body, its name and its hints."""

    DEFAULT_CSS = """
    FramedScreen { layout: vertical; background: $background; color: $ink; }
    FramedScreen #too-small { display: none; }
    FramedScreen.-tiny > * { display: none; }
    FramedScreen.-tiny > #too-small { display: block; }
    FramedScreen > #body { height: 1fr; width: 1fr; padding: 0 1; }
    FramedScreen > Drawn { width: 1fr; }
    """
    PLACE = ""

    def __init__(self, band: Band) -> None:
        super().__init__()
        self._band = band

    def compose(self) -> ComposeResult:
        yield BandLine(self._band)
        yield Drawn(lambda width: bar(self.PLACE, width), id="places")
        yield Drawn(rule)
        yield from self.compose_body()
        yield Notice()
        yield Drawn(lambda width: footer(self.hints(), width), id="keys")
        yield Drawn(too_small, id="too-small")

    @abstractmethod
    def compose_body(self) -> ComposeResult:
        """The screen itself, in one container with the id `body`."""

    @abstractmethod
    def hints(self) -> Iterable[Hint]:
        """What the footer offers now."""

    @property
    @abstractmethod
    def place(self) -> Place:
        """What the keys are about."""

    @property
    @abstractmethod
    def owners(self) -> dict[Owner, Widget]:
        """Whose methods the actions of this screen are, for the palette."""

    @abstractmethod
    def help(self) -> Rower:
        """The keys and signs of this screen."""

    @abstractmethod
    def set_privacy(self, on: bool) -> None:
        """Masks names and e-mails, or shows them again."""

    def first_drawn(self) -> None:
        """A room's first screen can be seen: what it lacks may be asked for."""

    def begin_again(self) -> None:
        """Somebody goes to the screen that is there already."""

    def filter_by(self, words: str) -> None:
        """Shows what these words find; a screen without a filter has no use for them."""

    def cache_changed(self) -> None:
        """There may be something new in the cache; a screen that draws nothing from it has no use for that."""

    def show_band(self, band: Band) -> None:
        """Draws what is now known of where we are."""
        if self.is_mounted:
            self.query_one(BandLine).show(band)

    def show_keys(self) -> None:
        """Draws the footer again, after what the keys do has changed."""
        if self.is_mounted:
            self.query_one("#keys", Drawn).show(lambda width: footer(self.hints(), width))

    def tell(self, note: Note | None) -> None:
        """Says something above the footer."""
        if self.is_mounted:
            self.query_one(Notice).tell(note)

    def on_said(self, event: Said) -> None:
        event.stop()
        self.tell(event.note)

    def forget_note(self) -> None:
        """Any key ends what was said in passing."""
        notice = self.query_one(Notice)
        if notice.note and not notice.note.sticky:
            notice.tell(None)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1], "-tiny")


def too_small(width: int) -> Content:
    """What stands there in place of a screen."""
    needed = f"Too small: billing-tui needs {SMALLEST[0]} columns and {SMALLEST[1]} rows. Enlarge the window; ctrl+q quits."
    return lines(indented(fold(needed, width - 1), 1, ATTENTION))
