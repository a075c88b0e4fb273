"""What the pane beside a list shows of one object: read from the cache in a thread, then drawn."""

from dataclasses import dataclass

from billing_tui.cache.rows import CustomerRow, EventRow, SubscriptionRow
from billing_tui.cache.shelf import Shelf

MOST_EVENTS = 60
"""So many of an object's events are listed."""


@dataclass(frozen=True)
class Page:
    """An object with what belongs to it, as far as the cache has it. `customer` is itself on a customer's page."""

    id: str
    customer: CustomerRow | None = None
    subscription: SubscriptionRow | None = None
    event: EventRow | None = None
    subscriptions: tuple[SubscriptionRow, ...] = ()
    events: tuple[EventRow, ...] = ()

    @property
    def held(self) -> CustomerRow | SubscriptionRow | EventRow | None:
        """The object itself; None where the cache does not have it."""
        return self.event or self.subscription or self.customer

    @property
    def customer_id(self) -> str:
        """Whom it belongs to; "" where nobody is known."""
        held = self.held
        return "" if held is None else held.id if isinstance(held, CustomerRow) else held.customer_id


def page_of(shelf: Shelf, object_id: str) -> Page:
    """Reads a page; blocks. What is no customer, subscription or event of the cache has the events alone."""
    kind = object_id.partition("_")[0]
    events = () if kind == "evt" else tuple(shelf.events_of(object_id, MOST_EVENTS))
    if kind == "cus":
        held = shelf.one("customers", object_id)
        return Page(object_id, customer=held, subscriptions=tuple(shelf.subscriptions_of(object_id)), events=events)
    if kind == "sub":
        found = shelf.one("subscriptions", object_id)
        theirs = shelf.one("customers", found.customer_id) if found else None
        return Page(object_id, subscription=found, customer=theirs, events=events)
    if kind == "evt":
        event = shelf.one("events", object_id)
        whose = shelf.one("customers", event.customer_id) if event and event.customer_id else None
        return Page(object_id, event=event, customer=whose)
    return Page(object_id, events=events)


def walkable(object_id: str) -> bool:
    """Whether the cache may have a page for this id."""
    return object_id.startswith(("cus_", "sub_", "evt_", "in_", "pi_", "ch_", "cs_"))
