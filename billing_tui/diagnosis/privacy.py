"""Names and e-mail addresses, masked for shared screens and pictures.

Everything that a customer could have written passes through a `Mask` on its way to the screen; ids stay, since they tell
a stranger nothing.
"""

import re
from collections.abc import Iterable

from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import known

_EMAIL = re.compile(r"([^\s<>\"'`(),;:@])([^\s<>\"'(),;:@]*)@([^\s<>\"'(),;:@.])([^\s<>\"'(),;:@]*)")
_VEIL = "•••"


class Mask:
    """Hides e-mail addresses by their shape and the given names by their letters, where it is on."""

    def __init__(self, on: bool, names: Iterable[str] = ()) -> None:
        self.on = on
        longest_first = sorted({name for name in names if len(name) > 1}, key=len, reverse=True)
        self._names = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
        self._any = bool(longest_first)

    def __call__(self, text: str) -> str:
        if not self.on:
            return text
        text = _EMAIL.sub(_veiled, text)
        return self._names.sub(lambda found: found.group(0)[0] + _VEIL, text) if self._any else text


def _veiled(found: re.Match[str]) -> str:
    rest = found.group(4)
    return f"{found.group(1)}{_VEIL}@{found.group(3)}{_VEIL}{rest[rest.rfind('.') :] if '.' in rest else ''}"


def mask_for(diagnosis: Diagnosis | None, on: bool) -> Mask:
    """A mask that knows the names in a ticket."""
    return Mask(on, _names(diagnosis) if on and diagnosis else ())


def _names(diagnosis: Diagnosis) -> Iterable[str]:
    evidence = diagnosis.evidence
    whole: list[str | None] = [held.name for held in known(evidence.customers, ())]
    for user in known(evidence.users, ()):
        whole += [user.first_name, user.last_name]
    for charge in known(evidence.charges, ()):
        whole += [charge.billing_details.name if charge.billing_details else None]
    for session in known(evidence.sessions, ()):
        whole += [session.customer_details.name if session.customer_details else None]
    local = [email.partition("@")[0] for email in diagnosis.subject.emails]
    tiers = {tier.casefold() for tier in evidence.profile.tiers}
    for name in filter(None, [*whole, *local]):
        yield name
        yield from (part for part in name.split() if len(part) > 2)
        yield from (part for part in re.split(r"[._+-]", name) if len(part) > 2 and part.casefold() not in tiers)
