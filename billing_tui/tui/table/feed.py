"""Where a table's rows come from, and the fetching of them off the event loop: of several wishes only the newest is followed."""

import asyncio
from array import array
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from billing_tui.tui.table.order import place_of

R_co = TypeVar("R_co", covariant=True)
R = TypeVar("R")
T = TypeVar("T")

FIRST = 256
"""So many are asked for first, to draw at once; then all."""
PAUSE = 0.12
"""Seconds for somebody who types to go on before all are asked for."""


class Source(Protocol[R_co]):
    """An order and its rows. Both block, and are called in threads; they raise `Problem` and nothing else on purpose."""

    def ids(self, limit: int | None = None) -> "array[int]":
        """The numbers of the rows in their order, all or the first of them."""
        ...

    def rows(self, numbers: Sequence[int]) -> Sequence[R_co | None]:
        """The rows with these numbers; None for one that is gone."""
        ...


@dataclass(frozen=True)
class Wish(Generic[R]):
    """An order that is wanted. With `same` it is the one on the screen, asked for again."""

    source: Source[R]
    same: bool


def whole(source: Source[R], number: int | None) -> tuple["array[int]", int | None]:
    """Every number, and where this one stands among them."""
    numbers = source.ids()
    return numbers, place_of(numbers, number)


async def unless(gone: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """What the work comes to; None as soon as nobody wants it any more. A thread of its own then ends unheard."""
    task, other = asyncio.ensure_future(work), asyncio.ensure_future(gone.wait())
    try:
        await asyncio.wait({task, other}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            return task.result()
        task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        return None
    finally:
        other.cancel()
        if not task.done():
            task.cancel()
