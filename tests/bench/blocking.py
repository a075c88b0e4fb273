"""The longest stretch in which the dashboard could answer nobody: while a sync fills its cache, and over a full one."""

import json
import signal
from collections.abc import Callable, Iterator
from statistics import median
from time import monotonic

from tests.bench.caches import MILLION, cache_home
from tests.bench.figures import ms
from tests.bench.ground import Ground, python
from tests.bench.server import Server, serving
from tests.bench.table import Line
from tests.bench.terminal import Terminal

_RUNS = 5
_MOST = 0.016
_LISTED = 15_000
_SECONDS = 6.0
_BETWEEN = 0.12
_KEYS = "jjjjj\x1b[6~/anna\x15kornf\x15lena.w\x15\x1bGgjj"
_PATIENCE = 10.0


def bars(ground: Ground) -> Iterator[Line]:
    """Typing and moving, at the pace of somebody in a hurry."""
    with serving(ground, customers=300, listed=_LISTED, latency_ms=20) as server:
        yield _bar("syncing and typing", [_blocked(ground, server) for _ in range(_RUNS)])
    yield _bar(f"typing in a list of {MILLION:,}", [_blocked(ground, None) for _ in range(_RUNS)])


def _bar(what: str, runs: list[tuple[float, float, float]]) -> Line:
    longest, own, still = (median(run[part] for run in runs) for part in range(3))
    worst = max(run[0] for run in runs)
    return Line(
        f"longest stretch the event loop is blocked, {what}",
        "the same heartbeat while nothing happens",
        f"under {ms(_MOST)}",
        f"{ms(longest)} ({ms(own)} of it on its processor; worst run {ms(worst)}) against {ms(still)}",
        longest < _MOST,
    )


def _blocked(ground: Ground, server: Server | None) -> tuple[float, float, float]:
    """The longest stretch, how long the loop itself was at work in it, and the longest while idle; seconds."""
    full = {} if server else {"XDG_CACHE_HOME": str(cache_home(ground, MILLION))}
    environment = server.environment(ground, 25) if server else ground.environment(**full)
    path = ground.state() / "beats.json"
    with Terminal(python("probe", str(path)), environment) as terminal:

        def beats(work: Callable[[], None]) -> list[list[float]]:
            path.unlink(missing_ok=True)
            terminal.process.send_signal(signal.SIGUSR1)
            work()
            terminal.process.send_signal(signal.SIGUSR2)
            deadline = monotonic() + _PATIENCE
            while not path.exists() and monotonic() < deadline:
                terminal.read(0.02)
            found: list[list[float]] = json.loads(path.read_text(encoding="utf-8"))
            return found

        terminal.first_paint()
        terminal.still()
        terminal.press("\x1b", 0.5)
        terminal.press("2", 1.0)
        terminal.still(2.5)
        idle = beats(lambda: terminal.still(1.5))
        if server:
            terminal.write("\x12")
            terminal.read(1.0)
        longest, own = max(beats(lambda: _typed(terminal)))
        return longest, own, max(idle)[0]


def _typed(terminal: Terminal) -> None:
    """Keys over and over, one after another whatever is on the screen."""
    keys = list(_KEYS.replace("\x1b[6~", "\0"))
    until, place = monotonic() + _SECONDS, 0
    while monotonic() < until:
        terminal.write(keys[place % len(keys)].replace("\0", "\x1b[6~"))
        place += 1
        next_key = monotonic() + _BETWEEN
        while (left := next_key - monotonic()) > 0:
            terminal.read(left)
