"""Caches as large as they get, filled through the package's own book and kept between runs outside of the repository.

One is made again when the schema or the generator has changed.
"""

import asyncio
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import platformdirs

from billing_tui.cache import state
from billing_tui.cache.book import Book
from billing_tui.cache.connections import Connections
from billing_tui.cache.places import cache_path
from billing_tui.cache.schema import VERSION
from billing_tui.cache.state import EVER, Window
from billing_tui.cache.store import Table
from billing_tui.opening import open_services
from billing_tui.services.stripe import Stripe
from billing_tui.settings.openings import Openings
from billing_tui.settings.paths import private_dir
from billing_tui.settings.secret import Secret
from tests.bench import people
from tests.bench.ground import ACCOUNT, Ground, say

MILLION = 1_000_000
FEW = 1_000
_AT_ONCE = 2_000
_KEPT = platformdirs.user_cache_path("billing-tui-bench", appauthor=False)


def cache_home(ground: Ground, customers: int) -> Path:
    """What `XDG_CACHE_HOME` has to be for the program to find a cache of so many customers, half as many subscriptions."""
    kept = _KEPT / f"schema-{VERSION}.{people.GENERATION}"
    home = kept / str(customers)
    path = cache_path(home / "billing-tui", ACCOUNT, "test")
    if not path.exists():
        say(f"filling a cache with {customers:,} customers; it is kept below {_KEPT}")
        for old in set(_KEPT.glob("schema-*")) - {kept}:
            shutil.rmtree(old, ignore_errors=True)
        with TemporaryDirectory(prefix="unfinished-", dir=private_dir(path.parent)) as unfinished:
            made = Path(unfinished) / path.name
            asyncio.run(_fill(ground, made, customers))
            made.rename(path)
    return home


def log_home(ground: Ground, events: int) -> Path:
    """The same for a cache of so many events, of few people."""
    home = _KEPT / f"schema-{VERSION}.{people.GENERATION}" / f"log-{events}"
    path = cache_path(home / "billing-tui", ACCOUNT, "test")
    if not path.exists():
        say(f"filling a cache with {events:,} events; it is kept below {_KEPT}")
        with TemporaryDirectory(prefix="unfinished-", dir=private_dir(path.parent)) as unfinished:
            made = Path(unfinished) / path.name
            asyncio.run(_fill(ground, made, FEW, events))
            made.rename(path)
    return home


def cache_file(ground: Ground, customers: int) -> Path:
    """The same cache, as a file."""
    return cache_path(cache_home(ground, customers) / "billing-tui", ACCOUNT, "test")


async def _fill(ground: Ground, path: Path, customers: int, events: int = 0) -> None:
    profile = ground.profile()
    services = open_services(
        Openings(profile, lambda slot: Secret("sk_test_bench", slot, "memory") if slot == "stripe_key" else None)
    )
    if not isinstance(services.stripe, Stripe):
        raise services.stripe
    connections = Connections(path)
    book = Book(connections, services.stripe.api, profile)
    await book.begin(1, time.time(), ("products", "prices", "customers", "subscriptions"), people.page([], has_more=False))
    products, prices = people.catalogue()
    await _pages(book, "products", iter([products]), 0)
    await _pages(book, "prices", iter([prices]), 0)
    await book.settle()
    await _pages(book, "customers", people.customers(customers, _AT_ONCE), customers)
    await _pages(book, "subscriptions", people.subscriptions(customers // 2, _AT_ONCE), customers // 2)
    await _pages(book, "events", people.events(events, _AT_ONCE, int(time.time()), customers), events)
    await book.settle()
    await book.arrange()
    await book.write(lambda database: state.tell(database, phase="done", synced_at=time.time()))
    connections.close()
    await services.close()


async def _pages(book: Book, table: Table, pages: Iterator[bytes], expected: int) -> None:
    window = Window(0, table, 0, EVER)
    started = time.monotonic()
    for number, body in enumerate(pages, 1):
        await book.keep(window, await book.page(table, body), 1, done=False)
        if number % 50 == 0:
            done = number * _AT_ONCE
            left = (time.monotonic() - started) / done * (expected - done)
            say(f"  {done:,} of {expected:,} {table}, about {left:.0f} s left")
