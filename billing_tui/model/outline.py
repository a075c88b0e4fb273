"""A plan that makes many things, in short: one line for each object instead of one for each of its fields. Pure."""

from collections.abc import Sequence

from msgspec import structs

from billing_tui.model.change import Change, Step, StepState
from billing_tui.model.text import plural

_MAKING = ("copy catalogue", "golive")
_FEW = 40
_WORST: tuple[StepState, ...] = ("failed", "unknown", "skipped", "applied", "planned", "verified", "unchanged")


def brief(change: Change) -> tuple[Step, ...]:
    """What would be written; of a long plan that makes things, one step for each request, in its worst state."""
    steps = change.writes
    if change.action not in _MAKING or len(steps) <= _FEW:
        return steps
    requests: dict[tuple[str, str], list[Step]] = {}
    for step in steps:
        requests.setdefault((step.was or step.object, step.call), []).append(step)
    return tuple(_one(group) for group in requests.values())


def _one(group: Sequence[Step]) -> Step:
    worst = min(group, key=lambda step: _WORST.index(step.state))
    first = group[0]
    there = first.call.endswith(f"/{first.object}")
    before, after = ("there", plural(len(group), "field")) if there else (None, "new")
    return structs.replace(worst, field=first.whose or first.object, before=before, after=after, whose=None)
