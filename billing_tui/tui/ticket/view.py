"""One ticket on the screen: who, verdict, strip, remedies, and the evidence behind tabs."""

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import var

from billing_tui.diagnosis.privacy import Mask, mask_for
from billing_tui.model.diagnosis import Remedy
from billing_tui.tui.ticket.remedies import remedy_rows
from billing_tui.tui.ticket.strip import strip
from billing_tui.tui.ticket.tabs import TABS, tab_bar
from billing_tui.tui.ticket.verdict import header, verdict
from billing_tui.tui.visits import Visit
from billing_tui.tui.widgets.drawn import Drawn, nothing
from billing_tui.tui.widgets.rows import Row, Rows


class TicketView(Vertical):
    """Draws a visit. On a short terminal the pane that has the keys gets the room."""

    DEFAULT_CSS = """
    TicketView { height: 1fr; }
    TicketView > Drawn { padding: 0 1; }
    TicketView > #who { margin-bottom: 1; }
    TicketView > #verdict { margin-bottom: 1; }
    TicketView > #strip { margin-bottom: 1; }
    TicketView > #remedies { height: auto; max-height: 9; margin: 0 0 1 1; }
    TicketView > #evidence { height: 1fr; min-height: 3; }
    TicketView.-short > #remedies { max-height: 4; }
    TicketView.-short.-reading > #remedies { max-height: 1; }
    TicketView.-short.-reading > #verdict { max-height: 3; }
    TicketView.-low > #who, TicketView.-low > #verdict { margin-bottom: 0; }
    TicketView.-low > #verdict, TicketView.-low.-reading > #verdict { max-height: 2; }
    TicketView.-low > #remedies { margin-bottom: 0; max-height: 2; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("right", "tab(1)", "Next tab", show=False),
        Binding("left", "tab(-1)", "Tab before", show=False),
    ]

    tab: var[int] = var(0, init=False)

    class RemedyChosen(Message):
        """Enter on a remedy."""

        def __init__(self, remedy: Remedy) -> None:
            super().__init__()
            self.remedy = remedy

    def __init__(self) -> None:
        super().__init__(id="ticket")
        self.visit: Visit | None = None
        self.mask = Mask(on=False)

    def compose(self) -> ComposeResult:
        for name in ("who", "verdict", "strip"):
            yield Drawn(id=name)
        yield Rows(id="remedies")
        yield Drawn(id="tabs")
        yield Rows(id="evidence")

    def show(self, visit: Visit, *, privacy: bool, read_only: bool) -> None:
        """Draws what is known of a ticket; another ticket than before starts at its top."""
        other = self.visit is None or self.visit.text != visit.text
        self.visit, found = visit, visit.diagnosis
        mask = self.mask = mask_for(found, privacy)
        self._drawn("who").show(lambda width: header(visit, mask, width))
        self._drawn("verdict").show(lambda width: verdict(visit, mask, width))
        self._drawn("strip").show((lambda width: strip(found.strip, width)) if found and found.strip else nothing)
        remedies = self.query_one("#remedies", Rows)
        remedies.show(lambda width: remedy_rows(found, mask, width, read_only=read_only) if found else (), keep=not other)
        if found and found.remedies and not remedies.display:
            remedies.display = True
            self.call_after_refresh(self._settle_keys)
        elif not found or not found.remedies:
            remedies.display = False
        if other:
            self.set_reactive(TicketView.tab, 0)
        self._show_tab(keep=not other)

    def _drawn(self, name: str) -> Drawn:
        return self.query_one(f"#{name}", Drawn)

    def _show_tab(self, *, keep: bool) -> None:
        found, mask, tab = self.visit and self.visit.diagnosis, self.mask, self.tab
        self._drawn("tabs").show((lambda width: tab_bar(tab, found, width)) if found else nothing)
        self.query_one("#evidence", Rows).show(lambda width: TABS[tab].rows(found, mask, width) if found else (), keep=keep)

    def watch_tab(self) -> None:
        self._show_tab(keep=False)

    def action_tab(self, step: int) -> None:
        self.tab = (self.tab + step) % len(TABS)

    def take_keys(self) -> None:
        """Gives the keys to the remedies, or to the evidence where there are none."""
        remedies = self.query_one("#remedies", Rows)
        (remedies if remedies.display else self.query_one("#evidence", Rows)).focus(scroll_visible=False)

    def _settle_keys(self) -> None:
        """The remedies have come: they get the keys, unless somebody is already reading."""
        evidence = self.query_one("#evidence", Rows)
        if evidence.has_focus and evidence.cursor == 0 and self.tab == 0:
            self.take_keys()

    @property
    def remedy(self) -> Remedy | None:
        """The remedy under the cursor, while the remedies have the keys."""
        rows = self.query_one("#remedies", Rows)
        return self._remedy(rows.current) if rows.has_focus else None

    @property
    def row(self) -> Row | None:
        """The row of evidence under the cursor, while the evidence has the keys."""
        rows = self.query_one("#evidence", Rows)
        return rows.current if rows.has_focus else None

    def _remedy(self, row: Row | None) -> Remedy | None:
        found = self.visit.diagnosis if self.visit else None
        return found.remedies[int(row.names)] if found and row and int(row.names) < len(found.remedies) else None

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.height < 25, "-short")
        self.set_class(event.size.height < 17, "-low")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        self.set_class(event.widget.id == "evidence", "-reading")

    def on_rows_chosen(self, event: Rows.Chosen) -> None:
        event.stop()
        remedy = self._remedy(event.row) if event.rows.id == "remedies" else None
        if remedy:
            self.post_message(self.RemedyChosen(remedy))
