"""Causes in what the handler does with an event that reached it: how it verifies, what it reads, what it writes over."""

from datetime import datetime, timedelta

import msgspec

from billing_tui.diagnosis.answers import REFUSALS, answers, broken_code, walled
from billing_tui.diagnosis.case import IN_FLIGHT, Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.diagnosis.rules.delivery import gate_of, outstanding, reaches_app, surely
from billing_tui.model.clerk import User
from billing_tui.model.database import AppRow
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap, known
from billing_tui.model.moment import day, from_unix
from billing_tui.model.stripe import Event, Session, Subscription, id_of
from billing_tui.model.text import quoted, short

# From this version on, a period belongs to an item and no longer to the subscription.
_BASIL = "2025-03-31"
_ENDED = ("canceled", "incomplete_expired")


@rule("PBF-055", "Signature code broken although the secret is right", Layer.HANDLER)
def broken_verification(case: Case) -> Judgement:
    gate = gate_of(case, needs_loss=True) or reaches_app(case)
    if gate:
        return gate
    probes = case.evidence.probes
    if isinstance(probes, Gap):
        return unknown(probes)
    if probes.unsigned.status not in REFUSALS or walled(probes.unsigned):
        return no(*answers(probes))
    if isinstance(probes.valid, Gap):
        return unknown(probes.valid)
    if probes.valid.status not in REFUSALS or not broken_code(probes.valid):
        return no(*answers(probes))
    clock = "tolerance" in probes.valid.body.casefold()
    return match(
        surely(case),
        "The app refuses every delivery: its clock is wrong."
        if clock
        else "The app refuses every delivery: its code that checks signatures does not work.",
        *answers(probes),
        *outstanding(case.undelivered),
        detail="The clock of the app's host is off by minutes."
        if clock
        else "The secret itself may be right; the app says so in its answer.",
    )


@rule("PBF-014", "“Paid” gate too strict", Layer.HANDLER)
def gate_too_strict(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    sessions = case.evidence.sessions
    if isinstance(sessions, Gap):
        return unknown(sessions) if sessions.exit_code and case.lacking and not case.undelivered else no()
    if case.best is None:
        return _paid_once(case)
    if not _was_told_in_vain(case):
        return no()
    bought = next((held for held in case.sessions if id_of(held.subscription) == case.best.id), None)
    if bought is None or not (bought.payment_status == "no_payment_required" or bought.amount_total == 0):
        return no()
    return match(
        "medium",
        "Nothing was due at their purchase (a coupon or a trial), and the app seems to wait for a payment.",
        Fact(
            source="stripe.checkout_session",
            id=bought.id,
            field="payment_status",
            value=bought.payment_status,
            says="Was complete, with nothing to pay.",
        ),
    )


def _paid_once(case: Case) -> Judgement:
    """Something was paid for that is no subscription, and nothing came of it."""
    once = next((held for held in case.sessions if held.mode == "payment" and held.payment_status == "paid"), None)
    if once is None or case.all_subscriptions or any(plan != case.profile.free for plan in case.layers):
        return no()
    return match(
        "medium",
        "They paid once, for something that is no subscription, and the app grants plans for subscriptions alone.",
        _session_fact(once),
        detail="If it was meant to be a subscription, its price is of the wrong kind.",
    )


def _session_fact(held: Session) -> Fact:
    return Fact(source="stripe.checkout_session", id=held.id, field="mode", value=held.mode, says="Was paid once.")


def _was_told_in_vain(case: Case) -> bool:
    """Whether somebody pays, no layer has it, and nothing is outstanding or on its way."""
    if not case.lacking or case.expected is None or not case.layers or case.layers_gap or case.deliveries_gap:
        return False
    young = case.moment is not None and case.evidence.at - case.moment < IN_FLIGHT
    return not (case.undelivered or young or any(plan == case.expected for plan in case.layers))


@rule("PBF-022", "Several items, the plan not the first", Layer.HANDLER)
def plan_not_first(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best = case.best
    if best is None or len(best.items.data) < 2 or not case.wrong or case.undelivered:
        return unknown(case.layers_gap) if case.layers_gap and best and len(best.items.data) > 1 else no()
    if case.catalogue_gap:
        return unknown(case.catalogue_gap)
    reads = case.plan_of(best).items
    first = reads[0].tier
    as_first = first or case.profile.free
    if first == case.expected or case.expected is None or not any(plan == as_first for plan in case.layers):
        return no()
    return match(
        "medium",
        "They subscribe to several things, and the app looks only at the first, which is not the plan.",
        Fact(
            source="stripe.subscription",
            id=best.id,
            field="items.0",
            value=reads[0].price.id,
            says=f"The first item leads to {first or 'no plan'}; another leads to {case.expected}.",
        ),
    )


@rule("PBF-063", "Payload version drift", Layer.HANDLER)
def version_drift(case: Case) -> Judgement:
    table, best, row = case.profile.database, case.best, case.row
    if table is None or not table.period_end_column or best is None or case.undelivered:
        return no()
    if isinstance(row, Gap):
        return unknown(row)
    endpoints = case.evidence.configuration.endpoints
    if isinstance(endpoints, Gap):
        return unknown(endpoints)
    if row is None or best.period_end is None or case.expected is None or not _follows(row, best):
        return no()
    young = case.moment is not None and case.evidence.at - case.moment < IN_FLIGHT
    version = next((held.api_version for held in case.app_endpoints if held.enabled), None)
    if young or not version or version < _BASIL or not _period_lost(row, best, case.evidence.at):
        return no()
    held = day(row.period_end) if row.period_end and row.period_end.year > 1970 else "nothing"
    return match(
        "medium",
        "The app does not keep until when they have paid: Stripe now sends that at another place than its code looks.",
        Fact(source="database", id=row.key, field=table.period_end_column, value=None, says=f"Holds {held}."),
        Fact(
            source="stripe.subscription",
            id=best.id,
            field="items.current_period_end",
            value=best.period_end,
            says=f"Is paid until {day(from_unix(best.period_end))}.",
        ),
        Fact(source="stripe.webhook_endpoint", field="api_version", value=version, says="Is the version that the app is sent."),
        detail="Where the app cuts access by that date, they lose it at the next renewal.",
    )


def _follows(row: AppRow, best: Subscription) -> bool:
    """Whether the row was written for this subscription, as far as it says."""
    return row.subscription_id in (None, best.id) and (row.subscription_id == best.id or row.status == best.status)


def _period_lost(row: AppRow, best: Subscription, at: datetime) -> bool:
    end = from_unix(best.period_end or 0)
    if row.period_end is None or row.period_end.year <= 1970:
        return True
    return row.period_end < at - timedelta(hours=1) and end > at + timedelta(hours=1)


@rule("PBF-071", "Stale event overwrote newer state", Layer.HANDLER)
def overwritten(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    best, row = case.best, case.row
    if best is None or not case.wrong or case.undelivered or case.expected is None:
        return no()
    if isinstance(row, Gap):
        return unknown(row)
    return _by_the_end_of_another(case, best, row) or _by_an_older_state(case, best, row) or no()


def _by_the_end_of_another(case: Case, best: Subscription, row: AppRow | None) -> Judgement | None:
    """An older subscription ended after the new one began, and the app took that for the end of everything."""
    others = [
        held for held in case.all_subscriptions if held.status in _ENDED and held.ended_at and held.ended_at >= best.created
    ]
    ended = next((held for held in others if held.created < best.created), None)
    if ended is None or any(plan not in (case.profile.free, None) for plan in case.layers):
        return None
    told = next(
        (event for event in case.events if event.type == "customer.subscription.deleted" and event.data.object.id == ended.id),
        None,
    )
    recorded = row is not None and (row.subscription_id == ended.id or row.status in ("canceled", "cancelled", ended.status))
    if told is None and not recorded:
        return None
    return match(
        "high" if recorded else "medium",
        "An older subscription of theirs ended after the new one began, and the app took that for the end of their plan.",
        Fact(source="stripe.subscription", id=best.id, field="status", value=best.status, says=f"Is the new one: {best.status}."),
        Fact(source="stripe.subscription", id=ended.id, field="ended_at", value=ended.ended_at, says="Ended after that."),
        *_recorded(row, recorded),
    )  # fmt: skip


def _by_an_older_state(case: Case, best: Subscription, row: AppRow | None) -> Judgement | None:
    """The row says what an older event of the same subscription said, and a newer one was taken as well."""
    if row is None or not row.status or row.status == best.status or row.subscription_id not in (None, best.id):
        return None
    states = [event for event in case.events if event.data.object.id == best.id and isinstance(event.data.object.status, str)]
    older = [event for event in states if event.data.object.status == row.status]
    newer = [event for event in states if event.data.object.status == best.status]
    if not older or not newer or older[0].created > newer[-1].created or not _taken(case, newer):
        return None
    return match(
        "high",
        f"An older message from Stripe ({quoted(row.status)}) was written over the newer one ({quoted(best.status)}).",
        Fact(
            source="stripe.event",
            id=older[0].id,
            field="data.object.status",
            value=row.status,
            says="Is what the row still says.",
        ),
        Fact(
            source="stripe.event", id=newer[-1].id, field="data.object.status", value=best.status, says="Is newer, and was taken."
        ),
    )


def _taken(case: Case, events: list[Event]) -> bool:
    lost = known(case.evidence.undelivered, frozenset())
    return any(event.id not in lost for event in events)


def _recorded(row: AppRow | None, recorded: bool) -> tuple[Fact, ...]:
    if not recorded or row is None:
        return ()
    value = row.subscription_id or row.status
    return (
        Fact(
            source="database", id=row.key, field="subscription", value=value, says=f"The app's row follows {short(value or '')}."
        ),
    )


@rule("PBF-073", "Activation outside the retried path", Layer.HANDLER)
def outside_retries(case: Case) -> Judgement:
    """One person's evidence can't tell it from any other silence: it takes the share of all payers whom it befalls."""
    if not case.paid or not _was_told_in_vain(case):
        return no()
    return unknown("how many other payers were left without their plan (drift)")


@rule("PBF-074", "Store write refused", Layer.HANDLER)
def write_refused(case: Case) -> Judgement:
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if not case.paid or case.expected is None or not case.drifted or case.undelivered:
        return no()
    if case.layers_gap:
        return unknown(case.layers_gap)
    no_row = case.profile.database is not None and case.row is None
    if no_row and (case.clerk == case.expected or not case.profile.clerk_plan_field):
        return match(
            "medium",
            "The app's database has no row for them, so their plan could not be written there.",
            Fact(source="database", id=case.subject_id, says="No row has this id."),
            detail="The row must be made first, as the app does when somebody signs up.",
        )
    user = case.user
    if isinstance(user, User) and case.database == case.expected and case.clerk != case.expected and _full(user):
        return match(
            "high",
            "Clerk can't take their plan: the user's metadata is full (8 KB).",
            Fact(source="clerk.user", id=user.id, field="public_metadata", says="Is as large as Clerk allows."),
        )
    return no()


def _full(user: User) -> bool:
    bags = (user.public_metadata, user.private_metadata, user.unsafe_metadata)
    return any(len(msgspec.json.encode(bag)) > 8000 for bag in bags if bag)
