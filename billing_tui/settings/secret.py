"""A secret wrapped so that it cannot be shown by accident.

Whatever prints, formats, logs or pickles it gets the hint: enough to recognise the key by, never enough to use it.
"""

import re
from pathlib import PurePosixPath
from typing import Never
from urllib.parse import urlsplit

from billing_tui.model.text import clean

_PREFIX = re.compile(r"(?:(?:sk|rk|pk|rkcs)_(?:test|live)|sk_org|whsec|oak|ak|mt|oat|rk|sk|pk)_")
_ENOUGH = 12


class Secret:
    """A secret of one slot and where it came from: `environment`, `command`, `keyring`, `vault`, `memory`."""

    __slots__ = ("_value", "hint", "slot", "source")

    def __init__(self, value: str, slot: str, source: str) -> None:
        self._value = value
        self.slot = slot
        self.source = source
        self.hint = hint_of(value, slot)

    def reveal(self) -> str:
        """The secret itself: for the one call that needs it, never for a variable that lives on."""
        return self._value

    def __repr__(self) -> str:
        return f"<Secret {self.hint}>"

    def __str__(self) -> str:
        return self.hint

    def __format__(self, spec: str) -> str:
        return format(self.hint, spec)

    def __reduce__(self) -> Never:
        raise TypeError("a secret is not written anywhere")


def hint_of(value: str, slot: str) -> str:
    """`sk_live_…4f2a`; of a database URL its scheme, host and name, without login and parameters."""
    if slot.startswith("database"):
        return _url_hint(value)
    prefix = found[0] if (found := _PREFIX.match(value)) else ""
    rest = value[len(prefix) :]
    return clean(f"{prefix}…{rest[-4:] if len(rest) >= _ENOUGH and rest.isascii() else ''}")


def _url_hint(value: str) -> str:
    scheme, mark, rest = value.partition(":")
    if not mark:
        return "…"
    if scheme.startswith(("sqlite", "file")):
        return clean(f"{scheme}:…/{PurePosixPath(rest.partition('?')[0]).name}")
    try:
        host = urlsplit(value).hostname or ""
    except ValueError:
        return clean(f"{scheme}:…")
    name = urlsplit(value).path.strip("/")
    return clean(f"{scheme}://…@{host}/{name}" if host else f"{scheme}:…")
