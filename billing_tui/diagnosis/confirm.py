"""A known person in one round trip: the three reads that decide, where the cache says that all is well with them.

Whoever pays, and has in every layer what they pay for, needs no more than that: the subscriptions, the user and the row, live.
Everybody else's ticket takes the ordinary rounds, however well the cache knows them.
"""

from collections.abc import Coroutine
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.reads import read_organization, read_rows, read_subscriptions, read_user, read_users
from billing_tui.diagnosis.weigh import HEALTHY, judge, weigh
from billing_tui.model.evidence import Evidence
from billing_tui.model.moment import from_unix

if TYPE_CHECKING:
    from billing_tui.diagnosis.gather import Gathering

# Older than this, too much may have happened that three reads would not show.
_FRESH = timedelta(hours=24)
_RECENT = timedelta(days=30)
# What these tell of is seen on payments, which are not among the three.
_TROUBLE = ("charge.refund", "charge.dispute", "charge.failed", "invoice.payment_failed", "invoice.voided", "refund.")


def looks_well(evidence: Evidence) -> bool:
    """Whether one customer pays, every layer is known and agrees, and nothing that was seen lately speaks against it."""
    case = Case(evidence)
    if len(case.everyone) != 1 or not case.paid or evidence.named_user:
        return False
    oldest = min(evidence.recalled.values(), default=evidence.at)
    return evidence.at - oldest < _FRESH and not _troubled(case) and weigh(case, judge(case)).primary == HEALTHY


def _troubled(case: Case) -> bool:
    since = case.evidence.at - _RECENT
    return any(event.type.startswith(_TROUBLE) and from_unix(event.created) > since for event in case.events)


def confirmation(g: "Gathering", recalled: Evidence) -> list[Coroutine[Any, Any, None]]:
    """The reads, to be made at once."""
    case = Case(recalled)
    customer, subject = case.customers[0], case.subject_id or ""
    asked = [read_subscriptions(g, customer.id)]
    asked.append(read_rows(g, key=subject or None, customer_id=customer.id, email=customer.email))
    if subject.startswith("org_"):
        asked.append(read_organization(g, subject))
    elif subject.startswith("user_"):
        asked.append(read_user(g, subject))
    elif customer.email:
        asked.append(read_users(g, [customer.email]))
    return asked
