"""What the keys of a list do with its rows: diagnose, copy, link, walk, leave; and the plans that they lead to."""

from typing import Any

import msgspec
from textual.widget import Widget

from billing_tui.cache.rows import SubscriptionRow
from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.change import Wanted
from billing_tui.tui.actions import Owner, available, bindings
from billing_tui.tui.dialogs.chooser import Choice, Chooser
from billing_tui.tui.dialogs.pages import link_page
from billing_tui.tui.dialogs.plan import PlanDialog
from billing_tui.tui.dialogs.reader import Reader
from billing_tui.tui.frame.notice import Note
from billing_tui.tui.links import dashboard_link
from billing_tui.tui.lists.help import list_help
from billing_tui.tui.lists.listing import customer_of
from billing_tui.tui.lists.panes import PanedList
from billing_tui.tui.widgets.rows import Rower
from billing_tui.tui.writes import cancel_choices, cancel_wanted


class ObjectList(PanedList):
    """A list with its keys."""

    BINDINGS = bindings("list")

    @property
    def owners(self) -> dict[Owner, Widget]:
        return {"list": self}

    def help(self) -> Rower:
        return list_help(self._listing, read_only=self._room.profile.read_only)

    @property
    def _id_here(self) -> str:
        """The id under the cursor, in the pane or in the table."""
        if self.detail.has_focus and self.detail.current and self.detail.current.names:
            return self.detail.current.names
        held = self.sheet.rows.current
        return str(held.id) if held is not None else ""

    def _taken(self) -> list[Any]:
        """The marked rows as far as they are held, else the one under the cursor."""
        rows = self.sheet.rows
        marked = [rows.pages.get(number) for number in sorted(rows.order.marks)]
        return [held for held in marked if isinstance(held, msgspec.Struct)] or ([rows.current] if rows.current else [])

    def action_filter_list(self) -> None:
        self.filter.take_keys()

    def action_diagnose_row(self) -> None:
        """Opens a ticket for whom the row is about."""
        page = self.detail.page if self.detail.open else None
        held = self.sheet.rows.current
        whose = page.customer_id if page else customer_of(held) if held is not None else ""
        if whose:
            self.post_message(self.DiagnosisAsked(whose))
        else:
            self.tell(Note("Nobody is known for this row.", "careful"))

    def action_copy_row_id(self) -> None:
        taken = self._taken()
        several = not self.detail.has_focus and self.sheet.rows.order.marks
        text = "\n".join(held.id for held in taken) if several else self._id_here
        if text:
            self.app.copy_to_clipboard(text)
            self.tell(Note(f"Copied {len(taken)} ids." if several else f"Copied {text}"))

    def action_copy_row(self) -> None:
        """The row, or the marked ones, as JSON."""
        taken = self._taken()
        if not taken:
            return
        if self._look.privacy:
            self.tell(Note("Names and e-mails are masked; a copy would show them. p shows them first.", "careful"))
            return
        document = taken[0] if len(taken) == 1 else taken
        self.app.copy_to_clipboard(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
        self.tell(Note(f"Copied {len(taken)} row{'' if len(taken) == 1 else 's'} as JSON, from the cache."))

    def action_resync_rows(self) -> None:
        """Shows the plan for whom the marked rows, or the one under the cursor, are about."""
        names = list(dict.fromkeys(filter(None, (customer_of(held) for held in self._taken()))))
        if not names:
            self.tell(Note("Nobody is known for this row.", "careful"))
            return
        self.plan(Wanted(action="resync several" if len(names) > 1 else "resync", query=" ".join(names)))

    def action_cancel_row(self) -> None:
        """Asks how the subscription under the cursor is to end, then shows the plan."""
        held = self.sheet.rows.current
        if not isinstance(held, SubscriptionRow):
            self.tell(Note("Cancel on the Subscriptions screen, 3, or in a ticket.", "careful"))
        elif held.ended_at:
            self.tell(Note("It has ended already.", "careful"))
        else:
            choices = cancel_choices((held.id,), ending=frozenset({held.id} if held.ends_at else ()))
            self.app.push_screen(Chooser("cancel a subscription", choices), self._cancel_chosen)

    def _cancel_chosen(self, choice: str | None) -> None:
        if choice:
            self.plan(cancel_wanted(choice))

    def plan(self, wanted: Wanted) -> None:
        """Shows the plan of a write."""
        self.app.push_screen(PlanDialog(self._room, wanted, Mask(self._look.privacy)), self._after_plan)

    def _after_plan(self, written: bool | None) -> None:
        if written:
            self.action_sync_now()

    def action_link_row(self) -> None:
        band, here = self._room.band(), self._id_here
        held = self.sheet.rows.current
        candidates = [here, self.detail.here, held.id if held is not None else ""]
        links = (dashboard_link(each, band.mode, band.account_id) for each in candidates)
        link = next(filter(None, links), "")
        if link:
            self.app.push_screen(Reader("Stripe's Dashboard", link_page(link, demo=band.demo), link), self._copy_link)
        else:
            self.tell(Note("Stripe's Dashboard has no page for this.", "careful"))

    def _copy_link(self, link: str | None) -> None:
        if link:
            self.app.copy_to_clipboard(link)
            self.tell(Note(f"Copied {link}"))

    def action_row_menu(self) -> None:
        """Everything that can be done with the row."""
        here = available(self.place, read_only=self._room.profile.read_only)
        nothing = "" if self._taken() else "there is no row under the cursor"
        own = [each for each in here if each.owner in self.owners and each.group == "This row" and each.run != "row_menu"]
        choices = [Choice(each.run, each.key, each.title, each.group, nothing) for each in own]
        self.app.push_screen(Chooser("what can be done here", choices), self._chosen)

    async def _chosen(self, run: str | None) -> None:
        if run:
            await self.run_action(run)

    def action_walk(self, step: int) -> None:
        """Back and forward through the objects of the pane."""
        if self.detail.open and not self.detail.walk(step):
            self.tell(Note("There is nothing further that way.", "careful"))

    def action_leave_list(self) -> None:
        """Leaves the input; ends the sync; then the pane, step by step; then the marks."""
        if self.filter.typing:
            self.take_list()
        elif self.stop_sync():
            return
        elif self.detail.open:
            if not self.detail.walk(-1):
                self.close_detail()
        elif self.sheet.rows.order.marks:
            self.sheet.rows.unmark()
        else:
            self.tell(None)
