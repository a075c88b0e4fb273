"""The plan of a copy: what live mode lacks of test mode's, part by part, in the order in which one needs the other.

What live mode has already is left alone, but for what it lacks; what differs is said, and amounts can't be changed at all. A
second run makes nothing, so a run that was stopped is taken up by making a new plan.
"""

import asyncio
from datetime import datetime

from msgspec import structs

from billing_tui.changes.copying.discounts import discounts
from billing_tui.changes.copying.hook import endpoint
from billing_tui.changes.copying.part import Part
from billing_tui.changes.copying.portal import portal
from billing_tui.changes.copying.products import catalogue
from billing_tui.changes.copying.stock import PARTS, read_stock
from billing_tui.changes.desk import Desk
from billing_tui.changes.receipt import MAKING
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import BadUsage, Refused
from billing_tui.model.text import listed, plural, quoted
from billing_tui.services.stripe import Stripe

USUAL = PARTS[:3]
_SHOWN = 8


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Options: `parts`, comma-separated, of `PARTS`; `overwrite`: what differs is made as test mode has it; `features`: of a
    portal that is there, these alone.

    Raises:
        BadUsage: There is no such part.
        Refused: This is not live mode, or there is no key for test mode.
        KeyRefused, OutOfReach: One of the modes could not be read.
    """
    parts = _parts(wanted)
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    stripe = await _test_mode(desk)
    test, live = await asyncio.gather(read_stock(stripe, parts), read_stock(desk.stripe, parts))
    sold = catalogue(test, live, overwrite=bool(wanted.options.get("overwrite")))
    made = [sold] if "products" in parts else []
    known = sold.ids if "products" in parts else {mine: name for mine, name in sold.ids.items() if " " not in name}
    made += (
        [portal(test, live, known, tuple(filter(None, wanted.options.get("features", "").split(","))))]
        if "portal" in parts
        else []
    )
    made += [await endpoint(desk, test, live, _test_url(desk))] if "endpoint" in parts else []
    made += [discounts(test, live, known)] if "coupons" in parts else []
    whose = draft.account or desk.profile.name
    draft = structs.replace(draft, subject=desk.profile.name, targets=("stripe",), confirm=whose[-4:])
    return draft if draft.refused else _told(draft, made, stamp)


def _parts(wanted: Wanted) -> tuple[str, ...]:
    named = tuple(filter(None, wanted.options.get("parts", "").split(","))) or USUAL
    strange = next((name for name in named if name not in PARTS), None)
    if strange:
        raise BadUsage(f"{quoted(strange)} is nothing that is copied.", f"One of {listed(list(PARTS))}.")
    return tuple(name for name in PARTS if name in named)


def _told(draft: Change, parts: list[Part], stamp: datetime) -> Change:
    makes: dict[str, int] = {}
    for part in parts:
        for name, number in part.makes.items():
            makes[name] = makes.get(name, 0) + number
    warnings = [text for part in parts for text in part.warnings]
    more = (f"{len(warnings) - _SHOWN} more like these.",) if len(warnings) > _SHOWN else ()
    steps = tuple(step for part in parts for step in part.steps)
    ids = (
        ("The app needs the new price ids, where it holds any: billing-tui golive --handover lists them.",)
        if makes.get("price")
        else ()
    )
    counted = listed([plural(number, name) for name, number in makes.items() if number])
    has = sum(part.has for part in parts)
    changed = len({step.object for step in steps} - {step.object for step in steps if step.call in MAKING})
    filled = f", {changed} of them in part" if changed and has else ""
    objects = plural(has + sum(makes.values()), "object")
    because = f"Of {objects} of test mode, live mode has {has} already{filled}: read at {stamp:%H:%M}."
    title = f"Copy {counted} from test to live mode" if counted else "Fill up what live mode lacks of test mode's"
    return structs.replace(
        draft,
        title=title if steps else "Live mode has all that test mode has",
        because=because,
        steps=steps,
        warnings=(*warnings[:_SHOWN], *more, *ids),
    )


async def _test_mode(desk: Desk) -> Stripe:
    if desk.profile.mode != "live":
        raise Refused("What test mode has is copied into live mode.", "Run it with --mode live.", code="mode_mismatch")
    other = await desk.services.elsewhere.open() if desk.services.elsewhere else None
    if other is None or not isinstance(other.stripe, Stripe):
        problem = other.stripe if other is not None and not isinstance(other.stripe, Stripe) else None
        raise problem or Refused("Test mode can't be read, so there is nothing to copy.", "Set its key for Stripe.")
    return other.stripe


def _test_url(desk: Desk) -> str:
    return desk.services.elsewhere.webhook_url if desk.services.elsewhere else ""
