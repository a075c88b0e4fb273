"""The processor time that a page of 100 customers costs: read, committed so that it can be searched, and on which thread."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any, NamedTuple

from billing_tui.cache.book import Book
from billing_tui.cache.connections import Connections
from billing_tui.cache.objects import ListedCustomer
from billing_tui.cache.state import EVER, Window
from billing_tui.opening import open_services
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import start
from billing_tui.sandbox.stripe import objects
from billing_tui.sandbox.stripe.account import Account
from billing_tui.services.stripe import Page, Stripe
from billing_tui.services.stripe_api import StripeApi
from billing_tui.settings.openings import Openings
from billing_tui.settings.secret import Secret
from tests.bench import people
from tests.bench.figures import middle, ms, ratio
from tests.bench.ground import Ground
from tests.bench.table import Line

_PAGE = 100
_PAGES = 200
"""So many in a round, since rows join the search index in batches: whoever measures one page measures no batch, or all of one."""
_ROUNDS = 5
_HELD = 100_000
_AT_ONCE = 2_000


class Costs(NamedTuple):
    """Processor seconds of a page, on average over a round: parsed by `json`, read into structs, committed and in the search
    index, and how much of the last was the event loop's."""

    json: float
    structs: float
    rows: float
    loop: float


def bars(ground: Ground) -> Iterator[Line]:
    """Into an empty cache, and into one that holds a hundred thousand."""
    rounds = list(_rounds())
    empty = [asyncio.run(_costs(ground, [bodies], 0))[0] for bodies in rounds]
    full = asyncio.run(_costs(ground, rounds, _HELD))
    yield _line("bytes to structs", [(held.structs, held.json) for held in empty], 2)
    yield _line("bytes to committed, searchable rows", [(held.rows, held.json) for held in empty], 8)
    yield _line(f"the same where {_HELD:,} are cached", [(held.rows, held.json) for held in full], 8)
    loop, rows, floor = (median(part) for part in zip(*((held.loop, held.rows, held.json) for held in full), strict=True))
    yield Line(
        "of that, on the event loop",
        "json.loads of a page",
        "off it: less than that",
        f"{loop / rows:.0%}: {ms(loop)} of {ms(rows)}",
        loop < floor,
    )


def _line(what: str, pairs: list[tuple[float, float]], most: float) -> Line:
    ours, floor = middle(pairs)
    times = ratio(pairs)
    return Line(
        f"page of {_PAGE} customers: {what}, processor time",
        "json.loads of the same bytes",
        f"at most {most:.0f} times it",
        f"{times:.2f} times: {ms(ours)} against {ms(floor)}",
        times <= most,
    )


def _rounds() -> Iterator[list[bytes]]:
    """Pages with every field that Stripe sends, of customers whom no cache of ours holds yet."""
    running = start(SandboxOptions(customers=0, stages=()))
    account = running.world.stripe("test")
    for first in range(_HELD, _HELD + _ROUNDS * _PAGES * _PAGE, _PAGES * _PAGE):
        pages = [range(at, at + _PAGE) for at in range(first, first + _PAGES * _PAGE, _PAGE)]
        yield [people.page([_whole(account, number) for number in page], has_more=True) for page in pages]
    running.stop()


def _whole(account: Account, number: int) -> people.Json:
    facts = {name: value for name, value in people.customer(number).items() if name not in ("object", "delinquent")}
    return objects.customer(account, country="DE", **facts)


async def _costs(ground: Ground, rounds: list[list[bytes]], held: int) -> list[Costs]:
    """Each round's, one after another into one cache that holds so many before. What a listing does at its end for all rows is
    shared out among all pages."""
    secret = Secret("sk_test_bench", "stripe_key", "memory")
    services = open_services(Openings(ground.profile(), lambda slot: secret if slot == "stripe_key" else None))
    if not isinstance(services.stripe, Stripe):
        raise services.stripe
    connections = Connections(ground.state() / "cache.db")
    book = Book(connections, services.stripe.api, ground.profile())
    await book.begin(1, time.time(), ("customers",), people.page([], has_more=False))
    await book.settle()
    for body in people.customers(held, _AT_ONCE):
        await book.keep(_window(), await book.page("customers", body), 1, done=False)
    found = [await _round(book, services.stripe.api, bodies) for bodies in rounds]
    everybody, loop = time.process_time(), time.thread_time()
    await book.arrange()
    pages = held // _PAGE + len(rounds) * _PAGES
    everybody, loop = (time.process_time() - everybody) / pages, (time.thread_time() - loop) / pages
    connections.close()
    await services.close()
    return [costs._replace(rows=costs.rows + everybody, loop=costs.loop + loop) for costs in found]


async def _round(book: Book, api: StripeApi, bodies: list[bytes]) -> Costs:
    parsed = median(_spent(json.loads, body) for body in bodies)
    read = median(_spent(api.decode, body, Page[ListedCustomer]) for body in bodies)
    everybody, loop = time.process_time(), time.thread_time()
    for body in bodies:
        await book.keep(_window(), await book.page("customers", body), 1, done=False)
    everybody, loop = time.process_time() - everybody, time.thread_time() - loop
    return Costs(parsed, read, everybody / len(bodies), loop / len(bodies))


def _window() -> Window:
    return Window(1, "customers", 0, EVER)


def _spent(work: Callable[..., Any], *arguments: Any) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started
