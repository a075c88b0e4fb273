"""Moments as people type them: `2h` and `7d` ago, a day, or a full RFC 3339 moment."""

import re
from datetime import UTC, datetime, timedelta

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted

_AGE = re.compile(r"(\d{1,6})(s|m|h|d|w)\Z")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 7 * 86400}


def moment_before(text: str, now: datetime) -> datetime:
    """The moment that a text names. Raises `BadUsage` for one that names none, or one that is to come."""
    age = _AGE.match(text.strip())
    if age:
        return now - timedelta(seconds=int(age.group(1)) * _UNITS[age.group(2)])
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise BadUsage(f"{quoted(clean(text))} is no moment.", "Write e.g. 2h, 7d, 2026-11-20 or 2026-11-20T09:12:44Z.") from None
    found = found if found.tzinfo else found.astimezone()
    if found > now:
        raise BadUsage(f"{quoted(clean(text))} is still to come.", "Give a moment that has passed.")
    return found.astimezone(UTC)
