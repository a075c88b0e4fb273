"""The first thing on the screen: an input for whatever a ticket holds, and where one might start."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Input

from billing_tui.model.band import Example
from billing_tui.model.query import Kind, understand
from billing_tui.tui.draw import fit, row
from billing_tui.tui.privacy import mask_for
from billing_tui.tui.theme import DIM, INK, LINK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.visits import Visit
from billing_tui.tui.widgets.drawn import Drawn
from billing_tui.tui.widgets.rows import Row, Rows
from billing_tui.tui.words import clock, verdict_mark

_ASK = "Paste an e-mail, a Stripe or Clerk id, a receipt or invoice number."


class TicketInput(Input):
    """One line; the arrow down leads to the list under it, and what was typed stays."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "leave_for_list", "To the list", show=False)]

    def action_leave_for_list(self) -> None:
        """Gives the keys to what stands below."""
        self.screen.focus_next()

    def on_paste(self, event: events.Paste) -> None:
        """Of a whole ticket, takes what can be looked up."""
        event.prevent_default()
        event.stop()
        self.replace(ticket_in(event.text), *sorted(self.selection))


def ticket_in(pasted: str) -> str:
    """The first line that names somebody, else the first word that does, else the first line."""
    lines = [line.strip() for line in pasted.splitlines() if line.strip()]
    words = [word.strip("().,:;") for line in lines for word in line.split()]
    named = (each for each in (*lines, *words) if understand(each).kind is not Kind.UNKNOWN)
    return next(named, lines[0] if lines else "")


class Home(Vertical):
    """The input, the demo's suggestions and the last tickets of this window."""

    DEFAULT_CSS = """
    Home { height: 1fr; padding-top: 1; }
    Home > Drawn, Home > Horizontal { padding: 0 1; }
    Home > Horizontal { height: 1; margin: 1 0; }
    Home Input { width: 1fr; max-width: 76; height: 1; border: none; padding: 0 1; background: $panel; color: $ink; }
    Home Input:focus { border: none; background: $chosen; background-tint: $chosen 0%; }
    Home Input:ansi, Home Input:ansi:focus { background: ansi_default; text-style: underline; }
    Home .prompt { width: 2; max-width: 2; }
    """

    class Asked(Message):
        """Somebody wants this ticket opened."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, examples: tuple[Example, ...]) -> None:
        super().__init__(id="home")
        self._examples = examples

    def compose(self) -> ComposeResult:
        yield Drawn(lambda width: row((fit(_ASK, width), DIM)))
        with Horizontal():
            prompt = Drawn(lambda _width: row(("› ", f"bold {LINK}")))
            prompt.add_class("prompt")
            yield prompt
            asked = TicketInput(placeholder="lena@example.com", max_length=2000)
            asked.cursor_blink = False
            yield asked
        yield Rows(id="starts")

    def show(self, recent: tuple[Visit, ...], *, privacy: bool) -> None:
        """Draws the lists again."""
        examples = self._examples
        self.query_one(Input).password = privacy
        self.query_one(Rows).show(lambda width: starts(examples, recent, width, privacy=privacy))

    def take_keys(self) -> None:
        """Gives the keys to the input, with what is in it marked so that typing replaces it."""
        self.query_one(Input).focus(scroll_visible=False)

    def take_list(self) -> None:
        """Gives the keys to the list."""
        self.query_one(Rows).focus(scroll_visible=False)

    def leave_input(self) -> bool:
        """Gives the keys to the list; says whether the input had them."""
        asked = self.query_one(Input)
        if asked.has_focus:
            self.query_one(Rows).focus(scroll_visible=False)
            return True
        return False

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip():
            self.post_message(self.Asked(event.value.strip()))

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        if event.row.names:
            self.post_message(self.Asked(event.row.names))


def starts(examples: tuple[Example, ...], recent: tuple[Visit, ...], width: int, *, privacy: bool) -> tuple[Row, ...]:
    """The last tickets first, then whom the demo suggests; or what one could do to fill the list."""
    last = table([_recent(visit, privacy) for visit in recent], width, caps=(8, 32, 10))
    mask = mask_for(None, privacy)
    suggested = [Line(((mask(each.email), INK), (each.stages, DIM), (each.about, DIM)), each.email) for each in examples]
    demo = table(suggested, width, caps=(30,))
    if not last and not demo:
        return tuple(
            Row(each.content, stops=False)
            for each in said("No tickets yet in this window. Paste one above and press Enter.", width)
        )
    return parts(
        [heading("Last tickets", width), *last] if last else [],
        [heading("The demo suggests", width, "each with something else the matter"), *demo] if demo else [],
    )


def _recent(visit: Visit, privacy: bool) -> Line:
    mask = mask_for(visit.diagnosis, privacy)
    found = visit.diagnosis
    who = found.subject.emails[0] if found and found.subject.emails else visit.text
    if found is None:
        says = visit.problem.message if visit.problem else "asking …"
        return Line(((clock(visit.at), DIM), (mask(who), INK), ("", DIM), (mask(says), DIM)), visit.text)
    mark = verdict_mark(found)
    verdict = found.verdict
    cells = (
        (clock(visit.at), DIM),
        (mask(who), INK),
        (f"{mark.glyph} {verdict.primary or '?'}", mark.style),
        (mask(verdict.headline), DIM),
    )
    return Line(cells, visit.text)
