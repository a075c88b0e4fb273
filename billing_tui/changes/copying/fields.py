"""An object's fields as steps of a plan: each with the parameter that writes it, and readable back under the same name."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from billing_tui.changes.receipt import NEW
from billing_tui.changes.stripe_fields import field_of
from billing_tui.changes.stripe_params import param_name, text_of
from billing_tui.model.change import Step, Value

Row = dict[str, Any]
_DECIMALS = ("unit_amount", "flat_amount")
_WHOLE = ("images", "marketing_features", "package_dimensions", "tax_details")
_NOTHING: tuple[Any, ...] = (None, "", [], "unspecified")


def leaves(row: Row, names: Iterable[str]) -> Iterator[str]:
    """The paths of everything plain that stands under these names: `metadata.plan`, `tiers.0.unit_amount`."""
    for name in names:
        yield from _under(row.get(name), name)


def _under(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name in _without_twice(value):
            yield from _under(value[name], f"{path}.{name}")
        if path.endswith("custom_unit_amount"):
            yield f"{path}.enabled"
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from _under(one, f"{path}.{place}")
    elif (value is not None and value != "") or path.endswith(".up_to"):
        yield path


def _without_twice(value: Row) -> list[str]:
    """An amount stands in two notations, and takes one: the whole one where there is one."""
    twice = {f"{name}_decimal" for name in _DECIMALS if value.get(name) is not None}
    return [name for name in value if name not in twice]


def making(kind: str, name: str, whose: str, values: Iterable[tuple[str, Value, str]], fixed: dict[str, str]) -> Iterator[Step]:
    """The steps of one request that makes an object: each value with its path and what is sent; `fixed` is sent beside."""
    for number, (path, value, sent) in enumerate(values):
        params = {param_name(path): sent} | (fixed if not number else {})
        yield Step(
            target="stripe",
            object=name,
            field=path,
            before=None,
            after=value,
            call=f"POST /v1/{kind}",
            params=params,
            whose=whose,
        )


def changing(kind: str, name: str, whose: str, path: str, values: tuple[Value, Value], sent: str) -> Step:
    """A step that gives an object that is there another value; `values` are the one before and the one after."""
    call = f"POST /v1/{kind}/{name}"
    before, after = values
    return Step(
        target="stripe",
        object=name,
        field=path,
        before=before,
        after=after,
        call=call,
        params={param_name(path): sent},
        whose=whose,
    )


def told(row: Row, paths: Iterable[str]) -> Iterator[tuple[str, Value, str]]:
    """What stands at each path, and how it is sent."""
    for path in paths:
        value = field_of(row, path)
        yield path, value, text_of(path, value)


def differing(row: Row, twin: Row, paths: Sequence[str]) -> tuple[list[str], list[str]]:
    """Of these paths: what the twin lacks, and what it has otherwise. A list is one thing."""
    lacking: list[str] = []
    other: list[str] = []
    for path in paths:
        root = path.partition(".")[0]
        listed = root in _WHOLE
        wanted, held = (row.get(root), twin.get(root)) if listed else (field_of(row, path), field_of(twin, path))
        if wanted != held:
            (lacking if held in _NOTHING else other).append(path)
    return lacking, other


def new(name: str) -> str:
    """What stands for the id of an object that the plan makes after this one, until it is made."""
    return f"{NEW} {name}"
