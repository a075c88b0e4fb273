"""Searching a million customers, inside SQLite: what the palette and a filter word ask of the cache."""

import random
from collections.abc import Callable, Iterator, Sequence
from time import perf_counter

from billing_tui.cache.shelf import View, open_shelf
from tests.bench import people
from tests.bench.caches import MILLION, cache_file
from tests.bench.figures import ms, percentile
from tests.bench.ground import Ground
from tests.bench.table import Line

_SAMPLES = 400
_GOAL = 0.005
_FIRST = 256


def bars(ground: Ground) -> Iterator[Line]:
    """Substring search against a lookup by primary key, the two taking turns."""
    shelf = open_shelf(cache_file(ground, MILLION), profile=ground.profile())
    shelf.totals()
    dice = random.Random(1)
    numbers = [dice.randrange(MILLION) for _ in range(_SAMPLES)]
    parts = [_part(dice, number) for number in numbers]
    ids = [people.customer_id(number) for number in numbers]
    looked_up = _timed(lambda key: shelf.one("customers", key), ids)
    asked: dict[str, Callable[[str], object]] = {
        "find (20 best)": shelf.find,
        f"filter word (first {_FIRST} rows)": lambda part: shelf.ids(View(kind="customers", words=part), _FIRST),
    }
    for name, ask in asked.items():
        _timed(ask, parts)  # what has to come from the disk first is not SQLite's time
        times = _timed(ask, parts)
        late, low = percentile(times, 0.99), percentile(looked_up, 0.99)
        slowest = parts[times.index(max(times))]
        yield Line(
            f"substring in {MILLION:,}: {name}, p99",
            "a primary-key lookup",
            f"under {ms(_GOAL)}",
            f"{ms(late)} against {ms(low)}; p50 {ms(percentile(times, 0.5))}; slowest {ms(max(times))} for {slowest!r}",
            late < _GOAL,
        )
    shelf.close()


def _part(dice: random.Random, number: int) -> str:
    """Some signs of somebody's e-mail or name, three at least."""
    held = people.customer(number)
    text = str(dice.choice([held["email"], held["email"], held["name"]]))
    length = min(dice.choice([3, 4, 5, 6, 8, 12]), len(text))
    start = dice.randrange(len(text) - length + 1)
    return text[start : start + length].strip()


def _timed(ask: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    found = []
    for text in texts:
        started = perf_counter()
        ask(text)
        found.append(perf_counter() - started)
    return found
