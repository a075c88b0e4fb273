"""Lists: cursors both ways, `limit`, `has_more` and the `created` filter."""

from collections.abc import Callable
from itertools import islice

from billing_tui.sandbox.stripe.call import Call, whole
from billing_tui.sandbox.stripe.errors import invalid, unknown_parameter
from billing_tui.sandbox.stripe.table import Obj, Table

Filter = Callable[[Obj], bool]
PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})
SIDES = {"gt", "gte", "lt", "lte"}


def everything(_: Obj) -> bool:
    """The filter that lets all through."""
    return True


def page(call: Call, kind: str, wanted: Filter = everything, *, url: str | None = None) -> Obj:
    """A page of one kind of object, newest first."""
    value = call.params.get("created")
    low, high = (float("-inf"), float("inf")) if value is None else bounds("created", value)
    rows, more = cut(call, call.account.table(kind), wanted, low, high)
    return {"object": "list", "data": rows, "has_more": more, "url": url or call.path}


def page_of(call: Call, rows: list[Obj], *, url: str | None = None) -> Obj:
    """A page of rows that are no table of their own, in the order given."""
    table = Table()
    for row in reversed(rows):
        table.add(row | {"created": 0})
    shown, more = cut(call, table, everything)
    by_id = {row["id"]: row for row in rows}
    data = [by_id[row["id"]] for row in shown]
    return {"object": "list", "data": data, "has_more": more, "url": url or call.path}


def cut(
    call: Call, table: Table, wanted: Filter, low: float = float("-inf"), high: float = float("inf")
) -> tuple[list[Obj], bool]:
    """The rows that cursors and limit ask for, and whether there are more beyond them."""
    after, before, limit = call.text("starting_after"), call.text("ending_before"), limit_of(call)
    if after and before:
        raise invalid("Received both starting_after and ending_before parameters. Please pass in only one.")
    order, (start, stop) = table.newest(), table.span(low, high)
    if before:
        stop = min(stop, _place(table, before, "ending_before", call))
        found = list(islice(filter(wanted, reversed(order[start:stop])), limit + 1))
        return found[:limit][::-1], len(found) > limit
    if after:
        start = max(start, _place(table, after, "starting_after", call) + 1)
    found = list(islice(filter(wanted, order[start:stop]), limit + 1))
    return found[:limit], len(found) > limit


def _place(table: Table, cursor: str, param: str, call: Call) -> int:
    place = table.place(cursor)
    if place is None:
        kind = call.path.rsplit("/", 1)[-1].removesuffix("s")
        raise invalid(f"No such {kind}: '{cursor}'", code="resource_missing", param=param)
    return place


def limit_of(call: Call) -> int:
    """`limit`, 10 unless given."""
    limit = call.integer("limit")
    if limit is None:
        return 10
    if limit < 1:
        raise invalid("This value must be greater than or equal to 1.", param="limit")
    if limit > 100:
        raise invalid("This value must be less than or equal to 100.", param="limit")
    return limit


def created_filter(call: Call, name: str = "created") -> Filter:
    """`created=T` or `created[gte]=T` and its kin, for any time field."""
    value = call.params.get(name)
    if value is None:
        return everything
    low, high = bounds(name, value)
    return lambda row: low <= row[name] <= high


def bounds(name: str, value: object) -> tuple[float, float]:
    """Inclusive bounds that a time filter asks for."""
    if isinstance(value, str):
        exact = whole(name, value)
        return exact, exact
    if not isinstance(value, dict):
        raise invalid(f"Invalid object: {name}", param=name)
    unknown = value.keys() - SIDES
    if unknown:
        raise unknown_parameter(f"{name}[{min(unknown)}]")
    limits = {side: whole(f"{name}[{side}]", text) for side, text in value.items()}
    low = max(limits.get("gte", float("-inf")), limits.get("gt", float("-inf")) + 1)
    high = min(limits.get("lte", float("inf")), limits.get("lt", float("inf")) - 1)
    return low, high
