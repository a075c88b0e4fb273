"""The strip: from the payment to the token, one station after the other, and the one at which it breaks."""

from msgspec import structs

from billing_tui.diagnosis.case import Case
from billing_tui.model.diagnosis import Hop, HopState, Verdict
from billing_tui.model.evidence import Gap, Why, age_of
from billing_tui.model.stripe import Charge

_STATIONS = {
    "payment": ("PBF-001", "PBF-002", "PBF-006", "PBF-010", "PBF-011", "PBF-012", "PBF-013", "PBF-040", "PBF-042"),
    "subscription": ("PBF-003", "PBF-020", "PBF-021", "PBF-023", "PBF-024", "PBF-030", "PBF-031", "PBF-032"),
    "delivery": (
        *("PBF-050", "PBF-051", "PBF-052", "PBF-053", "PBF-054", "PBF-056", "PBF-057", "PBF-058", "PBF-059", "PBF-061"),
        "PBF-062",
    ),
    "handler": (
        *("PBF-004", "PBF-005", "PBF-014", "PBF-022", "PBF-055", "PBF-060", "PBF-063", "PBF-070", "PBF-071", "PBF-072"),
        "PBF-073",
    ),
    "clerk": ("PBF-043", "PBF-081", "PBF-082", "PBF-083"),
    "database": ("PBF-041",),
    "token": ("PBF-090", "PBF-091", "PBF-092"),
}
_RESTS_ON = {
    "subscription": ("customers", "subscriptions"),
    "event": ("events",),
    "clerk": ("users", "organization"),
    "database": ("rows",),
}
_BREAKS_AT = {rule: station for station, rules in _STATIONS.items() for rule in rules}


def strip(case: Case, verdict: Verdict) -> tuple[Hop, ...]:
    """The eight stations, in order; Clerk and the database stand side by side, the token follows Clerk."""
    broken = _broken_at(case, verdict)
    in_clerk, in_database = bool(case.profile.clerk_plan_field), case.profile.database is not None
    made = [
        Hop(name="payment", state=_payment(case)),
        Hop(name="subscription", state=_subscription(case), value=_tier(case)),
        Hop(name="event", state=_event(case)),
        Hop(name="delivery", state=_delivery(case)),
        Hop(name="handler", state=_handler(case, verdict)),
        Hop(name="clerk", state=_layer(case, case.clerk, case.clerk_gap, in_clerk), value=case.clerk or ""),
        Hop(name="database", state=_layer(case, case.database, case.database_gap, in_database), value=case.database or ""),
        Hop(name="token", state="bad" if broken == "token" else "off"),
    ]
    made = [structs.replace(hop, at=age_of(case.evidence, *_RESTS_ON.get(hop.name, ("",)))) for hop in made]
    return tuple(structs.replace(hop, state="bad", broken=True) if hop.name == broken else hop for hop in made)


def _broken_at(case: Case, verdict: Verdict) -> str | None:
    if verdict.primary in ("PBF-074", "PBF-080"):
        return "database" if case.clerk == case.expected else "clerk"
    return _BREAKS_AT.get(verdict.primary or "")


def _payment(case: Case) -> HopState:
    charges = case.charges
    if case.stripe_gap:
        return _open(case.stripe_gap)
    if isinstance(charges, Gap):
        return _open(charges) if case.customers else "bad"
    taken: Charge | None = next((charge for charge in charges if charge.status == "succeeded"), None)
    if taken:
        return "bad" if taken.refunded or taken.disputed else "good"
    free_of_charge = any(held.payment_status == "no_payment_required" for held in case.sessions) or case.best is not None
    return "good" if free_of_charge else "bad"


def _subscription(case: Case) -> HopState:
    if case.stripe_gap:
        return _open(case.stripe_gap)
    if case.best is None:
        return "bad"
    if case.catalogue_gap:
        return _open(case.catalogue_gap)
    return "good" if case.expected else "bad"


def _tier(case: Case) -> str:
    if case.best is None:
        return case.latest.status if case.latest else ""
    return case.expected or ""


def _event(case: Case) -> HopState:
    if isinstance(case.evidence.events, Gap):
        return _open(case.evidence.events)
    return "good" if case.events else "unknown"


def _delivery(case: Case) -> HopState:
    gap = case.deliveries_gap
    if gap:
        return _open(gap)
    if case.undelivered:
        return "bad"
    return "good" if case.events and not any(case.in_flight(event) for event in case.events) else "unknown"


def _handler(case: Case, verdict: Verdict) -> HopState:
    """What the handler did can only be told from what it left behind."""
    if not case.layers or case.expected is None or case.undelivered:
        return "unknown"
    return "good" if not case.wrong and case.paid and verdict.primary is not None else "unknown"


def _layer(case: Case, plan: str | None, gap: Gap | None, configured: bool) -> HopState:
    if not configured:
        return "off"
    if gap:
        return _open(gap)
    if plan is None:
        return "unknown"
    if case.expected is None:
        return "bad" if case.lacking and plan == case.profile.free else "unknown"
    return "good" if plan == case.expected else "bad"


def _open(gap: Gap) -> HopState:
    if gap.why is Why.PENDING:
        return "pending"
    return "off" if gap.why is Why.NOT_CONFIGURED else "unknown"
