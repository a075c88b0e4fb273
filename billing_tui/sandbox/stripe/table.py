"""One kind of object of one account, in the order Stripe lists it: newest first.

Knows nothing of fields but `id` and `created`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

Obj = dict[str, Any]


class Table:
    """Objects by id; among equal `created` the one added last comes first."""

    def __init__(self) -> None:
        self._rows: dict[str, Obj] = {}
        self._order: list[str] | None = None
        self._places: dict[str, int] = {}
        self._negated: list[int] = []
        self._indexes: dict[str, dict[str, list[Obj]]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[Obj]:
        return iter(self._rows.values())

    def get(self, key: str) -> Obj | None:
        """The object itself, to be changed in place."""
        return self._rows.get(key)

    def add(self, obj: Obj) -> None:
        """Adds or replaces by id."""
        self._rows[obj["id"]] = obj
        self._order = None
        self._indexes.clear()

    def remove(self, key: str) -> Obj | None:
        """Takes the object out, and gives it back when it was there."""
        self._order = None
        self._indexes.clear()
        return self._rows.pop(key, None)

    def newest(self) -> list[Obj]:
        """All objects, newest first."""
        return [self._rows[key] for key in self._sorted()]

    def place(self, key: str) -> int | None:
        """Where an id stands in `newest()`."""
        self._sorted()
        return self._places.get(key)

    def span(self, low: float, high: float) -> tuple[int, int]:
        """Where in `newest()` the objects with low <= created <= high begin and end."""
        self._sorted()
        return bisect_left(self._negated, -high), bisect_right(self._negated, -low)

    def having(self, field: str, value: str) -> list[Obj]:
        """Objects whose `field`, one that never changes once it is set, has that value; newest first."""
        index = self._indexes.get(field)
        if index is None:
            index = self._indexes[field] = {}
            for row in self.newest():
                index.setdefault(row[field], []).append(row)
        return index.get(value, [])

    def _sorted(self) -> list[str]:
        if self._order is None:
            newest_added_first = list(self._rows.values())[::-1]
            ordered = sorted(newest_added_first, key=_age)
            self._order = [row["id"] for row in ordered]
            self._places = {key: index for index, key in enumerate(self._order)}
            self._negated = [_age(row) for row in ordered]
        return self._order


def _age(row: Obj) -> int:
    created = row.get("created", 0)
    return -created if isinstance(created, int) else 0
