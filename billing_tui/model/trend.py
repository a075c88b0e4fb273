"""What the causes of tickets were over time: counts, and nobody's name."""

from msgspec import Struct


class Cause(Struct, frozen=True, kw_only=True):
    """One rule's tickets: `count` of the latest days, `before` of as many days before them."""

    rule: str
    name: str = ""
    count: int
    before: int = 0


class Trend(Struct, frozen=True, kw_only=True):
    """The causes of the latest `days`, most frequent first; `healthy` tickets had none.

    `compared` says whether anything was counted in the days before, so that a count of none there means something.
    """

    days: int
    causes: tuple[Cause, ...] = ()
    healthy: int = 0
    compared: bool = False

    @property
    def tickets(self) -> int:
        """All that were diagnosed."""
        return self.healthy + sum(cause.count for cause in self.causes)
