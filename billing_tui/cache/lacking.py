"""What to say of an account that a restricted key may read in part only: which lists are missing, and by which permission."""

from collections.abc import Mapping

from billing_tui.model.problem import KeyRefused
from billing_tui.model.text import listed

_LOST = {
    "events": "what changes is seen only by reading everything again",
    "products": "no tiers are known",
    "prices": "no tiers are known",
    "customers": "nobody is found by name or e-mail",
    "subscriptions": "nobody's plan is known",
}


def unread(lacking: Mapping[str, str], *wanted: str) -> KeyRefused | None:
    """What the key could not list of the kinds that are wanted, by default all, and what is lost by it; None where it may."""
    lacking = {kind: permission for kind, permission in lacking.items() if kind in wanted or not wanted}
    if not lacking:
        return None
    kinds = [f"{kind} ({permission})" if permission else kind for kind, permission in lacking.items()]
    lost = list(dict.fromkeys(_LOST[kind] for kind in lacking if kind in _LOST))
    return KeyRefused(
        f"Not read, for lack of a permission: {listed(kinds)}, so {listed(lost)}.",
        "Allow it for the key in Stripe's Dashboard (Developers, API keys), then sync again.",
        code="permission",
    )
