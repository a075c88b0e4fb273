"""The mistakes that the app can be told to make, each named after what a developer would have got wrong."""

from dataclasses import dataclass, field
from typing import Literal

Redirect = Literal["", "slash", "https", "www"]
Wall = Literal["", "sign-in", "edge", "no path", "hang up"]


@dataclass
class Faults:
    """Everything off is a sound app. Sets hold the Stripe customer ids that a fault concerns, and only those."""

    wrong_secret: str = ""
    """The webhook secret that the app was deployed with instead of its own."""
    redirect: Redirect = ""
    """The host answers the configured path with a 308 to this variant of it; `slash` is then served."""
    wall: Wall = ""
    """What stands before the app: its own sign-in, the edge, an empty path, or a host that hangs up."""
    broken_check: bool = False
    """The code that verifies signatures is handed a parsed body, and refuses everything."""
    trusting: bool = False
    """Takes whatever is posted, signed or not."""
    timeless: bool = False
    """Looks at the signature, and not at when it was made."""
    slow: float = 0.0
    """Seconds before each answer."""
    crash: bool = False
    """The handler of every known event type raises."""
    ignore: set[str] = field(default_factory=set)
    """Answers 200 and does nothing."""
    mark_then_crash: set[str] = field(default_factory=set)
    """Marks the event as processed, then raises: the retry is taken for a duplicate."""
    skip_database: set[str] = field(default_factory=set)
    skip_clerk: set[str] = field(default_factory=set)
    first_item_only: set[str] = field(default_factory=set)
    """Takes the plan from a subscription's first item, whatever it is."""
    old_shape: set[str] = field(default_factory=set)
    """Reads the period where the API had it before basil, and finds none."""
