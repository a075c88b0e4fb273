"""Whether somebody looks at the window: nothing is read in the background for nobody.

A terminal that reports its focus is believed; of any other only what is typed, clicked or pasted says that somebody is there.
"""

from collections.abc import Callable
from time import monotonic

from textual import events

SIGNS = (events.Key, events.MouseDown, events.MouseScrollDown, events.MouseScrollUp, events.Paste)
"""What only somebody who is there does."""


class Watch:
    """Since when nobody has looked."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._looked = clock()
        self._focused = False

    def heed(self, event: events.Event) -> bool:
        """Takes down what an event says about it; answers whether it is a sign that somebody looks."""
        if isinstance(event, events.AppFocus | events.AppBlur):
            self._focused = isinstance(event, events.AppFocus)
        elif not isinstance(event, SIGNS):
            return False
        self._looked = self._clock()
        return not isinstance(event, events.AppBlur)

    @property
    def unwatched(self) -> float:
        """For how many seconds nobody has looked; 0 while the terminal has the focus."""
        return 0.0 if self._focused else self._clock() - self._looked
