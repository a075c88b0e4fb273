"""Blocking work with a time limit that holds, for callers that are blocking themselves.

A thread of its own that nobody waits for at the end: what hangs must neither freeze a window nor keep a command from ending.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """What the work returns or raises; TimeoutError after `seconds`, when it is left to end by itself."""
    answers: SimpleQueue[tuple[list[T], BaseException | None]] = SimpleQueue()

    def run() -> None:
        try:
            answers.put(([work()], None))
        except BaseException as error:  # noqa: BLE001 - handed over to whoever waits
            answers.put(([], error))

    threading.Thread(target=run, name="limited", daemon=True).start()
    try:
        result, error = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return result[0]
