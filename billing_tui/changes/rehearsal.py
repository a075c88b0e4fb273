"""What a first purchase, tried out, takes: a coupon that makes it free, a way into the portal, and the coupon gone again."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import structs

from billing_tui.changes.copying.fields import making, new
from billing_tui.changes.desk import Desk
from billing_tui.changes.stripe_params import text_of
from billing_tui.model.change import Change, Step, Value, Wanted
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.problem import BadUsage, NotThere
from billing_tui.model.text import quoted

HELD = timedelta(hours=1)
_NAME = "First purchase, by billing-tui"


async def plan_coupon(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is the coupon's id, and the word that is typed at the checkout. Raises `BadUsage` where it can be neither."""
    code = wanted.query
    if not code.isalnum() or not 6 <= len(code) <= 30:
        raise BadUsage(f"{quoted(code)} is no code.", "Use six to thirty letters and digits.")
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    draft = structs.replace(draft, subject=code, targets=("stripe",), confirm=(draft.account or code)[-4:])
    if draft.refused or await _there(desk, code) is not None:
        return structs.replace(draft, refused=draft.refused or f"Stripe has a coupon {code} already.")
    return structs.replace(
        draft,
        title=f"Make {code}, which takes everything off one purchase",
        because="With it a plan is bought as customers buy it, and nobody is charged.",
        steps=tuple(_coupon(code, stamp)),
        warnings=(f"Whoever knows the code can use it, once, until {stamp + HELD:%H:%M} UTC.",),
    )


def _coupon(code: str, stamp: datetime) -> Iterator[Step]:
    ends = rfc3339(from_unix(int((stamp + HELD).timestamp())))
    terms: dict[str, Value] = {"name": _NAME, "percent_off": "100.0", "duration": "once", "max_redemptions": 1, "redeem_by": ends}
    yield from making("coupons", code, f"coupon {code}", _values(terms), {"id": code})
    promotion: dict[str, Value] = {
        "promotion.type": "coupon",
        "promotion.coupon": code,
        "code": code,
        "max_redemptions": 1,
    }
    yield from making("promotion_codes", new(f"code {code}"), f"code {code}", _values(promotion), {})


def _values(held: dict[str, Value]) -> Iterator[tuple[str, Value, str]]:
    return ((path, value, text_of(path, value)) for path, value in held.items())


async def plan_portal(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is the customer's id. The address that comes of it is shown to nobody."""
    customer = await desk.stripe.customer(wanted.query)
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    draft = structs.replace(draft, subject=customer.id, customer_id=customer.id, targets=("stripe",), confirm=customer.id[-4:])
    steps = making("billing_portal/sessions", new("portal session"), "customer portal", _values({"customer": customer.id}), {})
    return structs.replace(
        draft,
        title="Open the customer portal, to see that it opens",
        because="Stripe opens it for a customer where it is set up, and nowhere else.",
        steps=() if draft.refused else tuple(steps),
    )


async def plan_removal(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` is the coupon's id; only one that `plan_coupon` made is removed."""
    code = wanted.query
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    draft = structs.replace(draft, subject=code, targets=("stripe",), confirm=(draft.account or code)[-4:])
    name = await _there(desk, code)
    if draft.refused or name != _NAME:
        why = f"There is no coupon {code}." if name is None else f"{code} was made by somebody else."
        return structs.replace(draft, refused=draft.refused or why)
    step = Step(target="stripe", object=code, field="name", before=name, after=None, call=f"DELETE /v1/coupons/{code}")
    return structs.replace(draft, title=f"Remove {code}", because="It has done what it was for.", steps=(step,))


async def _there(desk: Desk, code: str) -> str | None:
    """What a coupon is called; None where there is none."""
    try:
        return str((await desk.stripe.whole(f"/v1/coupons/{code}")).get("name") or "")
    except NotThere:
        return None
