"""Tells of what happened: events at one moment with one way of being heard.

Leaves out what is older than events live, since nobody could ever see it.
"""

from dataclasses import dataclass, field

from billing_tui.sandbox.stripe.account import EVENT_LIFE, Account, Hearing
from billing_tui.sandbox.stripe.table import Obj


@dataclass
class Scribe:
    """`at` None means now."""

    account: Account
    at: int | None = None
    hearing: Hearing = "now"
    events: list[Obj] = field(default_factory=list)

    @property
    def moment(self) -> int:
        """The moment that is told of."""
        return self.account.now() if self.at is None else self.at

    def tell(self, kind: str, obj: Obj, previous: Obj | None = None) -> None:
        """One event, unless it would be too old to be seen."""
        if self.moment < self.account.now() - EVENT_LIFE:
            return
        self.events.append(self.account.emit(kind, obj, previous, at=self.moment, hearing=self.hearing))
