"""The bar of screens; a new screen joins by one line here."""

from typing import NamedTuple

from textual.content import Content

from billing_tui.tui.draw import row
from billing_tui.tui.theme import CHOSEN, DIM, LINK


class Place(NamedTuple):
    """A screen in the bar: its key, its name, and the name that fits a narrow terminal."""

    key: str
    name: str
    brief: str


PLACES = (
    Place("1", "Tickets", "Tickets"),
    Place("2", "Customers", "Customers"),
    Place("3", "Subscriptions", "Subs"),
    Place("4", "Tiers", "Tiers"),
    Place("5", "Webhooks", "Hooks"),
    Place("6", "Drift", "Drift"),
    Place("7", "Go-live", "Go-live"),
    Place("8", "Audit", "Audit"),
)


def bar(here: str, width: int) -> Content:
    """The bar with one screen marked."""
    narrow = width < 100
    drawn = []
    for place in PLACES:
        label = place.brief if narrow else place.name
        chosen = place.name == here
        drawn.append(row((f" {place.key} {label} ", CHOSEN)) if chosen else row((f" {place.key} ", LINK), (f"{label} ", DIM)))
    return Content("").join(drawn)
