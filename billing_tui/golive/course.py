"""How far a guided run is: its hops, from the coupon that makes a purchase free to the coupon gone again. Pure."""

from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, structs

HopState = Literal["to come", "now", "done", "broken", "left out"]
_TITLES = {
    "coupon": "A coupon that takes everything off one purchase",
    "checkout": "Somebody buys with it, in the app",
    "subscription": "Stripe has it, and it leads to a tier",
    "delivery": "Stripe's events arrive at the app",
    "clerk": "Clerk has the tier",
    "database": "The database has the tier",
    "portal": "The customer portal opens",
    "again": "The same event once more changes nothing",
    "cancel": "The subscription is cancelled",
    "free": "The plan is back to what nobody pays for",
    "removed": "The coupon is gone",
}


class Hop(Struct, frozen=True, kw_only=True):
    """One station of the run; `at` is when it was ticked."""

    name: str
    title: str
    state: HopState = "to come"
    at: datetime | None = None
    says: str = ""


class Course(Struct, frozen=True, kw_only=True):
    """The run as far as it is. `todo` is what a person is to do now; `customer` is whose diagnosis tells more."""

    hops: tuple[Hop, ...]
    code: str
    todo: str = ""
    customer: str = ""
    over: bool = False

    def hop(self, name: str) -> Hop:
        """One of them."""
        return next(hop for hop in self.hops if hop.name == name)

    def put(self, name: str, **changed: Any) -> "Course":
        """The same with something of one hop changed."""
        hops = tuple(structs.replace(hop, **changed) if hop.name == name else hop for hop in self.hops)
        return structs.replace(self, hops=hops)

    def stopped(self, at: datetime, says: str) -> "Course":
        """Broken at the first hop that is not through; what was under way beside it did not come to pass."""
        first = next((hop.name for hop in self.hops if hop.state in ("now", "to come")), "")
        held = self
        for hop in self.hops:
            if hop.name == first:
                held = held.put(first, state="broken", at=at, says=says)
            elif hop.state == "now":
                held = held.put(hop.name, state="to come")
        return held

    @property
    def broken(self) -> Hop | None:
        """Where it stopped."""
        return next((hop for hop in self.hops if hop.state == "broken"), None)


def beginning(code: str) -> Course:
    """Nothing has happened yet."""
    return Course(hops=tuple(Hop(name=name, title=title) for name, title in _TITLES.items()), code=code)
