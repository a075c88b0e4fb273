"""Causes in mode and account: ids that belong to the other mode."""

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.database import AppRow
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.evidence import Gap
from billing_tui.model.text import short


@rule("PBF-041", "Stale ids from the other mode", Layer.MODE)
def stale_ids(case: Case) -> Judgement:
    dead = case.evidence.dead_customer
    if case.profile.database is None or (dead is None and not case.database_gap):
        return no()
    if dead is None:
        return unknown(case.database_gap)
    if isinstance(dead, Gap):
        return unknown(dead)
    row = case.row
    if not isinstance(row, AppRow) or dead.id not in (row.customer_id, row.key):
        return no()
    other = dead.other_mode
    whence = f"of {other} mode" if other else "that this account does not know"
    return match(
        "high" if other else "medium",
        f"The app's database holds a customer id {whence}, so what happens in {case.profile.mode} mode never reaches them.",
        Fact(
            source="database", id=dead.id, field="customer_id", value=dead.id, says=f"Is on record for them ({short(dead.id)})."
        ),
        Fact(source="stripe.customer", id=dead.id, says=dead.says),
    )
