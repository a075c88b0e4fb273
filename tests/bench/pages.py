"""The processor time that a page of 100 customers costs: read, committed so that it can be searched, and on which thread."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from billing_tui.cache.book import Book
from billing_tui.cache.connections import Connections
from billing_tui.cache.objects import ListedCustomer
from billing_tui.cache.state import EVER, Window
from billing_tui.opening import Openings, open_services
from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import start
from billing_tui.sandbox.stripe import objects
from billing_tui.services.stripe import Page, Stripe
from billing_tui.settings.secret import Secret
from tests.bench import people
from tests.bench.figures import ms
from tests.bench.ground import Ground
from tests.bench.table import Line

_PAGE = 100
_PAGES = 60
_HELD = 100_000
_AT_ONCE = 2_000


class Costs:
    """Processor seconds of a page: parsed by `json`, read into structs, committed, and how much of the last was the loop's."""

    def __init__(self) -> None:
        self.json: list[float] = []
        self.structs: list[float] = []
        self.rows: list[float] = []
        self.loop: list[float] = []

    def line(self, what: str, ours: list[float], most: float) -> Line:
        """Against the floor."""
        times = median(cost / floor for cost, floor in zip(ours, self.json, strict=True))
        return Line(
            f"page of {_PAGE} customers: {what}, processor time",
            "json.loads of the same bytes",
            f"at most {most:.0f} times it",
            f"{times:.2f} times: {ms(median(ours))} against {ms(median(self.json))}",
            times <= most,
        )


def bars(ground: Ground) -> Iterator[Line]:
    """Into an empty cache, and into one that holds a hundred thousand."""
    bodies = list(_bodies())
    empty = asyncio.run(_costs(ground, bodies, 0))
    full = asyncio.run(_costs(ground, bodies, _HELD))
    yield empty.line("bytes to structs", empty.structs, 2)
    yield empty.line("bytes to committed, searchable rows", empty.rows, 8)
    yield full.line(f"the same where {_HELD:,} are cached", full.rows, 8)
    shares = [on / all_of_it for on, all_of_it in zip(full.loop, full.rows, strict=True)]
    yield Line(
        "of that, on the event loop",
        "-",
        "off it: below json.loads of a page",
        f"{median(shares):.0%}: {ms(median(full.loop))} of {ms(median(full.rows))}",
        median(full.loop) < median(full.json),
    )


def _bodies() -> Iterator[bytes]:
    """Pages with every field that Stripe sends, of customers whom no cache of ours holds yet."""
    running = start(SandboxOptions(customers=0, stages=()))
    account = running.world.stripe("test")
    for start_at in range(_HELD, _HELD + _PAGES * _PAGE, _PAGE):
        held = [people.customer(number) for number in range(start_at, start_at + _PAGE)]
        facts = [{name: value for name, value in one.items() if name not in ("object", "delinquent")} for one in held]
        yield people.page([objects.customer(account, country="DE", **one) for one in facts], has_more=True)
    running.stop()


async def _costs(ground: Ground, bodies: list[bytes], held: int) -> Costs:
    secret = Secret("sk_test_bench", "stripe_key", "memory")
    services = open_services(Openings(ground.profile(), lambda slot: secret if slot == "stripe_key" else None))
    if not isinstance(services.stripe, Stripe):
        raise services.stripe
    api, connections = services.stripe.api, Connections(_file(ground, held))
    book = Book(connections, api, ground.profile())
    await book.begin(1, time.time(), ("customers",), people.page([], has_more=False))
    await book.settle()
    window = Window(1, "customers", 0, EVER)
    for body in people.customers(held, _AT_ONCE):
        await book.page(window, body, 1)
    costs = Costs()
    for body in bodies:
        costs.json.append(_spent(json.loads, body))
        costs.structs.append(_spent(api.decode, body, Page[ListedCustomer]))
        everybody, loop = time.process_time(), time.thread_time()
        await book.page(window, body, 1)
        costs.rows.append(time.process_time() - everybody)
        costs.loop.append(time.thread_time() - loop)
    connections.close()
    await services.close()
    return costs


def _file(ground: Ground, held: int) -> Path:
    return ground.state() / f"cache-of-{held}.db"


def _spent(work: Callable[..., Any], *arguments: Any) -> float:
    started = time.process_time()
    work(*arguments)
    return time.process_time() - started
