"""Which webhook endpoint is the app's: the one that hears of subscriptions."""

from collections.abc import Sequence

from billing_tui.detection.findings import Found, some
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint
from billing_tui.settings.checks import url_fault

_WANTED = Profile(name="any", mode="test").required_events


def detect_endpoint(endpoints: Sequence[Endpoint]) -> list[Found]:
    """`webhook_url`; nothing where no endpoint hears of subscriptions at an address that can be called."""
    heard = {one: sum(one.hears(event) for event in _WANTED) for one in endpoints if not url_fault(one.url)}
    able = sorted((one for one, count in heard.items() if count), key=lambda one: (not one.enabled, -heard[one]))
    if not able:
        return []
    best = able[0]
    rivals = [one.url for one in able[1:] if one.enabled]
    evidence = f"the endpoint {best.id} hears {heard[best]} of the {len(_WANTED)} events that are needed"
    if not best.enabled:
        evidence += "; it is disabled"
    if rivals:
        evidence += f"; others are {some(rivals, 2)}"
    return [Found("webhook_url", best.url, evidence, sure=not rivals)]
