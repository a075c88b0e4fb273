"""Cancelling a subscription: now or at the end of the paid period, and taking a scheduled end back.

A scheduled end is written in one of two fields: `cancel_at_period_end`, or, by the portal of flexible billing, `cancel_at`
alone. A subscription under a schedule takes neither: its schedule has to let go of it first.
"""

from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.stripe_params import stripe_step
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.moment import day, from_unix, rfc3339
from billing_tui.model.problem import BadUsage
from billing_tui.model.stripe import Customer, Subscription, id_of
from billing_tui.model.text import listed, quoted, short

FEEDBACK = ("customer_service", "low_quality", "missing_features", "other", "switched_service", "too_complex", "too_expensive",
            "unused")  # fmt: skip
_ENDED = ("canceled", "incomplete_expired")


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Options: `now`, `undo`, `prorate`, `invoice-now`, each "yes" or absent; `feedback`, `comment`.

    Raises:
        BadUsage: It is not a subscription's id, or the options contradict each other.
        NotThere: There is no such subscription.
    """
    _check(wanted)
    held = await desk.stripe.subscription(wanted.query)
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    customer = held.customer if isinstance(held.customer, Customer) else None
    draft = structs.replace(
        draft,
        subject=held.id,
        customer_id=held.customer_id or None,
        emails=(customer.email,) if customer and customer.email else (),
        targets=("stripe",),
        confirm=(held.customer_id or held.id)[-4:],
    )
    if draft.refused:
        return draft
    if held.status in _ENDED:
        return structs.replace(draft, refused=f"It ended{_on(held.ended_at)} and is {held.status}: nothing is left to cancel.")
    whose = customer.email if customer and customer.email else held.customer_id
    if wanted.options.get("undo"):
        return _keep_it(draft, held, whose)
    return _end_now(draft, held, whose) if wanted.options.get("now") else _end_later(draft, held, whose)


def _check(wanted: Wanted) -> None:
    options = wanted.options
    if not wanted.query.startswith("sub_"):
        raise BadUsage(f"{quoted(wanted.query)} is not a subscription's id.", "It begins with sub_; diagnose shows it.")
    if options.get("undo") and set(options) - {"undo"}:
        raise BadUsage("--undo takes a scheduled end back, and nothing else.", "Leave the other options out.")
    if (options.get("prorate") or options.get("invoice-now")) and not options.get("now"):
        raise BadUsage("--prorate and --invoice-now go with --now.", "At the end of the period there is nothing to settle.")
    if options.get("feedback", "other") not in FEEDBACK:
        raise BadUsage(f"Stripe knows no feedback {quoted(options['feedback'])}.", f"One of {listed(list(FEEDBACK))}.")


def _keep_it(draft: Change, held: Subscription, whose: str) -> Change:
    title = f"Let {short(held.id)} of {whose} go on"
    if held.ends_at is None:
        return structs.replace(draft, title=title, because="No end is scheduled.", steps=(_flag(held, value=False),))
    if held.cancel_at_period_end:
        steps = (_flag(held, value=False),)
    else:
        steps = (stripe_step("subscriptions", held.id, "cancel_at", rfc3339(from_unix(held.ends_at)), None),)
    because = f"It would end on {day(from_unix(held.ends_at))}; it then renews{_on(held.period_end)} as before."
    return structs.replace(draft, title=title, because=because, steps=steps)


def _end_later(draft: Change, held: Subscription, whose: str) -> Change:
    title = f"Cancel {short(held.id)} of {whose} at the end of the paid period"
    if held.ends_at is not None:
        because = f"It already ends{_on(held.ends_at)}."
        field, value = (
            ("cancel_at_period_end", True) if held.cancel_at_period_end else ("cancel_at", rfc3339(from_unix(held.ends_at)))
        )
        return structs.replace(
            draft, title=title, because=because, steps=(stripe_step("subscriptions", held.id, field, value, value),)
        )
    steps = (*_released(held), _told(_flag(held, value=True), draft.options))
    because = (
        f"It is {held.status} and paid to {day(from_unix(held.period_end))}." if held.period_end else f"It is {held.status}."
    )
    return structs.replace(draft, title=title, because=because, steps=steps, warnings=tuple(_later_warnings(held)))


def _end_now(draft: Change, held: Subscription, whose: str) -> Change:
    params = {name.replace("-", "_"): "true" for name in ("prorate", "invoice-now") if draft.options.get(name)}
    step = Step(
        target="stripe",
        object=held.id,
        field="status",
        before=held.status,
        after="canceled",
        call=f"DELETE /v1/subscriptions/{held.id}",
        params=params,
    )
    because = f"It is {held.status}{f', paid to {day(from_unix(held.period_end))}' if held.period_end else ''}."
    return structs.replace(
        draft,
        title=f"Cancel {short(held.id)} of {whose} now",
        because=because,
        steps=(_told(step, draft.options),),
        warnings=tuple(_now_warnings(draft, held)),
    )


def _flag(held: Subscription, *, value: bool) -> Step:
    return stripe_step("subscriptions", held.id, "cancel_at_period_end", held.cancel_at_period_end, value)


def _told(step: Step, options: dict[str, str]) -> Step:
    """With why the customer leaves, where that is known."""
    details = {f"cancellation_details[{name}]": options[name] for name in ("comment", "feedback") if options.get(name)}
    return structs.replace(step, params={**step.params, **details})


def _released(held: Subscription) -> tuple[Step, ...]:
    schedule = id_of(held.schedule)
    if not schedule:
        return ()
    step = Step(
        target="stripe",
        object=schedule,
        field="status",
        before="active",
        after="released",
        call=f"POST /v1/subscription_schedules/{schedule}/release",
    )
    return (step,)


def _later_warnings(held: Subscription) -> Iterator[str]:
    ends = sorted({item.current_period_end for item in held.items.data if item.current_period_end})
    if len(ends) > 1:
        yield f"Its items are paid to different days; all of it ends with the first, on {day(from_unix(ends[0]))}."
    if held.schedule:
        yield "Its schedule lets go of it: changes of plan that were to come are dropped, and that can't be undone."
    if held.status == "past_due":
        yield "A payment is open; Stripe goes on collecting it until then."


def _now_warnings(draft: Change, held: Subscription) -> Iterator[str]:
    yield "This can't be undone: to have it again, the customer subscribes anew."
    if not draft.options.get("prorate"):
        yield "Nothing is given back; unused time is credited only with --prorate."
    elif not draft.options.get("invoice-now"):
        yield "The credit stays with Stripe until a next invoice; --invoice-now makes that one now."
    if held.pending_update:
        yield "A change of plan that waits for its payment is dropped."
    yield "The app lowers the plan when Stripe tells it; a re-sync does where it does not."


def _on(moment: int | None) -> str:
    return f" on {day(from_unix(moment))}" if moment else ""
