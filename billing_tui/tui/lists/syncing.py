"""A sync that runs while one looks: started by a key, told a few times a second, ended by a key with what was done kept."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from textual.content import Content

from billing_tui.model.problem import Problem
from billing_tui.model.profile import Mode
from billing_tui.model.text import plural
from billing_tui.tui.desk import Progress
from billing_tui.tui.draw import cut, row
from billing_tui.tui.theme import DIM, INK, LINK

EVERY = 0.5
"""Seconds between two pictures of the progress."""


@dataclass(frozen=True)
class SyncState:
    """How a sync stands. `left` is the seconds that it will still take, None while that cannot be told."""

    mode: Mode
    running: bool = True
    rows: int = 0
    requests: int = 0
    left: float | None = None
    problem: Problem | None = None
    stopped: bool = False


class Syncing:
    """The sync of one room, at most one at a time. `told` hears how it stands."""

    def __init__(self, mode: Mode, told: Callable[[SyncState], None]) -> None:
        self._told = told
        self._new = False
        self.state = SyncState(mode, running=False)

    def begin(self) -> None:
        """It runs from now on."""
        self._say(SyncState(self.state.mode))

    def heed(self, progress: Progress) -> None:
        """So much is done. It is told with the next `draw`, which somebody calls every so often, however long Stripe stalls."""
        self.state = replace(self.state, rows=progress.rows, requests=progress.requests, left=progress.left)
        self._new = True

    def draw(self) -> None:
        """Tells what has not been told yet."""
        if self._new:
            self._say(self.state)

    def end(self, problem: Problem | None = None, *, stopped: bool = False) -> None:
        """It runs no longer."""
        self._say(replace(self.state, running=False, problem=problem, stopped=stopped))

    def _say(self, state: SyncState) -> None:
        self.state, self._new = state, False
        self._told(state)


def sync_content(state: SyncState, width: int) -> Content:
    """One line: what is done, what it cost, what is left, and the key that ends it."""
    left = "" if state.left is None else f", about {duration(state.left)} left"
    done = f"{plural(state.rows, 'row')}, {plural(state.requests, 'request')}{left}".replace("1 rows", "1 row")
    words = cut(f"Reading {state.mode} from Stripe: {done}", max(width - 12, 0))
    return row((words, INK), ("   ", ""), ("esc", f"bold {LINK}"), (" stop", DIM))


def duration(seconds: float) -> str:
    """`40 s`, `3 min`."""
    return f"{max(round(seconds), 1)} s" if seconds < 90 else f"{round(seconds / 60)} min"
