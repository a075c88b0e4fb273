"""How soon a key shows in the delivery log of a million events, and in one that has next to nothing to draw from."""

from collections.abc import Iterator

from tests.bench.caches import FEW, MILLION, log_home
from tests.bench.figures import ms, percentile
from tests.bench.ground import Ground, program
from tests.bench.keys import Answers, moved
from tests.bench.table import Line
from tests.bench.terminal import Answer, Terminal

_WORDS = ("pending:>0", "type:invoice.*", "created:<2d", "lena", "invoice.paid", "evt_1a")
_UNDER = 0.05


def bars(ground: Ground) -> Iterator[Line]:
    """Cursor down, page down and a filter keystroke on the Webhooks screen, at the 95th percentile."""
    full, small = measured(ground, MILLION), measured(ground, FEW)
    for key in full:
        late, low = (percentile([answer.painted for answer in side[key]], 0.95) for side in (full, small))
        yield Line(
            f"log: {key} to paint, {MILLION:,} events, p95",
            f"the same in a log of {FEW:,}",
            f"at most 1.5 times it, under {ms(_UNDER)}",
            f"{late / low:.2f} times: {ms(late)} against {ms(low)}",
            late <= 1.5 * low and late < _UNDER,
        )


def measured(ground: Ground, events: int) -> Answers:
    """What each key led to, every time."""
    environment = ground.environment(XDG_CACHE_HOME=str(log_home(ground, events)))
    with Terminal(program(), environment) as terminal:
        terminal.first_paint()
        terminal.still()
        terminal.press("\x1b", 0.5)
        terminal.press("5", 0.5)
        terminal.still(2.0)
        terminal.press("j")
        found = {"cursor down": moved(terminal, "j", "k"), "page down": moved(terminal, "\x1b[6~", "\x1b[5~")}
        return {**found, "filter key": list(_typed(terminal))}


def _typed(terminal: Terminal) -> Iterator[Answer]:
    terminal.press("/", 0.5)
    for word in _WORDS:
        for sign in word:
            yield terminal.press(sign, 0.35)
        terminal.press("\x15", 0.8)
