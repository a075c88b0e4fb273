"""Reading Clerk's query parameters: limits, signed lists, times, flags. What does not fit is refused with a 422.

Only the grammar lives here; what the values select is in `users` and `routes`.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from starlette.datastructures import QueryParams

from billing_tui.sandbox.clerk.errors import invalid
from billing_tui.sandbox.clerk.shapes import Json

MAX_VALUES = 100
T = TypeVar("T")


def number(params: QueryParams, name: str, default: int | None = None) -> int | None:
    text = params.get(name)
    if text is None:
        return default
    try:
        return int(text)
    except ValueError:
        raise invalid(name, f"{name} must be an integer.") from None


def flag(params: QueryParams, name: str) -> bool | None:
    text = params.get(name)
    if text is None:
        return None
    if text not in ("true", "false"):
        raise invalid(name, f"{name} must be true or false.")
    return text == "true"


def values(params: QueryParams, name: str) -> list[str]:
    found = params.getlist(name)
    if len(found) > MAX_VALUES:
        raise invalid(name, f"{name} accepts up to {MAX_VALUES} values.")
    return found


def signed(params: QueryParams, name: str) -> tuple[set[str], set[str]]:
    """The values to include and those to exclude: `+x` and `x` include, `-x` excludes, whatever x looks like."""
    found = values(params, name)
    excluded = {v[1:] for v in found if v.startswith("-")}
    return {v.removeprefix("+") for v in found if not v.startswith("-")}, excluded


def passes(candidates: Iterable[str], included: set[str], excluded: set[str]) -> bool:
    own = set(candidates)
    return (not included or bool(own & included)) and not own & excluded


def page_bounds(params: QueryParams) -> tuple[int, int]:
    """`limit` (1 to 500, 10 when absent) and `offset`."""
    limit, offset = number(params, "limit", 10), number(params, "offset", 0)
    if limit is None or not 1 <= limit <= 500:
        raise invalid("limit", "limit must be between 1 and 500.")
    if offset is None or offset < 0:
        raise invalid("offset", "offset must be greater than or equal to 0.")
    return limit, offset


def page(rows: list[T], params: QueryParams) -> list[T]:
    limit, offset = page_bounds(params)
    return rows[offset : offset + limit]


def order(params: QueryParams, allowed: dict[str, Callable[[Json], object]]) -> tuple[str, bool]:
    """The field and whether it descends; of several `order_by` only the first counts."""
    text = next(iter(params.getlist("order_by")), "-created_at")
    name = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    if name not in allowed:
        raise invalid("order_by", f"{text!r} is not a valid order.")
    return name, text.startswith("-")


def ordered(rows: Iterable[Json], name: str, descending: bool, allowed: dict[str, Callable[[Json], object]]) -> list[Json]:
    """Missing values come last in either direction; equal values are told apart by id."""
    key = allowed[name]
    known = [row for row in rows if key(row) is not None]
    unknown = [row for row in rows if key(row) is None]
    known.sort(key=lambda row: (key(row), row["id"]), reverse=descending)
    return known + unknown
