"""How soon a key shows, in a list of a million customers and in one that has next to nothing to draw from."""

from collections.abc import Iterator, Mapping

from tests.bench.caches import MILLION, cache_home
from tests.bench.figures import ms, percentile
from tests.bench.ground import Ground, program
from tests.bench.table import Line
from tests.bench.terminal import Answer, Terminal

_FEW = 1_000
_SAMPLES = 60
_WORDS = ("kornfeld", "anna", "hinode", "lena.w", "smith", "user_2", "ömer", "grachtlab")
_UNDER = 0.05
Answers = Mapping[str, list[Answer]]


def bars(ground: Ground) -> Iterator[Line]:
    """Cursor down, page down and a filter keystroke, at the 95th percentile."""
    full = measured(ground, MILLION)
    small, empty = measured(ground, _FEW), measured(ground, 0)
    for key, against, what in (
        ("cursor down", small, f"{_FEW:,}"),
        ("page down", small, f"{_FEW:,}"),
        ("filter key", empty, "none"),
    ):
        yield _bar(key, full[key], against[key], what)
    late = [answer.settled for answer in full["filter key"]]
    first = [answer.settled for answer in small["filter key"]]
    yield Line(
        "filter keystroke: last row and count there, 1,000,000 customers",
        f"the same in {_FEW:,}",
        "-",
        f"p50 {ms(percentile(late, 0.5))}, p95 {ms(percentile(late, 0.95))} against {ms(percentile(first, 0.95))}",
        None,
    )


def _bar(key: str, ours: list[Answer], floor: list[Answer], rows: str) -> Line:
    late, low = (percentile([answer.painted for answer in side], 0.95) for side in (ours, floor))
    half = percentile([answer.painted for answer in ours], 0.5)
    why = "" if rows == "none" else " (an empty one paints nothing)"
    return Line(
        f"{key} to paint, {MILLION:,} customers, p95",
        f"the same in a list of {rows}{why}",
        f"at most 1.5 times it, under {ms(_UNDER)}",
        f"{late / low:.2f} times: {ms(late)} against {ms(low)}; p50 {ms(half)}",
        late <= 1.5 * low and late < _UNDER,
    )


def measured(ground: Ground, customers: int) -> Answers:
    """What each key led to, every time."""
    environment = ground.environment(XDG_CACHE_HOME=str(cache_home(ground, customers)))
    with Terminal(program(), environment) as terminal:
        terminal.first_paint()
        terminal.still()
        terminal.press("\x1b", 0.5)
        terminal.press("2", 0.5)
        terminal.still(2.0)
        terminal.press("j")
        found = (
            {}
            if not customers
            else {"cursor down": moved(terminal, "j", "k"), "page down": moved(terminal, "\x1b[6~", "\x1b[5~")}
        )
        return {**found, "filter key": list(_typed(terminal))}


def moved(terminal: Terminal, there: str, back: str) -> list[Answer]:
    """Down in runs as long as the shorter list, and up again unmeasured."""
    found: list[Answer] = []
    while len(found) < _SAMPLES:
        found += [terminal.press(there) for _ in range(20)]
        for _ in range(20):
            terminal.tap(back)
    return found


def _typed(terminal: Terminal) -> Iterator[Answer]:
    terminal.press("/", 0.5)
    for word in _WORDS:
        for sign in word:
            yield terminal.press(sign, 0.35)
        terminal.press("\x15", 0.8)
