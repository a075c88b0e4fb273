"""One key: pasted into a masked field, tried at once, and held only where it is good, or where nobody could be asked."""

from collections.abc import Iterable

from textual import on, work
from textual.app import ComposeResult
from textual.content import Content
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import OutOfReach, Problem
from billing_tui.model.profile import Mode
from billing_tui.setup.keys import Keys
from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import fold, indented, lines
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.setup.drawing import WORDS
from billing_tui.tui.theme import ATTENTION, DIM
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.field import Field

_ASKED = {"stripe_key": "Stripe", "clerk_key": "Clerk", "webhook_secret": "nobody"}


class KeyDialog(Dialog[bool]):
    """Answers True where there is a new key."""

    DEFAULT_CSS = """
    KeyDialog #box { padding: 1 2; }
    KeyDialog Field { margin-top: 1; }
    KeyDialog #said { margin-top: 1; }
    """

    def __init__(self, keys: Keys, mode: Mode, slot: str) -> None:
        super().__init__(WORDS[slot][0], mode)
        self._keys, self._of, self._slot = keys, mode, slot
        self._untried = ""

    def compose_box(self) -> ComposeResult:
        about = f"{WORDS[self._slot][1]} {_example(self._slot, self._of)}"
        yield Drawn(lambda width: lines(indented(fold(about, width), 0, DIM)))
        yield Field(id="key", masked=True)
        yield Drawn(id="said")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "try it"), ("esc", "back"), ("ctrl+q", "quit")]

    def on_mount(self) -> None:
        self.query_one(Field).focus()

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        value = event.value.strip()
        if not value:
            return
        if value == self._untried:
            self._keys.hold_untried(self._of, self._slot, value)
            self.dismiss(True)
        else:
            self._try(value)

    @work(exclusive=True, group="try", exit_on_error=False)
    async def _try(self, value: str) -> None:
        self._say(f"Asking {_ASKED.get(self._slot, 'the database')} …", DIM)
        try:
            await self._keys.try_key(self._of, self._slot, value)
        except OutOfReach as problem:
            self._untried = value
            self._say(f"{problem.message} {problem.hint} Enter once more takes it untried.", ATTENTION)
        except Problem as problem:
            self._say(f"{problem.message} {problem.hint}".strip(), ATTENTION)
        else:
            self.dismiss(True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._say(fault(event.worker.error).message, ATTENTION)

    def _say(self, text: str, style: str) -> None:
        def picture(width: int) -> Content:
            return lines(indented(fold(text, width), 0, style))

        self.query_one("#said", Drawn).show(picture)


def _example(slot: str, mode: Mode) -> str:
    if slot.startswith("database"):
        return "It looks like postgresql://login:password@host/name, mysql://… or sqlite:///path."
    start = {"stripe_key": f"rk_{mode}_ or sk_{mode}_", "clerk_key": f"sk_{mode}_", "webhook_secret": "whsec_"}[slot]
    return f"It begins with {start}."
