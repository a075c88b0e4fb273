"""Causes in what is kept: the layers disagree; and the result that all is well."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.diagnosis import Fact, Layer


@rule("PBF-080", "Clerk and database disagree", Layer.STATE)
def layers_disagree(case: Case) -> Judgement:
    if not case.profile.clerk_plan_field or case.profile.database is None:
        return no()
    if case.layers_gap or case.stripe_gap:
        return unknown(case.layers_gap or case.stripe_gap)
    clerk, database, expected = case.clerk, case.database, case.expected
    if clerk is None or database is None or clerk == database or expected not in (clerk, database):
        return no()
    behind, plan = ("the database", database) if clerk == expected else ("Clerk", clerk)
    return match(
        "high",
        f"Clerk and the database disagree: {behind} still says {plan}, Stripe's facts say {expected}.",
        Fact(source="clerk.user", id=case.subject_id, field=case.profile.clerk_plan_field, value=clerk, says=f"Says {clerk}."),
        Fact(
            source="database",
            id=case.subject_id,
            field=case.profile.database.plan_column,
            value=database,
            says=f"Says {database}.",
        ),
    )


@rule("PBF-099", "Healthy", Layer.SESSION, ours=False, residual=True)
def healthy(case: Case) -> Judgement:
    if case.stripe_gap or case.layers_gap:
        return unknown(case.stripe_gap, case.layers_gap)
    if case.deliveries_gap and case.deliveries_gap.exit_code and case.paid:
        return unknown(case.deliveries_gap)
    if case.best is None or case.expected is None or case.wrong or not case.layers:
        return no()
    if case.profile.clerk_plan_field and case.clerk is None:
        return unknown("the Clerk user whom the payment names")
    where = [name for name, plan in (("Clerk", case.clerk), ("the database", case.database)) if plan is not None]
    return match(
        "high",
        f"All is well: Stripe, {' and '.join(where)} agree on {case.expected}.",
        Fact(
            source="stripe.subscription",
            id=case.best.id,
            field="plan",
            value=case.expected,
            says="Entitles to it.",
        ),
        detail="Ask which account they are signed in to, and to reload the page.",
    )
