"""Whether a service answers at all, and what time it thinks it is. No key is sent: a refusal is an answer."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx
from msgspec import Struct

from billing_tui.services.hosts import host_of
from billing_tui.services.http import Transport

_RATE = 5.0


class Reached(Struct, frozen=True):
    """An answer: its status, the server's clock where it told, and ours at that moment."""

    host: str
    status: int
    theirs: datetime | None
    ours: datetime

    @property
    def skew(self) -> float | None:
        """Seconds by which our clock is ahead of theirs, to a second or two."""
        return (self.ours - self.theirs).total_seconds() if self.theirs else None


async def reach(service: str, base: str, limit: float) -> Reached:
    """What an API answers to somebody without a key.

    Raises:
        OutOfReach: Nothing.
        BadUsage: The address would be asked in the clear.
    """
    transport = Transport(service, read_only=True, pace=_RATE, timeout=limit)
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        answer = await http.get(f"{base.rstrip('/')}/v1/account")
    return Reached(host_of(base), answer.status_code, _date(answer.headers.get("Date", "")), datetime.now(UTC))


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
