"""What stands on test clocks: Stripe leaves it out of its lists, so each clock is asked for its own. There are none in live mode.

A server that knows no clocks, or a key that may not read them, ends nothing: what happens on them is still told by events.
"""

from billing_tui.cache.book import Book
from billing_tui.cache.objects import Clock
from billing_tui.cache.source import Source
from billing_tui.cache.store import Table
from billing_tui.model.problem import Problem

_HIDDEN: tuple[Table, ...] = ("customers", "subscriptions")


async def read_clocks(source: Source, book: Book, run: int) -> None:
    """Reads all customers and subscriptions on test clocks. Raises what `Source.hidden` does."""
    for clock in await _clocks(source, book):
        for table in _HIDDEN:
            after, more = "", True
            while more:
                after, more = await book.hidden(table, await source.hidden(table, clock.id, after), run)


async def _clocks(source: Source, book: Book) -> list[Clock]:
    found: list[Clock] = []
    more = True
    while more:
        try:
            page = book.clocks(await source.clocks(found[-1].id if found else ""))
        except Problem:
            return found
        found += page.data
        more = page.has_more and bool(page.data)
    return found
