"""What requests are for, and the count of them: said where they are asked for, heeded where they are sent."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from enum import StrEnum


class Purpose(StrEnum):
    """What a request is for: what it is counted as, and whether it may change anything."""

    TICKET = "ticket"
    CONFIGURATION = "configuration"
    PROBE = "probe"
    SYNC = "sync"
    WRITE = "write"


_purpose: ContextVar[Purpose] = ContextVar("purpose", default=Purpose.TICKET)


class Tally(Counter[str]):
    """What was sent, by kind, and the ids under which the services know it."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


@contextmanager
def purpose(is_for: Purpose) -> Iterator[None]:
    """Everything asked for inside, tasks started here included, is for this."""
    token = _purpose.set(is_for)
    try:
        yield
    finally:
        _purpose.reset(token)


def counting() -> tuple[Context, Tally]:
    """A context to run a task in, and the counter of what it sends: `stripe`, `clerk`, `configuration`, `probe`, `sync`.

    `rate_limited` counts the answers that said too many requests.
    """
    tally = Tally()
    context = copy_context()
    context.run(_tally.set, tally)
    return context, tally


def asked_for() -> Purpose:
    """What a request that goes out here is for."""
    return _purpose.get()


def tally() -> Tally | None:
    """Where it is counted, if anywhere."""
    return _tally.get()
