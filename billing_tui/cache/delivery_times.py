"""How long deliveries took, which Stripe does not tell: from when events were made to when they were seen to be taken everywhere.

Each figure is an upper bound, since this tool looks now and then; events that were first seen late tell nothing and are left out,
and what is still waited for counts as longer than all. Blocking, on a connection that the caller gives.
"""

import sqlite3
from collections.abc import Collection

from msgspec import Struct

BOUNDS = (10, 60, 300, 3600, 86400)
"""Seconds; a histogram has one more place, for what took longer or is still waited for."""
_MOST = 20_000
FEW = 5
"""Fewer deliveries than that have no distribution."""


class DeliveryTimes(Struct, frozen=True, kw_only=True):
    """A distribution. `median` and `p95` are seconds, at most; None where there are too few, or so many are still waited for."""

    count: int
    waiting: int
    median: int | None
    p95: int | None
    histogram: tuple[int, ...]


def delivery_times(database: sqlite3.Connection, types: Collection[str], since: int, until: int) -> DeliveryTimes:
    """That of the events of these types, or of all, made between two moments; of very many the newest."""
    of_types = f"and type in ({','.join('?' * len(types))})" if types else ""
    sql = f"""select taken - created from events where seen is not null and created > ? and created <= ? {of_types}
        order by created desc limit ?"""  # noqa: S608 - question marks
    held = [row[0] for row in database.execute(sql, [since, until, *types, _MOST])]
    took = sorted(max(seconds, 0) for seconds in held if seconds is not None)
    places = [sum(seconds <= bound for seconds in took) for bound in BOUNDS]
    counts = [now - before for before, now in zip((0, *places), places, strict=False)]
    return DeliveryTimes(
        count=len(held),
        waiting=len(held) - len(took),
        median=_within(took, len(held), 0.5),
        p95=_within(took, len(held), 0.95),
        histogram=(*counts, len(held) - places[-1]),
    )


def _within(took: list[int], count: int, share: float) -> int | None:
    """So many seconds within which this share of all was taken."""
    place = max(int(count * share + 0.999999) - 1, 0)
    return took[place] if count >= FEW and place < len(took) else None
