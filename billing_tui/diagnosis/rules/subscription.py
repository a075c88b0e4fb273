"""Causes in the subscription: it does not entitle, or there are several and the app follows the wrong one."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.clerk import User
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.moment import day, from_unix
from billing_tui.model.stripe import Subscription
from billing_tui.model.text import short

_WORDS = {
    "canceled": "was cancelled",
    "unpaid": "is unpaid: Stripe has given up collecting",
    "paused": "is paused",
    "past_due": "is past due, and this app gives no access then",
}
_SECOND = ("unpaid", "paused", "past_due")


@rule("PBF-020", "The subscription does not entitle", Layer.SUBSCRIPTION, ours=False)
def does_not_entitle(case: Case) -> Judgement:
    if case.live:
        return no()
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    latest = case.latest
    if latest is None or latest.status not in _WORDS:
        return no()
    details = latest.cancellation_details
    reason = {"payment_failed": " because payments failed", "payment_disputed": " because the payment was disputed"}
    why = reason.get((details and details.reason) or "", "")
    ended = latest.ended_at or (latest.canceled_at if latest.status == "canceled" else None)
    when = f" on {day(from_unix(ended))}" if ended else ""
    return match(
        "high",
        f"Their subscription {_WORDS[latest.status]}{when}{why}.",
        Fact(source="stripe.subscription", id=latest.id, field="status", value=latest.status, says=f"Is {latest.status}."),
        ours=case.drifted,
        detail="A layer still shows the paid plan." if case.drifted else "",
    )


@rule("PBF-021", "Several live subscriptions, the app follows the wrong one", Layer.SUBSCRIPTION)
def follows_wrong_one(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best = case.best
    if best is None:
        return no()
    followed = _followed(case, best)
    second = [held for held in case.all_subscriptions if held.id != best.id and (held in case.live or held.status in _SECOND)]
    if not second:
        return no()
    if followed is None:
        return unknown(case.layers_gap) if case.layers_gap and len(case.live) > 1 else no()
    return match(
        "high",
        f"They have {len(second) + 1} subscriptions, and the app follows {short(followed.id)} instead of the best one.",
        Fact(
            source="stripe.subscription", id=best.id, field="plan", value=case.plan_of(best).tier, says="Is the one that counts."
        ),
        Fact(
            source="stripe.subscription",
            id=followed.id,
            field="plan",
            value=case.plan_of(followed).tier,
            says=f"Is the one that the app follows ({followed.status}).",
        ),
    )


def _followed(case: Case, best: Subscription) -> Subscription | None:
    """The lesser subscription that the app is on: as it has on record, or as its plan gives away."""
    others = [held for held in case.all_subscriptions if held.id != best.id and (held in case.live or held.status in _SECOND)]
    recorded = {case.recorded_subscription, _in_clerk(case)} - {None}
    on_record = next((held for held in others if held.id in recorded), None)
    # An add-on that lives beside the plan may be on record without harm.
    if on_record and (case.drifted or on_record not in case.live):
        return on_record
    if recorded or not case.drifted:
        return None
    live = [held for held in others if held in case.live]
    return next(
        (held for held in live if case.plan_of(held).tier in case.layers and case.plan_of(held).tier != case.expected), None
    )


def _in_clerk(case: Case) -> str | None:
    path = case.profile.clerk_fields.get("subscription_id")
    if not path:
        return None
    value = case.user.field(path) if isinstance(case.user, User) else None
    return value if isinstance(value, str) else None


@rule("PBF-023", "Change scheduled, not applied yet", Layer.SUBSCRIPTION, ours=False)
def waiting_change(case: Case) -> Judgement:
    """Only what was asked for and waits for its payment; what is set for a later date changes nothing yet, and is no finding."""
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best = case.best
    if best is None or best.pending_update is None or case.wrong:
        return no()
    until = best.pending_update.expires_at
    return match(
        "high",
        f"They asked for another plan, and it waits for its payment{f' until {day(from_unix(until))}' if until else ''}.",
        Fact(
            source="stripe.subscription",
            id=best.id,
            field="pending_update.expires_at",
            value=until,
            says="A change is pending, and is dropped then.",
        ),
        detail="Once the open invoice is paid, it happens by itself.",
    )
