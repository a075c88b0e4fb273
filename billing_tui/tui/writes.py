"""What the screens can ask to be written, each by a choice or a few lines first; the plan that follows asks for the rest.

Pure: choices and blanks in, what is wanted out.
"""

from datetime import date, timedelta

from billing_tui.model.change import Wanted
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import known
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Subscription
from billing_tui.model.text import listed, short
from billing_tui.tui.dialogs.chooser import Choice
from billing_tui.tui.dialogs.form import Blank

_ENDED = ("canceled", "incomplete_expired")
_SETTLED = {"now": "yes", "prorate": "yes", "invoice-now": "yes"}
_WAYS: dict[str, tuple[str, str, dict[str, str]]] = {
    "period": ("p", "When the paid period ends", {}),
    "now": ("n", "Now; nothing is given back", {"now": "yes"}),
    "prorated": ("c", "Now, with credit for the unused time, settled with an invoice", _SETTLED),
}


def running(found: Diagnosis) -> tuple[Subscription, ...]:
    """The subscriptions of a ticket that have not ended."""
    held = (one for page in found.evidence.subscriptions.values() for one in known(page, ()))
    return tuple(one for one in held if one.status not in _ENDED)


def cancel_choices(names: tuple[str, ...], *, ending: frozenset[str]) -> list[Choice]:
    """How each subscription could be ended, or its end taken back."""
    many = len(names) > 1
    made = []
    for number, name in enumerate(names, 1):
        group = short(name) if many else ""
        if name in ending:
            made.append(Choice(f"undo:{name}", "u" if not many else str(number), "Take the scheduled end back", group))
        for way, (key, label, _) in _WAYS.items():
            if way != "period" or name not in ending:
                made.append(Choice(f"{way}:{name}", key if not many else "", label, group))
    return made


def cancel_wanted(choice: str) -> Wanted:
    """What a choice of `cancel_choices` asks for."""
    way, _, name = choice.partition(":")
    options = {"undo": "yes"} if way == "undo" else dict(_WAYS[way][2])
    return Wanted(action="cancel", query=name, options=options)


def grant_blanks(profile: Profile, today: date) -> list[Blank]:
    """What a given plan has to be told."""
    return [
        Blank("tier", "Tier", profile.tiers[-1] if len(profile.tiers) == 2 else "", listed(profile.tiers[1:])),
        Blank("until", "Until", (today + timedelta(days=7)).isoformat(), "the last day, like 2026-12-31"),
        Blank("reason", "Reason", "", "why; it stands in Clerk and in the journal"),
    ]


def relink_blanks(found: Diagnosis) -> list[Blank]:
    """Which customer is to be whose."""
    customers, users = found.subject.customer_ids, [user.id for user in known(found.evidence.users, ())]
    return [
        Blank("customer", "Customer", customers[0] if customers else "", "cus_…"),
        Blank("user", "User", users[0] if len(users) == 1 else "", "user_… or org_…, from Clerk"),
    ]
