"""What every step has in common: where one is at the top, the keys at the bottom, and a way back that loses nothing."""

from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.setup.draft import Draft, Written
from billing_tui.tui.draw import ends, row
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint, footer
from billing_tui.tui.frame.notice import Note, Notice, note_of, rule
from billing_tui.tui.frame.screen import SMALLEST, too_small
from billing_tui.tui.theme import CHOSEN, DIM, GREY, INK
from billing_tui.tui.widgets.drawn import Drawn

_STEPS = ("Name", "Keys", "What was found", "Write")
_CHIPS = {
    "test": (" TEST ", "bold $chip-ink on $chip-test"),
    "live": (" LIVE ", "bold $band-live-ink on $band-live"),
}


class StepScreen(Screen[None]):
    """A step of the set-up; a subclass brings what is in it. `STEP` counts from 1, 0 for what comes before them."""

    DEFAULT_CSS = """
    StepScreen { layout: vertical; background: $background; color: $ink; }
    StepScreen > #body { height: 1fr; width: 1fr; padding: 1 1 0 1; }
    StepScreen > Drawn { width: 1fr; }
    StepScreen #too-small { display: none; }
    StepScreen.-tiny > * { display: none; }
    StepScreen.-tiny > #too-small { display: block; }
    """
    STEP = 0
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "back", "Back", show=False)]

    class Onward(Message):
        """This step is done."""

    class Back(Message):
        """To the step before."""

    @dataclass
    class Done(Message):
        """Everything is written."""

        written: Written

    def __init__(self, draft: Draft) -> None:
        super().__init__()
        self.draft = draft

    def compose(self) -> ComposeResult:
        yield Drawn(self._title, id="title")
        yield Drawn(self._steps, id="steps")
        yield Drawn(rule)
        yield Vertical(*self.compose_body(), id="body")
        yield Notice()
        yield Drawn(lambda width: footer(self.hints(), width), id="keys")
        yield Drawn(too_small, id="too-small")

    @abstractmethod
    def compose_body(self) -> ComposeResult:
        """What is in the step."""

    @abstractmethod
    def hints(self) -> Iterable[Hint]:
        """What the footer offers now."""

    def entered(self) -> None:
        """Somebody has come here, for the first time or again."""

    def on_screen_resume(self) -> None:
        self.query_one("#title", Drawn).show(self._title)
        self.entered()

    def tell(self, note: Note | None) -> None:
        """Says something above the footer."""
        self.query_one(Notice).tell(note)

    def tell_of(self, problem: Problem) -> None:
        """Says what is wrong, and what to do."""
        self.tell(note_of(problem))

    def show_keys(self) -> None:
        """Draws the footer again, after what the keys do has changed."""
        self.query_one("#keys", Drawn).show(lambda width: footer(self.hints(), width))

    def action_back(self) -> None:
        self.tell(None)
        self.post_message(self.Back())

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self.tell_of(fault(event.worker.error))

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1], "-tiny")

    def _title(self, width: int) -> Content:
        keys = self.draft.keys
        named = [(f"  {keys.name}", DIM)] if self.STEP > 1 else []
        chips = [piece for mode in keys.modes for piece in (_CHIPS[mode], (" ", ""))] if self.STEP > 1 else []
        return ends(row((" billing-tui", f"bold {INK}"), ("  set up a profile", DIM), *named), row(*chips), width)

    def _steps(self, _width: int) -> Content:
        drawn = []
        for number, name in enumerate(_STEPS, 1):
            style = CHOSEN if number == self.STEP else DIM if number < self.STEP else GREY
            drawn.append(row((f" {number} {name} ", style)))
        return Content("").join(drawn)
