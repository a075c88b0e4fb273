"""Where an event has got to, for each endpoint that might have taken it. Stripe keeps no list of attempts that can be read."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

DeliveryState = Literal["delivered", "pending", "failed", "unsubscribed", "unknown"]
Source = Literal["stripe", "ledger", "direct", "inferred"]


class Attempt(Struct, frozen=True, kw_only=True):
    """A sending of this tool's own. `status` is None where no answer came, or where it was Stripe that sent."""

    at: datetime
    via: Literal["stripe", "direct"]
    status: int | None = None
    latency_ms: int | None = None
    body: str = ""


class Delivery(Struct, frozen=True, kw_only=True):
    """One event and one endpoint; `endpoint` is None where no endpoint was there for it.

    `source` is where the state is known from; `says` is why, in one sentence.
    """

    event: str
    type: str
    created: datetime
    customer_id: str | None = None
    subscription_id: str | None = None
    endpoint: str | None = None
    url: str = ""
    state: DeliveryState
    source: Source
    says: str
    attempts: tuple[Attempt, ...] = ()


def cli_command(event: str, endpoint: str, mode: str) -> str:
    """How the official CLI sends an event again."""
    return f"stripe events resend {event} --webhook-endpoint={endpoint}" + (" --live" if mode == "live" else "")


class DeliveryLog(Struct, frozen=True, kw_only=True):
    """Deliveries, newest event first. `complete` is False where there were more events than were read.

    `ledger` says whether the app keeps a ledger and that was read.
    """

    deliveries: tuple[Delivery, ...]
    complete: bool = True
    ledger: bool = False
