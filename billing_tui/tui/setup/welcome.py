"""The first thing that somebody without a profile sees: what there is to do, and that nothing happens by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from billing_tui.model.text import clean
from billing_tui.tui.draw import fold, indented, lines
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.setup.step import StepScreen
from billing_tui.tui.theme import DIM, INK, LINK
from billing_tui.tui.ticket.table import said
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Row, Rows

Way = Literal["setup", "demo", "quit"]
_WAYS: tuple[tuple[Way, str, str], ...] = (
    ("setup", "Set up a profile", "Your keys are tried, your app is looked at by reading alone, and you see what was found."),
    ("demo", "Try the demo", "A pretend account with pretend troubles: no keys, no network, nothing to configure."),
    ("quit", "Quit", "Nothing is written."),
)

_FOR = "Why is this person not on Pro? Stripe, its webhooks, Clerk and your database, joined; and the fix."


class Welcome(StepScreen):
    """Offers the set-up and the demo."""

    DEFAULT_CSS = """
    Welcome #ways { margin-top: 1; height: 1fr; }
    """

    @dataclass
    class Chosen(Message):
        """What somebody wants."""

        way: Way

    def compose_body(self) -> ComposeResult:
        yield Drawn(self._says)
        yield Rows(_ways, id="ways")

    def hints(self) -> Iterable[Hint]:
        return [("enter", "choose"), ("↑ ↓", "move"), ("esc", "quit")]

    def entered(self) -> None:
        self.query_one(Rows).focus()

    @on(Rows.Chosen)
    def _on_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        self.post_message(self.Chosen(next(way for way, *_ in _WAYS if way == event.row.names)))

    def _says(self, width: int) -> Content:
        first = fold(
            "Why is this person not on Pro? Stripe, its webhooks, Clerk and your database, joined; and the fix.", width - 1
        )
        where = fold(f"There is no profile yet. One would be in {clean(str(self.draft.path))}.", width - 1)
        return lines([*indented(first, 0, f"bold {INK}"), *indented(["", *where], 0, DIM)])


def _ways(width: int) -> tuple[Row, ...]:
    rows: list[Row] = []
    for way, title, about in _WAYS:
        rows.append(Row(Content.assemble((title, f"bold {LINK}")), way))
        rows += [Row(each.content, f"about {way}", stops=False) for each in said(about, width, DIM, indent=2)]
        rows.append(Row(Content(), stops=False))
    return tuple(rows)
