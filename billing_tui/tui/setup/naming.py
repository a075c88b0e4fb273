"""The first step: what the profile is called, and which of Stripe's modes it is for."""

from collections.abc import Iterable

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.tui.draw import fit, fold, indented, lines, row
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.theme import DIM, INK
from billing_tui.tui.ticket.table import Line, table
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.field import Field
from billing_tui.tui.widgets.rows import Row, Rows

_MODES: dict[str, tuple[tuple[Mode, ...], str]] = {
    "test": (("test",), "pretend money; its keys begin with sk_test_ or rk_test_"),
    "live": (("live",), "real customers; reading is free, writes start locked"),
    "both": (("test", "live"), "keys for each; more can be compared, e.g. before you go live"),
}


class Naming(StepScreen):
    """Asks for a name and for the mode."""

    STEP = 1
    DEFAULT_CSS = """
    Naming Horizontal { height: 1; margin: 1 0; }
    Naming #label { width: 8; }
    Naming Field { max-width: 40; }
    """

    def compose_body(self) -> ComposeResult:
        yield Drawn(_says)
        yield Horizontal(Drawn(lambda _width: row(("Name", INK)), id="label"), Field(self.draft.keys.name, id="name"))
        yield Drawn(lambda width: row((fit("Which mode does it start with? The other can be added at any time.", width), DIM)))
        yield Rows(_modes)

    def hints(self) -> Iterable[Hint]:
        if isinstance(self.focused, Input):
            return [("enter", "to the mode"), ("esc", "back"), ("ctrl+q", "quit")]
        return [("enter", "go on"), ("↑ ↓", "move"), ("tab", "the name"), ("esc", "back"), ("ctrl+q", "quit")]

    def on_descendant_focus(self) -> None:
        self.show_keys()

    @on(Input.Submitted)
    def _on_named(self, event: Input.Submitted) -> None:
        event.stop()
        if self._called(self.draft.keys.modes):
            self.query_one(Rows).focus()

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if self._called(_MODES[event.row.names][0]):
            self.post_message(self.Onward())

    def _called(self, modes: tuple[Mode, ...]) -> bool:
        """Whether the name can be one."""
        try:
            self.draft.keys.call(self.query_one(Field).value.strip(), modes)
        except Problem as problem:
            self.tell_of(problem)
            self.query_one(Field).focus()
            return False
        self.tell(None)
        return True


def _says(width: int) -> Content:
    text = "A profile is one product: one Stripe account, one Clerk application, one database. What is it called?"
    return lines(indented(fold(text, width - 1), 0, DIM))


def _modes(width: int) -> tuple[Row, ...]:
    return tuple(table([Line(((word, f"bold {INK}"), (about, DIM)), word) for word, (_, about) in _MODES.items()], width))
