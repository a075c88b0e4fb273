"""Whether a secret can be what its slot wants, from its letters alone, before it is sent anywhere.

A key of the other mode is the mistake this tool must never act on. No sentence in here holds more of a key than its
hint.
"""

import re

from billing_tui.model.problem import KeyRefused, Problem, Refused
from billing_tui.settings.secret import hint_of

_STRIPE = re.compile(r"(?:sk|rk|rkcs)_(test|live)_.+")
_CLERK = re.compile(r"sk_(test|live)_.+")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")
_NOT_STRIPE = (
    (
        "pk_",
        "publishable_key",
        "is a publishable key, which may read nothing.",
        "Use a secret (sk_) or restricted (rk_) key.",
    ),
    ("sk_org_", "organization_key", "is an organization's key, not an account's.", "Make a key in the account itself."),
    ("whsec_", "not_a_key", "is a webhook's signing secret.", "It belongs in the slot webhook_secret."),
    ("oak_", "not_a_key", "is a login of the Stripe CLI.", "Make a restricted (rk_) key in the Dashboard."),
)
_NOT_CLERK = (
    ("pk_", "publishable_key", "is a publishable key, which may read nothing.", "Use the instance's secret key (sk_)."),
    ("rk_", "not_a_key", "is a key of Stripe's.", "It belongs in the slot stripe_key."),
    ("whsec_", "not_a_key", "is a webhook's signing secret.", "Use the instance's secret key (sk_)."),
)


def guard_secret(value: str, slot: str, mode: str, *, allow_mode_mix: bool = False) -> None:
    """Let a value pass that fits its slot and mode; called when a secret is set and when it is used.

    Args:
        value: The secret without blanks around it.
        slot: One of `shape.SLOTS`.
        mode: The mode it is to be used in.
        allow_mode_mix: Whether the profile accepts a Clerk key of the other mode.

    Raises:
        Refused: The key belongs to the other mode (`mode_mismatch`).
        KeyRefused: It is no such key at all.
    """
    if slot.startswith("database"):
        return _guard_url(value, slot, mode)
    if not value.isascii() or not value.isprintable() or re.search(r"\s", value):
        hint = "Copy it again, whole and alone."
        raise KeyRefused(
            f"What {slot} holds in {mode} mode is no key: it holds blanks or letters that no key has.",
            hint,
            code="not_a_key",
        )
    if slot == "stripe_key":
        _guard_key(value, slot, mode, _NOT_STRIPE, found=_STRIPE.fullmatch(value))
    elif slot == "clerk_key":
        found = _CLERK.fullmatch(value)
        _guard_key(value, slot, found[1] if found and allow_mode_mix else mode, _NOT_CLERK, found=found)
    elif not re.fullmatch(r"whsec_.+", value):
        raise _no_key(value, slot, mode, "not_a_key", "is no signing secret.", "One begins with whsec_.")
    return None


def _guard_key(
    value: str, slot: str, mode: str, others: tuple[tuple[str, str, str, str], ...], *, found: re.Match[str] | None
) -> None:
    for prefix, code, what, hint in others:
        if value.startswith(prefix) and not found:
            raise _no_key(value, slot, mode, code, what, hint)
    if not found:
        raise _no_key(value, slot, mode, "not_a_key", "is no secret key.", "One begins with sk_test_ or sk_live_.")
    if found[1] != mode:
        raise Refused(
            f"The {slot} for {mode} mode is a {found[1]} key ({hint_of(value, slot)}).",
            f"Set a {mode} key for {mode} mode, or switch to {found[1]} mode.",
            code="mode_mismatch",
        )


def _no_key(value: str, slot: str, mode: str, code: str, what: str, hint: str) -> Problem:
    return KeyRefused(f"The {slot} for {mode} mode ({hint_of(value, slot)}) {what}", hint, code=code)


def _guard_url(value: str, slot: str, mode: str) -> None:
    """A path may hold blanks and any letters; a URL has a scheme and no control characters."""
    if _UNPRINTABLE.search(value) or not re.match(r"[A-Za-z][\w+.-]*:", value):
        hint = "One looks like postgresql://login:password@host/name or sqlite:///path."
        raise KeyRefused(f"The {slot} for {mode} mode is no database URL.", hint, code="not_a_url")
