"""A piece of a `where`."""

from collections.abc import Sequence

from msgspec import Struct

Value = str | int


class Condition(Struct, frozen=True):
    """SQL, and the values of its question marks."""

    sql: str
    values: tuple[Value, ...] = ()


def any_of(parts: Sequence[Condition]) -> Condition:
    """Nothing, where there are none."""
    return _joined(" or ", parts) if parts else Condition("0")


def both(*parts: Condition) -> Condition:
    """All of them."""
    return _joined(" and ", parts)


def opposite(part: Condition) -> Condition:
    """What the part is not true of; none of the columns may be null."""
    return Condition(f"not ({part.sql})", part.values)


def _joined(word: str, parts: Sequence[Condition]) -> Condition:
    return Condition(word.join(f"({part.sql})" for part in parts), tuple(value for part in parts for value in part.values))
