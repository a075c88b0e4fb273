"""Something that needs attention, and whether somebody wants to hear of it."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

Silence = Literal["acknowledged", "ignored"]


class Notice(Struct, frozen=True, kw_only=True):
    """How many, of what, and the list and words that show them, or the ticket that says why.

    Attributes:
        key: Names it for as long as it lasts and when it comes back; holds nobody's name.
        measure: How bad it is: an acknowledged notice is heard of again when this has grown.
    """

    key: str
    count: int
    what: str
    note: str
    place: str = ""
    words: str = ""
    ticket: str = ""
    measure: int = 1
    silence: Silence | None = None


class Attention(Struct, frozen=True, kw_only=True):
    """All that needs attention, by a cache that was last brought up to date at `read`; None where it never was."""

    notices: tuple[Notice, ...] = ()
    read: datetime | None = None
