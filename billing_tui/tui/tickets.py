"""The Tickets screen: home or one ticket, and the asking that fills it."""

from collections.abc import Iterable

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widget import Widget
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from billing_tui.model.band import Example
from billing_tui.model.notice import Silence
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Owner, Place, allowed, available, bindings
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.pages import help_page
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.home.home import Home
from billing_tui.tui.ticket.pane import TicketPane
from billing_tui.tui.visits import Visits
from billing_tui.tui.widgets.rows import Rower

_TYPING = (("enter", "look up"), ("↓", "list"), ("esc", "leave the input"), ("ctrl+p", "command"), ("ctrl+q", "quit"))

SETTLING = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Seconds between the looks after a write, until every layer says the same."""


class TicketsScreen(FramedScreen):
    """One room's tickets. Asking runs in one worker, so that a new ticket ends the one before."""

    DEFAULT_CSS = """
    TicketsScreen #body { padding: 0; }
    TicketsScreen.-home TicketPane, TicketsScreen.-ticket Home { display: none; }
    """
    PLACE = "Tickets"
    BINDINGS = bindings("tickets")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, examples: tuple[Example, ...], visits: Visits, *, privacy: bool) -> None:
        super().__init__(room.band())
        self._room, self._examples, self._visits = room, examples, visits
        self._settling: list[float] = []
        self._privacy = privacy
        self._read_only = room.profile.read_only
        self.add_class("-home")

    def compose_body(self) -> ComposeResult:
        yield Container(Home(self._room, self._examples), TicketPane(self._room), id="body")

    def on_mount(self) -> None:
        self._show()
        self.query_one(Home).take_keys()

    @property
    def place(self) -> Place:
        """What the keys are about."""
        if self.has_class("-home"):
            return "home"
        return "ticket" if self._visits.here and self._visits.here.diagnosis else "failed"

    @property
    def pane(self) -> TicketPane:
        """The ticket, whose keys the palette offers too."""
        return self.query_one(TicketPane)

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"tickets": self, "ticket": self.pane}

    def help(self) -> Rower:
        return help_page(self.place, read_only=self._read_only)

    def hints(self) -> Iterable[Hint]:
        if isinstance(self.focused, Input):
            return _TYPING
        useless = {"ticket.refresh"} if self.place == "ticket" else set[str]()
        useless |= set() if self.pane.remedy_with("r") else {"ticket.resync"}
        actions = available(self.place, read_only=self._read_only)
        hints = [(action.key, action.label) for action in actions if action.label and action.id not in useless]
        first = {"home": [("enter", "open")], "ticket": [("tab", "pane")]}.get(self.place, [])
        return [*hints[:1], *first, *hints[1:]]

    def set_privacy(self, on: bool) -> None:
        """Masks names and e-mails, or shows them again."""
        self._privacy = on
        self._show()

    def first_drawn(self) -> None:
        home = self.query_one(Home)
        home.read_again()
        home.read_causes()

    def cache_changed(self) -> None:
        if self.is_mounted:
            self.query_one(Home).read_again()

    def _show(self) -> None:
        visit = self._visits.here if self.has_class("-ticket") else None
        if visit:
            self.pane.show(visit, privacy=self._privacy, read_only=self._read_only)
        else:
            self.query_one(Home).show(self._visits.recent, privacy=self._privacy)
        self.show_band(self._room.band())
        self.show_keys()

    def _turn_to(self, place: Place) -> None:
        self.set_class(place == "ticket", "-ticket")
        self.set_class(place == "home", "-home")
        self.tell(None)
        self._show()
        if place == "ticket":
            self.pane.take_keys()
        else:
            self.query_one(Home).read_causes()

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        self.show_keys()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self.place, read_only=self._read_only)

    # Asking

    @on(Home.Asked)
    def _on_asked(self, event: Home.Asked) -> None:
        self._visits.open(event.text)
        self._turn_to("ticket")
        self._ask(event.text, warm=True)

    @work(exclusive=True, group="ticket", exit_on_error=False)
    async def _ask(self, text: str, *, warm: bool = False) -> None:
        try:
            async for diagnosis in self._room.diagnose(text, warm=warm):
                self._learn(text, diagnosis=diagnosis, asking=not diagnosis.evidence.settled)
        except Problem as problem:
            self._learn(text, problem=problem)
        finally:
            self._learn(text, asking=False)
            self._settle(text)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of ours is said where the answer would have been; the window stays."""
        here = self._visits.here
        if event.state is WorkerState.ERROR and here:
            self._learn(here.text, problem=fault(event.worker.error))

    def _learn(self, text: str, **news: object) -> None:
        self._visits.learn(text, **news)
        if self.is_attached:
            self._show()

    @on(TicketPane.Written)
    def _on_written(self) -> None:
        """Reads the ticket again, and some more times while the layers do not agree: the app hears of it a little later."""
        self._settling = list(SETTLING)
        self.action_refresh_ticket()

    def action_refresh_ticket(self) -> None:
        visit = self._visits.here
        if visit:
            self._learn(visit.text, asking=True, problem=None)
            self._ask(visit.text)

    def _settle(self, text: str) -> None:
        """Asks once more after a while, where something was written and is not everywhere yet."""
        found = self._visits.here.diagnosis if self._visits.here and self._visits.here.text == text else None
        if not self._settling or found is None:
            return
        layers = {found.layers.clerk, found.layers.database} - {None}
        if layers <= {found.expected_plan}:
            self._settling = []
        else:
            self.set_timer(self._settling.pop(0), lambda: self._again(text))

    def _again(self, text: str) -> None:
        if self._visits.here and self._visits.here.text == text:
            self.action_refresh_ticket()

    # Going about

    def begin_again(self) -> None:
        self.action_new_ticket()

    def action_new_ticket(self) -> None:
        self._turn_to("home")
        self.query_one(Home).take_keys()

    def action_leave(self) -> None:
        home = self.query_one(Home)
        if self.has_class("-ticket"):
            self.workers.cancel_group(self, "ticket")  # what was found stays; ctrl+r asks for the rest
            self._turn_to("home")
            home.take_list()
        elif not home.leave_input():
            self.tell(None)

    def action_silence(self, how: Silence) -> None:
        """Silences the notice under the cursor, or lets it be heard again where it is silenced like that."""
        home = self.query_one(Home)
        notice = home.under_cursor
        if notice is None:
            self.tell(Note("There is nothing under the cursor that needs attention.", "careful"))
            return
        again = notice.silence == how
        home.silence(notice, None if again else how)
        until = "until it changes or returns" if how == "acknowledged" else "for good"
        self.tell(Note("It is heard again." if again else f"{how.capitalize()}: silent {until}. H shows it."))

    def action_show_silent(self) -> None:
        self.query_one(Home).show_silent()

    def action_visit(self, step: int) -> None:
        from_home = self.has_class("-home") and step < 0
        if self._visits.here if from_home else self._visits.step(step):
            self._turn_to("ticket")
