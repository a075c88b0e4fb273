"""The Tickets screen: home or one ticket, the diagnosis that fills it, and what its keys do."""

import os
from collections.abc import Iterable

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Container
from textual.widgets import Input
from textual.worker import Worker, WorkerState

from billing_tui.model.band import Example
from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.model.problem import Problem
from billing_tui.tui.actions import Place, allowed, available, bindings
from billing_tui.tui.bundle import markdown
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.chooser import Chooser
from billing_tui.tui.dialogs.pages import guide_page, link_page, menu
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.fault import fault
from billing_tui.tui.frame.keys import Hint
from billing_tui.tui.frame.notice import Note, Notice
from billing_tui.tui.frame.screen import FramedScreen
from billing_tui.tui.home import Home
from billing_tui.tui.links import dashboard_link
from billing_tui.tui.privacy import mask_for
from billing_tui.tui.ticket.remedies import why_not
from billing_tui.tui.ticket.view import TicketView
from billing_tui.tui.visits import Visits

_NOT_HERE = {
    "r": "There is nothing to re-sync: no layer is behind Stripe as far as was seen.",
    "e": "No event of this ticket calls for a resend.",
    "b": "This ticket does not call for a recovery of others.",
}


class TicketsScreen(FramedScreen):
    """One room's tickets. Asking runs in one worker, so that a new ticket ends the one before."""

    DEFAULT_CSS = """
    TicketsScreen #body { padding: 0; }
    TicketsScreen.-home TicketView, TicketsScreen.-ticket Home { display: none; }
    """
    PLACE = "Tickets"
    BINDINGS = bindings("tickets")
    AUTO_FOCUS = ""

    def __init__(self, room: Room, examples: tuple[Example, ...], visits: Visits, *, privacy: bool) -> None:
        super().__init__(room.band())
        self._room, self._examples, self._visits = room, examples, visits
        self._privacy = privacy
        self._read_only = room.profile.read_only
        self.add_class("-home")

    def compose_body(self) -> ComposeResult:
        yield Container(Home(self._examples), TicketView(), id="body")

    def on_mount(self) -> None:
        self._show()
        self.query_one(Home).take_keys()

    # What is on the screen

    @property
    def place(self) -> Place:
        """Where the keys are: in the home list, in an input, or in a ticket."""
        if isinstance(self.focused, Input):
            return "typing"
        if self.has_class("-home"):
            return "home"
        return "ticket" if self._found else "failed"

    def hints(self) -> Iterable[Hint]:
        if self.place == "typing":
            return [("enter", "look up"), ("↓", "list"), ("esc", "leave the input"), ("ctrl+p", "command"), ("ctrl+q", "quit")]
        opens = {"home": [("enter", "open")], "ticket": [("tab", "pane")]}.get(self.place, [])
        useless = {"ticket.resync"} if not self._remedy_with("r") else set[str]()
        useless |= {"ticket.refresh"} if self.place == "ticket" else set()
        actions = available(self.place, read_only=self._read_only)
        hints = [(action.key, action.label) for action in actions if action.label and action.id not in useless]
        return [*hints[:1], *opens, *hints[1:]]

    def forget_note(self) -> None:
        """Any key ends what was said in passing."""
        notice = self.query_one(Notice)
        if notice.note and not notice.note.sticky:
            notice.tell(None)

    def set_privacy(self, on: bool) -> None:
        """Masks names and e-mails, or shows them again."""
        self._privacy = on
        self._show()

    def _show(self) -> None:
        visit = self._visits.here if self.has_class("-ticket") else None
        if visit:
            self.query_one(TicketView).show(visit, privacy=self._privacy, read_only=self._read_only)
        else:
            self.query_one(Home).show(self._visits.recent, privacy=self._privacy)
        self.show_band(self._room.band())
        self.show_keys()

    def _turn_to(self, place: Place) -> None:
        self.set_class(place == "ticket", "-ticket")
        self.set_class(place != "ticket", "-home")
        self.tell(None)
        self._show()
        if place == "ticket":
            self.query_one(TicketView).take_keys()

    def on_descendant_focus(self, _event: events.DescendantFocus) -> None:
        self.show_keys()

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, self.place, read_only=self._read_only)

    # Asking

    @on(Home.Asked)
    def _on_asked(self, event: Home.Asked) -> None:
        self._visits.open(event.text)
        self._turn_to("ticket")
        self._ask(event.text)

    @work(exclusive=True, group="ticket", exit_on_error=False)
    async def _ask(self, text: str) -> None:
        try:
            async for diagnosis in self._room.diagnose(text):
                self._learn(text, diagnosis=diagnosis, asking=not diagnosis.evidence.settled)
        except Problem as problem:
            self._learn(text, problem=problem)
        finally:
            self._learn(text, asking=False)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """A fault of ours is said where the answer would have been; the window stays."""
        here = self._visits.here
        if event.state is WorkerState.ERROR and here:
            self._learn(here.text, problem=fault(event.worker.error))

    def _learn(self, text: str, **news: object) -> None:
        self._visits.learn(text, **news)
        if self.is_attached:
            self._show()

    # What the keys do

    def action_new_ticket(self) -> None:
        self._turn_to("home")
        self.query_one(Home).take_keys()

    def action_leave(self) -> None:
        if self.has_class("-ticket"):
            self._turn_to("home")
            self.query_one(Home).take_list()
        elif not self.query_one(Home).leave_input():
            self.tell(None)

    def action_visit(self, step: int) -> None:
        here = self.has_class("-ticket")
        visit = self._visits.here if not here and step < 0 else self._visits.step(step)
        if visit:
            self._turn_to("ticket")

    def action_refresh_ticket(self) -> None:
        visit = self._visits.here
        if visit:
            self._visits.learn(visit.text, asking=True, problem=None)
            self._show()
            self._ask(visit.text)

    @property
    def _found(self) -> Diagnosis | None:
        return self._visits.here.diagnosis if self._visits.here else None

    def _remedy_with(self, key: str) -> Remedy | None:
        return next((each for each in self._found.remedies if each.key == key), None) if self._found else None

    def action_resync(self) -> None:
        self._remedy_by("r")

    def action_remedy(self, key: str) -> None:
        self._remedy_by(key)

    def _remedy_by(self, key: str) -> None:
        found = self._found
        if found is None or not found.evidence.settled:
            self.tell(Note("Not every layer has answered yet; a plan needs all of them.", "careful"))
            return
        remedy = self._remedy_with(key)
        if remedy is None:
            self.tell(Note(_NOT_HERE.get(key, "That is no remedy for this ticket."), "careful"))
        else:
            self._do(found, remedy)

    @on(TicketView.RemedyChosen)
    def _on_remedy(self, event: TicketView.RemedyChosen) -> None:
        if self._found:
            self._do(self._found, event.remedy)

    def _do(self, found: Diagnosis, remedy: Remedy) -> None:
        reason = why_not(remedy, read_only=self._read_only)
        if reason and remedy.key:
            self.tell(Note(f"{remedy.title}: {reason}.", "careful"))
        elif remedy.key == "r":
            self.app.push_screen(PlanDialog(self._room, found, mask_for(found, self._privacy)), self._after_plan)
        else:
            self.app.push_screen(
                Reader("what to do", guide_page(remedy, mask_for(found, self._privacy)), remedy.command or ""), self._copy
            )

    def _after_plan(self, written: bool | None) -> None:
        self.show_band(self._room.band())
        if written:
            self.action_refresh_ticket()

    def action_actions_menu(self) -> None:
        found = self._found
        if found:
            self.app.push_screen(
                Chooser("what can be done here", menu(found, mask_for(found, self._privacy), read_only=self._read_only)),
                self._chosen,
            )

    def _chosen(self, value: str | None) -> None:
        kind, _, number = (value or "").partition(":")
        if kind == "remedy" and self._found:
            self._do(self._found, self._found.remedies[int(number)])
        elif kind == "run":
            self.call_later(self.run_action, number)

    # Copying and links

    def _id_here(self) -> str:
        view, found = self.query_one(TicketView), self._found
        if view.row and view.row.names:
            return view.row.names
        subject = found.subject if found else None
        first = [*subject.customer_ids, *filter(None, [subject.key])] if subject else []
        return first[0] if first else (self._visits.here.text if self._visits.here else "")

    def action_copy_id(self) -> None:
        remedy = self.query_one(TicketView).remedy
        self._copy(remedy.command if remedy and remedy.command else self._id_here())

    def action_copy_evidence(self) -> None:
        if self._found:
            text = markdown(self._found, mask_for(self._found, self._privacy))
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied the evidence, {len(text.splitlines())} lines of Markdown."))

    def _copy(self, text: str | None) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {text}"))

    def action_open_link(self) -> None:
        band = self._room.band()
        here, found = self._id_here(), self._found
        customer = found.subject.customer_ids[0] if found and found.subject.customer_ids else ""
        link = dashboard_link(here, band.mode, band.account_id) or dashboard_link(customer, band.mode, band.account_id)
        if not link:
            self.tell(Note("Stripe's Dashboard has no page for this.", "careful"))
        elif band.demo or "SSH_CONNECTION" in os.environ or "SSH_TTY" in os.environ:
            self.app.push_screen(Reader("Stripe's Dashboard", link_page(link, demo=band.demo), link), self._copy)
        else:
            self.app.push_screen(Reader("Stripe's Dashboard", link_page(link, demo=False), link), self._copy)
