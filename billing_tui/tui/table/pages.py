"""The few rows that are held: bounded, the longest unseen ones forgotten first."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final, Generic, TypeVar

R = TypeVar("R")

PAGE = 128
"""Rows that are fetched at once."""
KEPT = 24 * PAGE


class State(Enum):
    """What is known of a row that is not held."""

    ABSENT = "absent"


ABSENT: Final = State.ABSENT


class Pages(Generic[R]):
    """Rows by their number. One that is gone is held as None."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._rows: OrderedDict[int, R | None] = OrderedDict()
        self._stale: set[int] = set()

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, number: int) -> R | State | None:
        """The row, None where it is gone, `ABSENT` where it was never fetched."""
        if number not in self._rows:
            return ABSENT
        self._rows.move_to_end(number)
        return self._rows[number]

    def lacks(self, numbers: Iterable[int]) -> list[int]:
        """Those of the numbers that must be fetched, or fetched again."""
        return [number for number in numbers if number not in self._rows or number in self._stale]

    def age(self) -> None:
        """What is held may have changed: it is drawn until it has been fetched again."""
        self._stale = set(self._rows)

    def take(self, numbers: Sequence[int], rows: Sequence[R | None]) -> bool:
        """Holds these; says whether anything differs from what was held."""
        changed = False
        for number, held in zip(numbers, rows, strict=True):
            changed = changed or number not in self._rows or self._rows[number] != held
            self._rows[number] = held
            self._rows.move_to_end(number)
            self._stale.discard(number)
        while len(self._rows) > self._kept:
            number, _ = self._rows.popitem(last=False)
            self._stale.discard(number)
        return changed
