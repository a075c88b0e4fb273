"""From findings to a verdict: the most upstream cause first, what it explains as symptoms, and never a guess past a gap."""

from billing_tui.diagnosis.case import IN_FLIGHT, Case
from billing_tui.diagnosis.rule import Judgement, Rule, match, no, unknown
from billing_tui.diagnosis.rules import RULES
from billing_tui.model.clerk import User
from billing_tui.model.diagnosis import Finding, Layer, Verdict
from billing_tui.model.evidence import Gap, Why
from billing_tui.model.text import listed, plural

HEALTHY = "PBF-099"
# More than is paid for may be meant so.
_MEANT = frozenset({HEALTHY, "PBF-084"})
# What is only true once everything has been looked at.
_LAST = frozenset({"PBF-070", HEALTHY})
# What shows downstream whenever anything upstream is broken.
_SHADOWS = frozenset({"PBF-070", "PBF-080", "PBF-090", "PBF-074"})
# What a handler leaves behind that did its work and could find nobody, or no plan, to write.
_EMPTY_HANDED = frozenset({"PBF-072"})
# What looks like the handler's doing where it had nobody whom it could write for.
_UNDONE = frozenset({"PBF-014", "PBF-022", "PBF-071", *_EMPTY_HANDED})
# What one cause brings with it: a refund ends the subscription, so its end is no second cause; a handler fails that is to write
# a user who is not there; and what is outstanding at an endpoint's twin is no failure of the app's.
_BRINGS = {
    "PBF-002": frozenset({"PBF-004", *_UNDONE}),
    "PBF-003": frozenset({"PBF-004", "PBF-021"}),
    "PBF-004": _UNDONE,
    "PBF-005": frozenset({"PBF-060", *_UNDONE}),
    "PBF-012": frozenset({"PBF-010", "PBF-011", "PBF-014"}),
    "PBF-013": frozenset({"PBF-020"}),
    "PBF-041": frozenset({"PBF-003"}),
    "PBF-043": frozenset({"PBF-060", *_UNDONE}),
    "PBF-053": frozenset({"PBF-060"}),
    "PBF-061": frozenset({"PBF-060"}),
    "PBF-062": frozenset({"PBF-060"}),
}


def judge(case: Case, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Every rule's finding, in the catalogue's order. A residual rule matches only where no other one does."""
    findings: list[Finding] = []
    for held in rules:
        if not held.residual:
            findings.append(held.find(case))
            continue
        findings.append(held.finding(_residual(held, case, findings)))
    return tuple(findings)


def _residual(held: Rule, case: Case, earlier: list[Finding]) -> Judgement:
    own = held.judge(case)
    if own.result != "match":
        return own
    if any(found.result == "match" for found in earlier):
        return no()
    gaps = tuple(dict.fromkeys(gap for found in earlier if found.result == "unknown" for gap in found.gaps))
    if gaps:
        return unknown(*gaps)
    return match(own.confidence or "low", own.headline, *own.facts, detail=own.detail, ours=own.ours)


def weigh(case: Case, findings: tuple[Finding, ...]) -> Verdict:
    """The verdict that findings come to."""
    matches = [found for found in findings if found.result == "match"]
    primary = matches[0] if matches else None
    if primary is None or _doubtful(primary, findings) or (primary.id in _LAST and not _all_in(case, primary)):
        return _open(case, findings)
    brought = _SHADOWS.union(*(_BRINGS.get(found.id, frozenset()) for found in matches))
    if primary.layer < Layer.DELIVERY:
        brought |= _EMPTY_HANDED
    symptoms = tuple(found.id for found in matches[1:] if found.id in brought)
    also = tuple(found.id for found in matches[1:] if found.id not in brought)
    ours = any(found.ours for found in matches) or (case.drifted and primary.id not in _MEANT)
    return Verdict(
        primary=primary.id,
        also=also,
        symptoms=symptoms,
        ours=ours,
        confidence=primary.confidence,
        headline=primary.headline,
        detail=primary.detail,
        exit_code=0 if primary.id == HEALTHY else 1,
    )


def _all_in(case: Case, primary: Finding) -> bool:
    """Whether there is nothing left to wait for; that all was well when the cache was filled may be said at once."""
    return case.evidence.settled or (primary.id == HEALTHY and bool(case.evidence.recalled))


def _doubtful(primary: Finding, findings: tuple[Finding, ...]) -> bool:
    """Whether something further upstream, or something that brings this with it, could be the cause and was not to be seen."""
    open_ = [found for found in findings if found.result == "unknown" and found.gaps]
    return any(found.layer < primary.layer or primary.id in _BRINGS.get(found.id, ()) for found in open_)


def _open(case: Case, findings: tuple[Finding, ...]) -> Verdict:
    """No verdict: says what is missing, or that nothing known explains it."""
    gaps = list(dict.fromkeys(gap for found in findings for gap in found.gaps))
    gap = next((held for held in (case.stripe_gap, case.layers_gap) if held and held.exit_code), gaps[0] if gaps else None)
    if gap:
        return Verdict(primary=None, headline=_missing(gap), detail=gap.hint, exit_code=gap.exit_code)
    if not case.evidence.settled:
        return Verdict(primary=None, headline=_looking(case), exit_code=1)
    return _unexplained(case, findings)


def _looking(case: Case) -> str:
    """What can be said before the end."""
    if case.expected is None:
        return "Looking."
    said = f", {_says(case)}" if case.layers else ""
    return f"Stripe's facts say {case.expected}{said}: looking {'for why' if case.wrong else 'further'}."


def _missing(gap: Gap) -> str:
    return f"No verdict: {gap.message or gap.what + ' could not be read.'}"


def _unexplained(case: Case, findings: tuple[Finding, ...]) -> Verdict:
    lacking = [found for found in findings if found.result == "unknown" and found.missing]
    if any(case.in_flight(event) for event in case.events) or (case.moment and case.evidence.at - case.moment < IN_FLIGHT):
        headline = "The payment is only moments old and its events are on their way: look again in a minute."
    elif case.best is None and _processing(case):
        headline = "A payment is still being processed by the bank; nothing is granted before it ends."
    elif case.best is None and any(held.payment_status == "paid" for held in case.sessions):
        headline = "They paid for something that is no subscription, and no known cause says what it should have granted."
    elif case.undelivered and lacking:
        outstanding = plural(len(case.undelivered), "event")
        headline = f"{outstanding} did not reach the app; to tell why, {lacking[0].missing[0]} is needed."
    elif isinstance(case.user, Gap) or (case.user is None and case.profile.clerk_plan_field and case.subject_id):
        headline = f"Clerk has no user {case.subject_id}, whom the payment names."
    elif case.wrong:
        headline = f"Stripe's facts say {case.expected or 'a plan that is not known'}, {_says(case)}; no known cause explains it."
    else:
        seen = listed(lacking[0].missing) if lacking else "no plan in any layer"
        headline = f"Nothing known is wrong, but not enough could be seen: {seen}."
    return Verdict(primary=None, headline=headline, exit_code=3 if lacking and case.undelivered else 1)


def _processing(case: Case) -> bool:
    pending = not isinstance(case.charges, Gap) and any(charge.status == "pending" for charge in case.charges)
    return pending or any(held.status == "complete" and held.payment_status == "unpaid" for held in case.sessions)


def _says(case: Case) -> str:
    said = [f"{name} says {plan}" for name, plan in (("Clerk", case.clerk), ("the database", case.database)) if plan is not None]
    return listed(said) or "no layer is known"


def nowhere(case: Case) -> bool:
    """Whether nobody at all was found: not in Stripe, not in Clerk, not in the database, and all of them were asked."""
    pieces = (case.evidence.customers, case.evidence.sessions, case.evidence.users, case.evidence.rows)
    if any(isinstance(piece, Gap) and (piece.exit_code or piece.why is Why.PENDING) for piece in pieces):
        return False
    return not (case.customers or case.sessions or case.users or case.rows or isinstance(case.user, User))


def layer_of(findings: tuple[Finding, ...], rule_id: str | None) -> Layer | None:
    """The layer of a rule, for whoever draws it."""
    return next((found.layer for found in findings if found.id == rule_id), None)
