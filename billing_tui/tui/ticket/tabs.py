"""The tabs under a ticket: one line here for each, and the line that shows which is open."""

from collections.abc import Callable
from typing import NamedTuple

from textual.content import Content

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import age_of
from billing_tui.tui.draw import row
from billing_tui.tui.theme import CHOSEN, DIM
from billing_tui.tui.ticket.clerk import clerk_rows
from billing_tui.tui.ticket.database import database_rows
from billing_tui.tui.ticket.deliveries import delivery_rows
from billing_tui.tui.ticket.rules import rule_rows, tally
from billing_tui.tui.ticket.stripe import stripe_rows
from billing_tui.tui.ticket.table import heading
from billing_tui.tui.ticket.timeline import timeline_rows
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp


class Tab(NamedTuple):
    """A tab: its name, its rows for a ticket at a width, and which pieces of the evidence it shows."""

    name: str
    draw: Callable[[Diagnosis, Mask, int], tuple[Row, ...]]
    pieces: tuple[str, ...] = ()

    def rows(self, found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
        """What is under the tab; above it, where it comes from the cache, when it was last true."""
        evidence = found.evidence
        cached = age_of(evidence, *self.pieces) if self.pieces else None
        drawn = self.draw(found, mask, width)
        if cached is None:
            return drawn
        return (heading("From the cache", width, f"as of {stamp(cached, evidence.at)}"), *drawn)


TABS = (
    Tab("Timeline", timeline_rows, ("customers", "subscriptions", "events")),
    Tab("Stripe", stripe_rows, ("customers", "subscriptions")),
    Tab("Deliveries", delivery_rows, ("events",)),
    Tab("Clerk", clerk_rows, ("users", "organization")),
    Tab("Database", database_rows, ("rows",)),
    Tab("Rules", rule_rows),
)


def tab_bar(here: int, found: Diagnosis | None, width: int) -> Content:
    """The names, the open one marked; the tally of the rules beside theirs."""
    names = [row((f" {tab.name} ", CHOSEN if number == here else DIM)) for number, tab in enumerate(TABS)]
    drawn = Content(" ").join(names)
    for brief in (False, True):
        counted = row((" " + tally(found, brief=brief), DIM)) if found else Content()
        if drawn.cell_length + counted.cell_length <= width:
            return Content.assemble(drawn, counted)
    return drawn
