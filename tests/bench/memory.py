"""What the dashboard keeps resident after the same work over a small cache and over a huge one."""

from collections.abc import Iterator

from tests.bench.caches import MILLION, cache_home
from tests.bench.figures import middle, ratio
from tests.bench.ground import Ground, program
from tests.bench.table import Line
from tests.bench.terminal import Terminal

_RUNS = 5
_FEW = 1_000
_MOST = 120.0
_MEGABYTE = 1_000_000
_PAGE_DOWN, _END, _HOME = "\x1b[6~", "G", "g"


def bars(ground: Ground) -> Iterator[Line]:
    """Customers and Subscriptions, opened, scrolled and sorted."""
    pairs = [(_resident(ground, MILLION), _resident(ground, _FEW)) for _ in range(_RUNS)]
    ours, floor = middle(pairs)
    times = ratio(pairs)
    yield Line(
        f"resident memory, {MILLION:,} customers",
        f"the same session at {_FEW:,}",
        f"at most 1.2 times it, under {_MOST:.0f} MB",
        f"{times:.2f} times: {ours:.1f} MB against {floor:.1f} MB",
        times <= 1.2 and ours < _MOST,
    )


def _resident(ground: Ground, customers: int) -> float:
    environment = ground.environment(XDG_CACHE_HOME=str(cache_home(ground, customers)))
    with Terminal(program(), environment) as terminal:
        terminal.first_paint()
        terminal.still()
        terminal.press("\x1b", 0.5)
        for place in "23":
            terminal.press(place, 0.5)
            terminal.still(1.5)
            for key in (*[_PAGE_DOWN] * 10, _END, _HOME, "s"):
                terminal.tap(key)
            terminal.still(1.5)
            for key in (*[_PAGE_DOWN] * 10, _END, _HOME):
                terminal.tap(key)
        terminal.still()
        return terminal.memory() / _MEGABYTE
