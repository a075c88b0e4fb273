"""Who of this ticket pays in the other mode. Pure."""

from billing_tui.diagnosis.case import Case
from billing_tui.model.stripe import Customer


def pays_elsewhere(case: Case) -> tuple[Customer, ...]:
    """Customers with the ticket's e-mail who have a live subscription in the other mode, where that was asked for."""
    found = case.evidence.elsewhere
    if not isinstance(found, tuple):
        return ()
    paid = case.profile.paid_statuses
    return tuple(held for held in found if held.subscriptions and any(each.status in paid for each in held.subscriptions.data))
