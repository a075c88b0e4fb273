"""Moments: aware UTC everywhere inside, and the ways they are written outside."""

from datetime import UTC, datetime, timedelta


def from_unix(seconds: int | float) -> datetime:
    """A moment from Unix seconds, as Stripe counts; one out of range is the nearest that Python can hold."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.max.replace(tzinfo=UTC) if seconds > 0 else datetime.min.replace(tzinfo=UTC)


def from_unix_ms(milliseconds: int | float) -> datetime:
    """A moment from Unix milliseconds, as Clerk counts."""
    return from_unix(milliseconds / 1000)


def rfc3339(moment: datetime) -> str:
    """`2026-11-20T09:12:44Z`, whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def ago(then: datetime, now: datetime) -> str:
    """How long ago in the words of a sentence: `20 minutes ago`, `just now`."""
    past = now - then
    if past < timedelta(seconds=45):
        return "just now" if past >= timedelta(0) else f"on {then:%-d %b %Y}"
    for size, word in ((86400, "day"), (3600, "hour"), (60, "minute")):
        count = int(past.total_seconds() // size)
        if count >= 1 and (size != 86400 or past >= timedelta(hours=48)):
            return f"{count} {word}{'' if count == 1 else 's'} ago" if count < 60 else f"on {then:%-d %b %Y}"
    return "1 minute ago"


def lasting(seconds: float) -> str:
    """How long something takes: `40 s`, `7 min`, `2 h 5 min`."""
    whole = max(round(seconds), 1)
    if whole < 100:
        return f"{whole} s"
    hours, minutes = divmod(round(whole / 60), 60)
    return " ".join(filter(None, [f"{hours} h" if hours else "", f"{minutes} min" if minutes else ""]))


def day(moment: datetime) -> str:
    """`20 Dec 2026`."""
    return f"{moment:%-d %b %Y}"
