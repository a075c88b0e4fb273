"""What needs attention by the cache and by what is known of the endpoints. Asks nobody. Blocking, for threads."""

from datetime import datetime, timedelta
from typing import Literal

from billing_tui.cache.rows import View
from billing_tui.cache.shelf import Shelf
from billing_tui.diagnosis.sending import heard_types, own_endpoints
from billing_tui.model.evidence import Configuration
from billing_tui.model.notice import Attention, Notice
from billing_tui.model.profile import Profile
from billing_tui.notices.deliveries import Seen, delivery_notices
from billing_tui.notices.silence import Silences

_RETRIED = timedelta(days=3)
"""For so long Stripe tries to deliver an event."""
_DAY = timedelta(days=1)
_BEFORE = 7
"""Days that say how long deliveries usually take."""
_Place = Literal["customers", "subscriptions"]
_LISTS: tuple[tuple[_Place, str, str, str], ...] = (
    ("subscriptions", "status:past_due", "past due", "a payment failed; Stripe tries again"),
    ("subscriptions", "status:unpaid", "unpaid", "every retry failed"),
    ("subscriptions", "status:incomplete", "incomplete", "the first payment has not gone through"),
    ("customers", "delinquent:yes", "delinquent", "the latest invoice is not paid"),
    ("subscriptions", "ends:<7d ended:no", "ending within 7 days", "a cancellation is scheduled"),
)


def attention(
    shelf: Shelf, profile: Profile, configuration: Configuration | None, silences: Silences, now: datetime
) -> Attention:
    """What needs attention; nothing where the cache was never filled."""
    read = shelf.synced_at
    if read is None:
        return Attention()
    found = [*delivery_notices(_seen(shelf, profile, configuration, now)), *_listed(shelf)]
    # What the endpoints would say is not known before they were read: that is no sign that it is over.
    silenced = silences.heed(found, () if configuration else ("disabled",))
    return Attention(notices=silenced, read=read)


def _seen(shelf: Shelf, profile: Profile, configuration: Configuration | None, now: datetime) -> Seen:
    types = heard_types(configuration, profile)
    return Seen(
        undelivered=shelf.undelivered(now - _RETRIED),
        recent=shelf.recent(types, now - _DAY),
        lately=shelf.delivery_times(types, 1),
        before=shelf.delivery_times(types, _BEFORE, before=1),
        own=own_endpoints(configuration, profile),
        now=int(now.timestamp()),
    )


def _listed(shelf: Shelf) -> list[Notice]:
    held = []
    for place, words, what, note in _LISTS:
        count = shelf.count(View(kind=place, words=words))
        one = place.removesuffix("s") if count == 1 else place
        if count:
            held.append(
                Notice(
                    key=f"{place} {words}", count=count, what=f"{one} {what}", note=note, place=place, words=words, measure=count
                )
            )
    return held
