"""How soon there is something to see."""

from collections.abc import Iterator

from tests.bench.caches import cache_home
from tests.bench.figures import middle, ms, ratio
from tests.bench.ground import Ground, program, python
from tests.bench.table import Line
from tests.bench.terminal import Terminal

_RUNS = 9
_CUSTOMERS = 100_000


def bars(ground: Ground) -> Iterator[Line]:
    """First paint, over a warm cache."""
    warm = ground.environment(XDG_CACHE_HOME=str(cache_home(ground, _CUSTOMERS)))
    sides = [(program(), warm), (python("one_widget"), ground.environment())]
    pairs = [(_painted(*sides[0]), _painted(*sides[1])) for _ in range(_RUNS + 1)][1:]
    ours, floor = middle(pairs)
    times = ratio(pairs)
    yield Line(
        f"first paint, warm cache of {_CUSTOMERS:,}",
        "a one-widget Textual app",
        "at most 1.5 times it",
        f"{times:.2f} times: {ms(ours)} against {ms(floor)}",
        times <= 1.5,
    )


def _painted(command: list[str], environment: dict[str, str]) -> float:
    with Terminal(command, environment) as terminal:
        return terminal.first_paint()
