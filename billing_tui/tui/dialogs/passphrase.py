"""The vault's passphrase: asked for in a window, masked, and tried beside the event loop, since trying it takes its time."""

import asyncio
from collections.abc import Callable, Iterable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.dialogs.base import Dialog
from billing_tui.tui.draw import fold, indented, lines, row
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.theme import ATTENTION, BAD, DIM, INK
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.field import Field

Unlock = Callable[[str], None]
"""Opens a vault; blocking. Raises `KeyRefused` for a wrong passphrase, or one that is too short for a new vault."""


class PassphraseDialog(Dialog[bool]):
    """Answers True once the vault is open, None where nobody wanted to. A new passphrase is typed twice."""

    DEFAULT_CSS = """
    PassphraseDialog #box { padding: 1 2; }
    PassphraseDialog Horizontal { height: 1; margin-top: 1; }
    PassphraseDialog Horizontal Drawn { width: 13; }
    PassphraseDialog Field { max-width: 50; }
    PassphraseDialog #said { margin-top: 1; }
    """

    def __init__(self, says: str, unlock: Unlock, *, fresh: bool = False, mode: Mode | None = None) -> None:
        super().__init__("new vault" if fresh else "vault", mode)
        self._says, self._unlock, self._fresh = says, unlock, fresh

    def compose_box(self) -> ComposeResult:
        yield Drawn(lambda width: lines(indented(fold(self._says, width), 0, DIM)))
        yield Horizontal(_label("Passphrase"), Field(id="passphrase", masked=True))
        if self._fresh:
            yield Horizontal(_label("Once more"), Field(id="again", masked=True))
        yield Drawn(id="said")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "open it" if not self._fresh else "make it"), ("esc", "leave"), ("ctrl+q", "quit")]

    def on_mount(self) -> None:
        self._passphrase.focus()

    @property
    def _passphrase(self) -> Field:
        return self.query_one("#passphrase", Field)

    @on(Input.Submitted)
    def _on_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        again = self.query_one("#again", Field) if self._fresh else self._passphrase
        if event.input is not again:
            again.focus()
        elif again.value != self._passphrase.value:
            self._begin_again("These are two different ones. Type it twice again.")
        elif again.value:
            self._try(again.value)

    @work(exclusive=True, group="unlock", exit_on_error=False)
    async def _try(self, passphrase: str) -> None:
        self._show("Trying it …", DIM)
        try:
            await asyncio.to_thread(self._unlock, passphrase)
        except Problem as problem:
            self._begin_again(f"{problem.message} {problem.hint}".strip())
        else:
            self.dismiss(True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state is WorkerState.ERROR:
            self._begin_again(fault(event.worker.error).message)

    def _begin_again(self, said: str) -> None:
        for field in self.query(Field):
            field.value = ""
        self._passphrase.focus()
        self._show(said, BAD)

    def _show(self, text: str, style: str) -> None:
        sign = "✗ " if style == BAD else ""
        self.query_one("#said", Drawn).show(lambda width: _said(sign, text, style, width))


def _label(text: str) -> Drawn:
    return Drawn(lambda _width: row((text, INK)))


def _said(sign: str, text: str, style: str, width: int) -> Content:
    first, *more = fold(text, width - len(sign)) or [""]
    ink = ATTENTION if style == BAD else style
    return lines([row((sign, f"bold {style}"), (first, ink)), *indented(more, len(sign), ink)])
