"""The second step: the keys, one row for each; nothing is kept yet."""

from collections.abc import Iterable
from typing import ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.settings.safes import Place
from billing_tui.setup.draft import Draft
from billing_tui.tui.dialogs.chooser import Choice, Chooser
from billing_tui.tui.dialogs.passphrase import PassphraseDialog
from billing_tui.tui.draw import fold, indented, lines
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.setup.drawing import KEEP, ON, PLACES, about_key, key_rows
from billing_tui.tui.setup.key_dialog import KeyDialog
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Row, Rows

_NEEDED = "A key for Stripe is needed to read with; a restricted one that may only read will do."
_LOCKED = "The vault of this machine is locked. Its passphrase opens it for this run."
_FRESH = (
    "A vault is an encrypted file of your own. Four random words make a good passphrase; without it nobody can open it again."
)


class KeysStep(StepScreen):
    """Takes keys, and says where they will go."""

    STEP = 2
    DEFAULT_CSS = """
    KeysStep Rows { height: auto; max-height: 1fr; }
    KeysStep #about { height: auto; margin-top: 1; padding-left: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("x,delete", "forget", "Forget", show=False)]

    def __init__(self, draft: Draft) -> None:
        super().__init__(draft)
        self._looking = False
        self._looked_for: tuple[str, tuple[Mode, ...]] | None = None

    def compose_body(self) -> ComposeResult:
        yield Rows(self._rows_now)
        yield Drawn(self._about, id="about")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "type or paste; choose"), ("↑ ↓", "move"), ("x", "forget"), ("esc", "back"), ("ctrl+q", "quit")]

    def on_mount(self) -> None:
        self.watch(self._rows, "cursor", lambda: self._show_about(), init=False)

    @property
    def _rows(self) -> Rows:
        return self.query_one(Rows)

    def entered(self) -> None:
        self._rows.focus()
        keys = self.draft.keys
        if self._looked_for != (keys.name, keys.modes):
            self._looked_for = (keys.name, keys.modes)
            self._look()
        self._draw()

    @work(exclusive=True, group="look", exit_on_error=False)
    async def _look(self) -> None:
        self._looking = True
        self._draw()
        try:
            await self.draft.keys.look()
            if self.draft.keys.sealed and await self._unlocked():
                await self.draft.keys.look()
        except Problem as problem:
            self.tell_of(problem)
        finally:
            self._looking = False
            self._draw()

    def _draw(self) -> None:
        if self.is_attached:
            self._rows.show(self._rows_now)
            self._show_about()

    def _rows_now(self, width: int) -> tuple[Row, ...]:
        return key_rows(self.draft.keys, width, looking=self._looking)

    def _slot(self) -> tuple[Mode, str] | None:
        """The slot under the cursor."""
        mode, _, slot = (self._rows.current.names if self._rows.current else "").partition("/")
        return (cast("Mode", mode), slot) if slot else None

    def _show_about(self) -> None:
        self.query_one("#about", Drawn).show(self._about)

    def _about(self, width: int) -> Content:
        if not self.is_mounted or (slot := self._slot()) is None:
            return Content()
        says = about_key(self.draft.keys, *slot)
        return lines(line for text, style in says for line in indented(fold(text, width - 2), 0, style))

    # Choosing

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.tell(None)
        if event.row.names == ON:
            self._go_on()
        elif event.row.names == KEEP:
            self._choose_place()
        elif slot := self._slot():
            self.app.push_screen(KeyDialog(self.draft.keys, *slot), self._take)

    def _take(self, new: bool | None) -> None:
        """Shows what came of it; after a key that is good, the next one is at hand."""
        self._draw()
        if new:
            self._rows.action_move(1)

    def action_forget(self) -> None:
        if slot := self._slot():
            self.draft.keys.forget(*slot)
            self._draw()

    @work(exclusive=True, group="place", exit_on_error=False)
    async def _choose_place(self) -> None:
        trouble = await self.draft.keys.keeping.keyring_trouble()
        choices = [
            Choice(place, word[0].lower(), word, about, trouble.rstrip(".") if place == "keyring" else "")
            for place, (word, about) in PLACES.items()
        ]
        chosen = await self.app.push_screen_wait(Chooser("where the keys are kept", choices))
        if chosen:
            self.draft.keys.keeping.place = cast("Place", chosen)
            self._draw()

    @work(exclusive=True, group="on", exit_on_error=False)
    async def _go_on(self) -> None:
        keys = self.draft.keys
        if self._looking:
            return
        if not keys.readable:
            self.tell(Note(_NEEDED, "careful"))
            return
        try:
            if keys.to_keep and await keys.keeping.needs_passphrase() and not await self._unlocked():
                return
        except Problem as problem:
            self.tell_of(problem)
            return
        self.post_message(self.Onward())

    async def _unlocked(self) -> bool:
        safes = self.draft.keys.keeping.safes
        fresh = not safes.vault.exists
        opened: bool | None = await self.app.push_screen_wait(
            PassphraseDialog(_FRESH if fresh else _LOCKED, safes.unlock, fresh=fresh)
        )
        return bool(opened)
