"""One ticket from end to end: evidence as it arrives, judged again on each arrival."""

import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from billing_tui.diagnosis.case import Case, customer_ids
from billing_tui.diagnosis.configuration import Shared
from billing_tui.diagnosis.gather import Gathering
from billing_tui.diagnosis.remedies import remedies
from billing_tui.diagnosis.strip import strip
from billing_tui.diagnosis.timeline import price_words, timeline
from billing_tui.diagnosis.weigh import judge, nowhere, weigh
from billing_tui.model.diagnosis import Diagnosis, LayerPlans, Subject
from billing_tui.model.evidence import Cost, Evidence
from billing_tui.model.moment import ago, from_unix
from billing_tui.model.problem import NotThere
from billing_tui.model.profile import Profile
from billing_tui.model.query import Kind, understand
from billing_tui.model.text import listed, quoted
from billing_tui.services.bundle import Services
from billing_tui.services.purpose import counting

if TYPE_CHECKING:
    from billing_tui.cache.persons import Person


async def diagnose(
    services: Services,
    shared: Shared,
    profile: Profile,
    pasted: str,
    *,
    now: Callable[[], datetime],
    user: str = "",
    probe: bool = True,
    so_far: bool = True,
    person: "Person | None" = None,
) -> AsyncGenerator[Diagnosis, None]:
    """Yields ever more complete diagnoses of one ticket, or the settled one alone; the last one's evidence is settled.

    With what the cache holds of a `person`, the first one rests on that, before anybody is asked.

    Raises:
        BadUsage: What was pasted names nothing that a ticket can be about.
        NotThere: The object that it names does not exist.
        Refused: The key belongs to another account than the profile's.
    """
    started = time.monotonic()
    gathering = Gathering(services, shared, profile, understand(pasted), at=now(), named_user=user, probe=probe, person=person)
    database = services.database
    before = getattr(database, "queries", 0)
    context, tally = counting()
    # Whoever leaves in the middle must leave no request behind: a generator within one is not closed with it.
    async with aclosing(gathering.run(context)) as pieces:
        async for evidence in pieces:
            if not (so_far or evidence.settled):
                continue
            queries = getattr(database, "queries", 0) - before
            cost = _cost(tally, queries, gathering.rounds, started)
            found = conclude(evidence, structs.replace(cost, from_cache=bool(evidence.recalled)))
            yield structs.replace(found, requests=tuple(tally.ids))


def conclude(evidence: Evidence, cost: Cost) -> Diagnosis:
    """What evidence comes to. Pure, and quick enough to be asked on each arrival."""
    case = Case(evidence)
    findings = judge(case)
    verdict = weigh(case, findings)
    return Diagnosis(
        evidence=evidence,
        subject=_subject(case),
        verdict=verdict,
        expected_plan=case.expected,
        layers=LayerPlans(stripe=case.expected, clerk=case.clerk, database=case.database),
        findings=findings,
        remedies=remedies(case, verdict),
        strip=strip(case, verdict),
        timeline=timeline(case),
        summary=_summary(case),
        cost=cost,
    )


def found_nobody(diagnosis: Diagnosis) -> NotThere | None:
    """The problem to report where nobody at all was found; None where somebody was."""
    if not diagnosis.evidence.settled or not nowhere(Case(diagnosis.evidence)):
        return None
    query = diagnosis.evidence.query
    return NotThere(
        f"Neither Stripe, Clerk nor the database knows {quoted(query.text)} in {diagnosis.evidence.profile.mode} mode.",
        "Check the spelling, ask for the receipt number, or look in the other mode.",
    )


def _subject(case: Case) -> Subject:
    subject = case.subject_id
    organization = case.profile.scope == "organization" or case.evidence.query.kind is Kind.ORGANIZATION
    of_organization = subject if subject and (organization or subject.startswith("org_")) else None
    return Subject(
        user_id=None if of_organization else subject,
        organization_id=of_organization,
        emails=case.emails,
        customer_ids=customer_ids(case),
    )


def _summary(case: Case) -> str:
    """What was paid, and what each layer says of it: one line under the headline."""
    best = case.latest
    said = []
    if best and case.stripe_gap is None:
        when = ago(from_unix(best.created), case.evidence.at)
        words = price_words(best)
        said.append(
            f"{words + ', s' if words else 'S'}ubscribed {when}." if best in case.live else f"Subscription {best.status}."
        )
    plans = [("Stripe", case.expected), ("Clerk", case.clerk), ("the database", case.database)]
    by_plan: dict[str, list[str]] = {}
    for name, plan in plans:
        if plan is not None:
            by_plan.setdefault(plan, []).append(name)
    clauses = [f"{listed(names)} {'says' if len(names) == 1 else 'say'} {plan}" for plan, names in by_plan.items()]
    if clauses:
        said.append("; ".join(clauses)[0].upper() + "; ".join(clauses)[1:] + ".")
    return " ".join(said)


def _cost(tally: Counter[str], queries: int, rounds: int, started: float) -> Cost:
    return Cost(
        stripe_requests=tally["stripe"],
        clerk_requests=tally["clerk"],
        database_queries=queries,
        configuration_requests=tally["configuration"],
        probe_requests=tally["probe"],
        sequential_round_trips=rounds,
        elapsed_ms=round((time.monotonic() - started) * 1000),
    )
