"""Causes in the payment: it never happened, was never finished, or was given back. Mostly nobody's fault here."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap
from billing_tui.model.moment import day, from_unix
from billing_tui.model.money import money
from billing_tui.model.stripe import Charge, PaymentIntent, Session, Subscription

_UNFINISHED = ("incomplete", "incomplete_expired")


@rule("PBF-010", "Nothing was paid", Layer.PAYMENT, ours=False)
def nothing_paid(case: Case) -> Judgement:
    if case.live or not (case.customers or case.sessions):
        return no()
    gap = case.stripe_gap or _wanted(case.evidence.charges) or _wanted(case.evidence.sessions)
    if gap:
        return unknown(gap)
    charges = _charges(case)
    since = max((held.ended_at or held.created for held in case.all_subscriptions), default=0)
    if any(held.status in _UNFINISHED for held in case.all_subscriptions) or any(
        charge.status == "pending" for charge in charges
    ):
        return no()
    if any(charge.status == "succeeded" and charge.created >= since for charge in charges):
        return no()
    if any(held.status == "complete" and held.created >= since for held in case.sessions):
        return no()
    facts = [_declined(held) for held in charges if held.status == "failed" and held.created >= since]
    facts += [_abandoned(held) for held in case.sessions if held.status in ("open", "expired") and held.created >= since]
    kept = case.layers and all(plan != case.profile.free for plan in case.layers)
    if not facts and (case.all_subscriptions or kept):
        return no()
    declined = next((held for held in charges if held.status == "failed" and held.created >= since), None)
    headline = (
        "The payment was declined, so nothing was paid." if declined else "Nothing was paid: the checkout was not finished."
    )
    if not facts:
        headline = "They are known to Stripe, but never paid anything."
    return match("high" if facts else "medium", headline, *facts[:4], detail=_hold(declined))


def _wanted(piece: object) -> Gap | None:
    return piece if isinstance(piece, Gap) and piece.exit_code else None


def _charges(case: Case) -> tuple[Charge, ...]:
    return () if isinstance(case.charges, Gap) else case.charges


def _declined(charge: Charge) -> Fact:
    why = charge.failure_message or charge.failure_code or (charge.outcome and charge.outcome.seller_message) or "no reason given"
    sum_ = money(charge.amount, charge.currency)
    on = day(from_unix(charge.created))
    return Fact(
        source="stripe.charge",
        id=charge.id,
        field="failure_code",
        value=charge.failure_code,
        says=f"{sum_} declined on {on}: {why}",
    )


def _abandoned(session: Session) -> Fact:
    intent = session.payment_intent if isinstance(session.payment_intent, PaymentIntent) else None
    error = intent.last_payment_error if intent else None
    tail = f", declined ({error.decline_code or error.code})" if error and (error.decline_code or error.code) else ""
    on = day(from_unix(session.created))
    return Fact(
        source="stripe.checkout_session",
        id=session.id,
        field="payment_status",
        value=session.payment_status,
        says=f"Checkout of {on} is {session.status} and {session.payment_status}{tail}.",
    )


def _hold(declined: Charge | None) -> str:
    return "What their bank shows is a hold, which it will drop." if declined else ""


@rule("PBF-011", "First payment unfinished", Layer.PAYMENT, ours=False)
def unfinished(case: Case) -> Judgement:
    if case.live:
        return no()
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    latest = case.latest
    if latest is None or latest.status not in _UNFINISHED:
        return no()
    if any(charge.status == "pending" for charge in _charges(case)):
        return no(Fact(source="stripe.charge", says="A payment is still being processed."))
    expired = latest.status == "incomplete_expired"
    headline = (
        "The first payment was never finished and its time ran out; they have to buy again."
        if expired
        else "The first payment is not finished: the bank waits for the customer to confirm it, or the card was refused."
    )
    facts = [Fact(source="stripe.subscription", id=latest.id, field="status", value=latest.status, says=f"Is {latest.status}.")]
    if latest.invoice:
        due = money(latest.invoice.amount_remaining, latest.invoice.currency)
        facts.append(
            Fact(source="stripe.invoice", id=latest.invoice.id, field="status", value=latest.invoice.status, says=f"{due} open.")
        )
    return match("high", headline, *facts)


@rule("PBF-012", "Asynchronous payment still processing", Layer.PAYMENT, ours=False)
def processing(case: Case) -> Judgement:
    if case.live or not (case.customers or case.sessions):
        return no()
    gap = case.stripe_gap or _wanted(case.evidence.charges) or _wanted(case.evidence.sessions)
    if gap:
        return unknown(gap)
    pending = next((charge for charge in _charges(case) if charge.status == "pending"), None)
    waiting = next((held for held in case.sessions if held.status == "complete" and held.payment_status == "unpaid"), None)
    since = pending.created if pending else 0
    done = any(charge.status in ("succeeded", "failed") and charge.created > since for charge in _charges(case))
    if pending is None and (waiting is None or done):
        return no()
    facts = []
    if pending:
        said = f"{money(pending.amount, pending.currency)} by {_way(pending)}, not settled yet."
        facts.append(Fact(source="stripe.charge", id=pending.id, field="status", value="pending", says=said))
    if waiting:
        facts.append(
            Fact(
                source="stripe.checkout_session",
                id=waiting.id,
                field="payment_status",
                value="unpaid",
                says="Is complete, its payment still open.",
            )
        )
    return match(
        "high",
        "Their payment is still on its way through the bank; nothing is granted before it arrives.",
        *facts,
        detail="A direct debit takes some days.",
    )


def _way(charge: Charge) -> str:
    kind = charge.payment_method_details.type if charge.payment_method_details else ""
    return kind.replace("_", " ") or "bank"


@rule("PBF-013", "Refunded, disputed or voided", Layer.PAYMENT, ours=False)
def given_back(case: Case) -> Judgement:
    if case.live:
        return no()
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    latest = case.latest
    if latest is None or latest.status in _UNFINISHED:
        return no()
    gap = _wanted(case.evidence.charges)
    if gap:
        return unknown(gap)
    taken = next((charge for charge in _charges(case) if charge.status == "succeeded"), None)
    if taken and (taken.refunded or taken.disputed):
        word = "disputed by their bank" if taken.disputed else "refunded"
        return match(
            "high",
            f"The payment was {word} and the subscription has ended.",
            Fact(source="stripe.charge", id=taken.id, field=word.split()[0], value=True,
                 says=f"{money(taken.amount, taken.currency)} of {day(from_unix(taken.created))} was {word}."),
            *_ended(latest),
        )  # fmt: skip
    invoice = latest.invoice
    failed = latest.cancellation_details and latest.cancellation_details.reason == "payment_failed"
    if invoice and invoice.status in ("void", "uncollectible") and latest.ended_at and not failed:
        return match(
            "medium",
            f"The last invoice was given up ({invoice.status}) and the subscription has ended.",
            Fact(source="stripe.invoice", id=invoice.id, field="status", value=invoice.status, says=f"Is {invoice.status}."),
            *_ended(latest),
        )
    return no()


def _ended(subscription: Subscription) -> tuple[Fact, ...]:
    if not subscription.ended_at:
        return ()
    on = day(from_unix(subscription.ended_at))
    return (Fact(source="stripe.subscription", id=subscription.id, field="ended_at", value=on, says=f"Ended on {on}."),)
