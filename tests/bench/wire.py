"""What goes over the line to a far terminal: a move, nothing at all, and another screen; at 120 by 40 in true colour."""

from collections.abc import Iterator
from statistics import median

from tests.bench.caches import cache_file, cache_home
from tests.bench.ground import Ground, program, python
from tests.bench.table import Line
from tests.bench.terminal import Terminal

_FEW = 1_000
_MOVES = 25
_IDLE = 10.0


def bars(ground: Ground) -> Iterator[Line]:
    """Bytes, counted."""
    environment = ground.environment(XDG_CACHE_HOME=str(cache_home(ground, _FEW)))
    with Terminal(program(), environment) as terminal:
        terminal.first_paint()
        terminal.still()
        terminal.press("\x1b", 0.5)
        firsts = [_switched(terminal, place) for place in "23"]
        ours = _moves(terminal)
        before = len(terminal.seen)
        while terminal.read(_IDLE):
            pass
        idle = len(terminal.seen) - before
        again = [_switched(terminal, place) for place in "23" * 5]
    with Terminal(python("plain_table", str(cache_file(ground, _FEW))), ground.environment()) as plain:
        plain.first_paint()
        plain.still()
        theirs = _moves(plain)
    yield Line(
        "bytes for one cursor-down, 120×40, true colour",
        "Textual's own DataTable, same rows",
        "at most 0.6 times it",
        f"{ours / theirs:.2f} times: {ours:,.0f} against {theirs:,.0f}",
        ours <= 0.6 * theirs,
    )
    yield Line("bytes while idle", "-", "0", f"{idle} in at least {_IDLE:.0f} s", not idle)
    switch, first = median(again), median(firsts)
    yield Line(
        "bytes for a switch between two lists",
        "their first paint",
        "at most 1.0 times it",
        f"{switch / first:.2f} times: {switch:,.0f} against {first:,.0f}",
        switch <= first,
    )


def _switched(terminal: Terminal, place: str) -> int:
    return terminal.press(place, 1.5).size


def _moves(terminal: Terminal) -> float:
    terminal.press("j")
    return median(terminal.press("j").size for _ in range(_MOVES))
