"""What can be done with the ticket on the screen: remedies, copying, links. Every write goes through its plan."""

from datetime import UTC, datetime

from textual import on
from textual.message import Message

from billing_tui.diagnosis.markdown import markdown
from billing_tui.model.change import Wanted
from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.tui.actions import allowed, bindings
from billing_tui.tui.desk import Room
from billing_tui.tui.dialogs.chooser import Chooser
from billing_tui.tui.dialogs.form import Form
from billing_tui.tui.dialogs.pages import guide_page, link_page, menu
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.frame.notice import Note, Said
from billing_tui.tui.links import dashboard_link
from billing_tui.tui.ticket.remedies import why_not
from billing_tui.tui.ticket.view import TicketView
from billing_tui.tui.writes import cancel_choices, cancel_wanted, grant_blanks, relink_blanks, running

_NOT_HERE = {
    "r": "There is nothing to re-sync: no layer is behind Stripe as far as was seen.",
    "e": "No event of this ticket calls for a resend.",
    "b": "This ticket does not call for a recovery of others.",
    "m": "No product of this ticket has to be mended.",
    "w": "The endpoint needs no mending, as far as this ticket shows.",
    "s": "There is no reply ready for this: something has to be mended first.",
}


class TicketPane(TicketView):
    """A ticket with its keys."""

    BINDINGS = bindings("ticket")

    class Written(Message):
        """A plan was carried out, in whole or in part: what is on the screen is no longer so."""

    def __init__(self, room: Room) -> None:
        super().__init__()
        self._room = room

    @property
    def found(self) -> Diagnosis | None:
        return self.visit.diagnosis if self.visit else None

    def remedy_with(self, key: str) -> Remedy | None:
        """The remedy that has this key."""
        return next((each for each in self.found.remedies if each.key == key), None) if self.found else None

    def check_action(self, action: str, _parameters: tuple[object, ...]) -> bool | None:
        return allowed(action, "ticket" if self.found else "failed", read_only=self._room.profile.read_only)

    def action_remedy(self, key: str) -> None:
        found = self.found
        if found is None or not found.evidence.settled:
            self.post_message(Said(Note("Not every layer has answered yet; a plan needs all of them.", "careful")))
            return
        remedy = self.remedy_with(key)
        if remedy is None:
            self.post_message(Said(Note(_NOT_HERE.get(key, "That is no remedy for this ticket."), "careful")))
        else:
            self._do(found, remedy)

    @on(TicketView.RemedyChosen)
    def _on_remedy(self, event: TicketView.RemedyChosen) -> None:
        event.stop()
        if event.remedy.key:
            self.action_remedy(event.remedy.key)
        elif self.found:
            self._do(self.found, event.remedy)

    def _do(self, found: Diagnosis, remedy: Remedy) -> None:
        reason = why_not(remedy, read_only=self._room.profile.read_only)
        if reason and remedy.key:
            self.post_message(Said(Note(f"{self.mask(remedy.title)}: {self.mask(reason)}", "careful", sticky=True)))
        elif remedy.key == "r":
            evidence = found.evidence
            self._plan(Wanted(action="resync", query=evidence.query.text, user=evidence.named_user))
        elif remedy.wanted:
            self._plan(remedy.wanted)
        else:
            self.app.push_screen(
                Reader("what to do", guide_page(remedy, self.mask), remedy.command or _letter(remedy)), self._copy
            )

    def _plan(self, wanted: Wanted) -> None:
        self.app.push_screen(PlanDialog(self._room, wanted, self.mask), self._after_plan)

    def action_cancel(self) -> None:
        """Asks how, then shows the plan."""
        held = running(self.found) if self.found else ()
        if not held:
            self.post_message(Said(Note("They have no subscription that could be cancelled.", "careful")))
            return
        ending = frozenset(one.id for one in held if one.ends_at)
        choices = cancel_choices(tuple(one.id for one in held), ending=ending)
        self.app.push_screen(Chooser("cancel a subscription", choices), self._cancel_chosen)

    def _cancel_chosen(self, choice: str | None) -> None:
        if choice:
            self._plan(cancel_wanted(choice))

    def action_grant(self) -> None:
        """Asks for tier, day and reason, then shows the plan."""
        if self.found:
            blanks = grant_blanks(self._room.profile, datetime.now(UTC).date())
            self.app.push_screen(Form("give a plan", blanks), self._grant_written)

    def _grant_written(self, written: dict[str, str] | None) -> None:
        if written and self.found:
            evidence = self.found.evidence
            self._plan(Wanted(action="grant", query=evidence.query.text, user=evidence.named_user, options=written))

    def action_sign_out(self) -> None:
        """Shows the plan of ending every session of theirs."""
        user = self.found.subject.user_id if self.found else None
        if user:
            self._plan(Wanted(action="sign out", query=user))
        else:
            self.post_message(Said(Note("It is not known who they are in Clerk.", "careful")))

    def action_relink(self) -> None:
        """Asks who is whose, then shows the plan."""
        if self.found:
            self.app.push_screen(Form("link a customer to a user", relink_blanks(self.found)), self._relink_written)

    def _relink_written(self, written: dict[str, str] | None) -> None:
        if written:
            self._plan(Wanted(action="relink", query=written["customer"], user=written["user"]))

    def _after_plan(self, written: bool | None) -> None:
        if written:
            self.post_message(self.Written())

    def action_actions_menu(self) -> None:
        if self.found:
            choices = menu(self.found, self.mask, read_only=self._room.profile.read_only)
            self.app.push_screen(Chooser("what can be done here", choices), self._chosen)

    async def _chosen(self, value: str | None) -> None:
        kind, _, rest = (value or "").partition(":")
        if kind == "remedy" and self.found:
            self._on_remedy(TicketView.RemedyChosen(self.found.remedies[int(rest)]))
        elif kind == "run":
            await self.run_action(rest)

    def _id_here(self) -> str:
        if self.row and self.row.names:
            return self.row.names
        subject = self.found.subject if self.found else None
        ids = [*subject.customer_ids, *filter(None, [subject.key])] if subject else []
        return next(iter(ids), self.visit.text if self.visit else "")

    def action_copy_id(self) -> None:
        remedy = self.remedy
        self._copy(remedy.command if remedy and remedy.command else self._id_here())

    def action_copy_evidence(self) -> None:
        if self.found:
            text = markdown(self.found, self.mask)
            self.app.copy_to_clipboard(text)
            masked = ", names and e-mails masked" if self.mask.on else ""
            self.post_message(Said(Note(f"Copied the evidence: {len(text.splitlines())} lines of Markdown{masked}. C shows it.")))

    def _copy(self, text: str | None) -> None:
        if text:
            self.app.copy_to_clipboard(text)
            self.post_message(Said(Note(f"Copied {self.mask(text)}")))

    def action_open_link(self) -> None:
        band, subject = self._room.band(), self.found.subject if self.found else None
        candidates = [self._id_here(), *(subject.customer_ids if subject else ())]
        links = [dashboard_link(each, band.mode, band.account_id) for each in candidates]
        link = next(filter(None, links), "")
        if link:
            self.app.push_screen(Reader("Stripe's Dashboard", link_page(link, demo=band.demo), link), self._copy)
        else:
            self.post_message(Said(Note("Stripe's Dashboard has no page for this.", "careful")))


def _letter(remedy: Remedy) -> str:
    """The reply to the customer, as it is to be pasted."""
    return "\n\n".join(remedy.steps) if remedy.name == "reply" else ""
