"""What tells the Customers screen from the Subscriptions screen, and where a list's rows come from."""

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from billing_tui.cache.rows import CustomerRow, EventRow, SubscriptionRow, View
from billing_tui.cache.shelf import Shelf
from billing_tui.tui.lists.columns import customer_columns, subscription_columns
from billing_tui.tui.lists.look import Look
from billing_tui.tui.table.columns import Column

Listed = Literal["customers", "subscriptions", "events"]
Held = CustomerRow | SubscriptionRow | EventRow


@dataclass(frozen=True)
class Listing:
    """A list: what the cache calls it, the screen's name, its columns, and a filter to show how one is written."""

    kind: Listed
    place: str
    columns: Callable[[Look, int], Sequence[Column[Any]]]
    example: str


LISTINGS: dict[str, Listing] = {
    "customers": Listing("customers", "Customers", customer_columns, "plan:pro status:past_due created:<30d anna"),
    "subscriptions": Listing("subscriptions", "Subscriptions", subscription_columns, "status:active plan:pro ends:<7d anna"),
}


@dataclass(frozen=True)
class FromCache:
    """A view of the cache as a table wants it."""

    shelf: Shelf
    view: View

    def ids(self, limit: int | None = None) -> "array[int]":
        """The rows' numbers, in the view's order."""
        return self.shelf.ids(self.view, limit)

    def rows(self, numbers: Sequence[int]) -> Sequence[Held | None]:
        """The rows with these numbers."""
        if self.view.kind == "customers":
            return self.shelf.rows("customers", numbers)
        if self.view.kind == "events":
            return self.shelf.rows("events", numbers)
        return self.shelf.rows("subscriptions", numbers)


def customer_of(held: Held) -> str:
    """Whose row it is."""
    return held.id if isinstance(held, CustomerRow) else held.customer_id
