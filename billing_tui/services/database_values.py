"""What a column holds, as text and moments, and text as what a column can hold.

The app chose the types: a period end may be a timestamp, ISO text, or seconds or milliseconds since 1970. Pure; the
database and its drivers are unknown here.
"""

import json
import re
from datetime import UTC, date, datetime

from billing_tui.model.moment import from_unix, from_unix_ms, rfc3339
from billing_tui.model.text import clean

Raw = object
"""A value as a driver gives and takes it."""

_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:([T ])(\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s?(Z|z|UTC|[+-]\d\d(?::?\d\d)?)?)?")
# Unix time of the year 5138 in seconds, of 1973 in milliseconds: between them there is no doubt.
_MILLISECONDS = 100_000_000_000


def as_text(raw: Raw) -> str | None:
    """Any value as harmless text; None for NULL."""
    match raw:
        case None:
            return None
        case bool():
            return "true" if raw else "false"
        case datetime():
            return moment_text(raw if raw.tzinfo else raw.replace(tzinfo=UTC))
        case date():
            return raw.isoformat()
        case bytes() | memoryview():
            return bytes(raw).hex()
        case dict() | list():
            return clean(json.dumps(raw, ensure_ascii=False))
        case _:
            return clean(str(raw))


def moment_text(moment: datetime) -> str:
    """RFC 3339 in UTC, with as much of a second as there is."""
    whole = rfc3339(moment)
    return f"{whole[:-1]}.{moment.microsecond:06d}Z" if moment.microsecond else whole


def as_bool(raw: Raw) -> bool | None:
    """True or false however it is written; None when it is neither."""
    word = str(raw).strip().lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def as_moment(raw: Raw, form: str = "") -> datetime | None:
    """The moment that a value means; None when it means none.

    Args:
        raw: A timestamp, a date, a number or text.
        form: "unix" or "unix_ms" where the configuration says which a number is; otherwise its size tells.
    """
    match raw:
        case datetime():
            return raw.astimezone(UTC) if raw.tzinfo else raw.replace(tzinfo=UTC)
        case date():
            return datetime(raw.year, raw.month, raw.day, tzinfo=UTC)
        case bool() | None:
            return None
        case str():
            return _from_text(raw.strip(), form)
    try:
        number = float(str(raw))
    except ValueError:
        return None
    return _from_number(number, form) if abs(number) < float("inf") else None


def _from_number(number: float, form: str) -> datetime:
    in_ms = form == "unix_ms" or (form != "unix" and abs(number) >= _MILLISECONDS)
    return from_unix_ms(number) if in_ms else from_unix(number)


def _from_text(text: str, form: str) -> datetime | None:
    if re.fullmatch(r"-?\d{1,16}(\.\d+)?", text):
        return _from_number(float(text), form)
    found = _ISO.fullmatch(text)
    if not found:
        return None
    day, _, clock, fraction, zone = found.groups()
    offset = "+00:00" if not zone or zone in ("Z", "z", "UTC") else zone if len(zone) > 3 else f"{zone}:00"
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}{offset}")
        return moment.astimezone(UTC).replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))
    except (ValueError, OverflowError):
        return None


def moment_like(moment: datetime, sample: str, default: str) -> str:
    """A moment as text, written as the sample is written: its separator, its fractions, its zone.

    Args:
        moment: What to write.
        sample: Text that the column holds; anything else falls back to the default.
        default: "iso" for `2026-12-20T09:00:00Z`, "timestamp" for `2026-12-20 09:00:00`.
    """
    found = _ISO.fullmatch(sample.strip())
    if not found:
        return rfc3339(moment) if default == "iso" else f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
    _, separator, _, fraction, zone = found.groups()
    utc = moment.astimezone(UTC)
    if not separator:
        return f"{utc:%Y-%m-%d}"
    digits = f".{utc.microsecond:06d}000"[: len(fraction) + 1] if fraction else ""
    offset = {None: "", "Z": "Z", "z": "z", "UTC": " UTC"}.get(zone, "+00:00" if zone and ":" in zone else "+0000")
    if zone and len(zone) == 3 and zone != "UTC":
        offset = "+00"
    return f"{utc:%Y-%m-%d}{separator}{utc:%H:%M:%S}{digits}{offset}"
