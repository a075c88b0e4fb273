"""What no API tells: each is said, so that nobody takes silence for a pass."""

from collections.abc import Callable

from billing_tui.golive.check import Check, Found, by_hand
from billing_tui.golive.facts import Both
from billing_tui.model.golive import Severity

_ENTRIES: tuple[tuple[str, str, Severity, str, tuple[str, ...]], ...] = (
    ("GL-02", "The publishable key is live mode's", "blocker",
     "Look for pk_live_ of the same account in the built front end.", ()),
    ("GL-33", "Clerk's production instance is set up", "warning",
     "Clerk copies no webhooks, sign-in providers and paths from development: make them again in production.", ()),
    ("GL-37", "The plan can't be written from the browser", "blocker",
     "Make sure that no policy of the database lets a signed-in user write the plan column.", ()),
    ("GL-38", "Buying twice is not possible", "warning",
     "Switch on that a customer may have one subscription alone, and check for one before a checkout is made.", ()),
    ("GL-39", "What happens when a card fails is decided", "warning",
     "Look at the retry schedule and at what follows it in Stripe's Dashboard, Settings, Billing.", ()),
    ("GL-40", "Failures are told to somebody", "warning",
     "Switch on Stripe's mails about failing webhook endpoints, in the personal notification settings.", ()),
    ("GL-42", "There is headroom in requests", "info",
     "A handler that lists many objects for each event meets Stripe's limit of 25 requests a second for each endpoint.", ()),
    ("GL-43", "No key lies about", "high",
     "Search the repository, CI and logs for sk_live_ and whsec_.", ("git log -S sk_live_ --oneline", "git grep -n whsec_")),
)  # fmt: skip


def _said(says: str, commands: tuple[str, ...]) -> Callable[[Both], Found]:
    return lambda _both: by_hand(says, *commands)


BY_HAND = tuple(Check(check_id, name, severity, _said(says, commands)) for check_id, name, severity, says, commands in _ENTRIES)
