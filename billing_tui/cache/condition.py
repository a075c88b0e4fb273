"""A piece of a `where`."""

from msgspec import Struct

Value = str | int


class Condition(Struct, frozen=True):
    """SQL, and the values of its question marks."""

    sql: str
    values: tuple[Value, ...] = ()
