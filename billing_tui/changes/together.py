"""Several changes as one plan: what each would do, one after the other, with one confirmation; what can't be done is said."""

from datetime import datetime

import msgspec
from msgspec import structs

from billing_tui.changes import copying, endpoint, product, stale
from billing_tui.changes.desk import Desk
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.problem import BadUsage, Problem

_KINDS = {
    "fix product": product.plan,
    "fix endpoint": endpoint.plan,
    "new endpoint": endpoint.plan_new,
    "copy catalogue": copying.plan,
    "fix rows": stale.plan,
}


def together(action: str, wanted: tuple[Wanted, ...], names: str) -> Wanted:
    """What asks for all of these; `names` says what for, e.g. the checks of a go-live."""
    return Wanted(action=action, query=names, options={"changes": msgspec.json.encode(wanted).decode()})


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Raises `BadUsage` for what is no list of changes; what else goes wrong with one of them is a warning."""
    try:
        parts = msgspec.json.decode(wanted.options.get("changes", ""), type=tuple[Wanted, ...])
    except msgspec.MsgspecError as error:
        raise BadUsage("This is no list of changes.") from error
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    steps: list[Step] = []
    warnings: list[str] = []
    confirm = ""
    for part in parts:
        try:
            change = await _KINDS[part.action](desk, part, plan_id, stamp)
        except Problem as problem:
            warnings.append(f"{part.query or part.action}: {problem.message}")
            continue
        confirm = confirm or change.confirm
        steps += [structs.replace(step, whose=step.whose or change.title) for step in change.steps]
        warnings += [change.refused] if change.refused else change.warnings
    draft = structs.replace(
        draft, subject=wanted.query, targets=("stripe", "database"), confirm=confirm, warnings=tuple(warnings)
    )
    if draft.refused or not steps:
        return structs.replace(draft, refused=draft.refused or next(iter(warnings), "There is nothing to be done."))
    return structs.replace(draft, title=f"Mend {wanted.query}", because="Each was read just now.", steps=tuple(steps))
