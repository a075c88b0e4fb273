"""What the cache knows for the Tickets screen of whom a text may mean. Blocking, for threads."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the first paint waits for no cache
    from billing_tui.cache.rows import Match
    from billing_tui.cache.shelf import Shelf

MOST = 8
"""So many matches are shown."""


@dataclass(frozen=True)
class Found:
    """Whom a text may mean, by a cache that was last brought up to date at `read`; None where it never was."""

    text: str = ""
    matches: "tuple[Match, ...]" = ()
    read: datetime | None = None


NOBODY = Found()


def find(shelf: "Shelf", text: str) -> Found:
    """Whom this text may mean."""
    return Found(text, tuple(shelf.find(text, MOST)), shelf.synced_at)
