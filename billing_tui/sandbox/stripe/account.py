"""The state of one Stripe account in one mode: its objects, its keys, its events and who is still to hear of them.

No HTTP and no business rules: `commerce` writes histories here, `stripe.resources` serves them.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from billing_tui.sandbox.ids import IdSource
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stripe.table import Obj, Table
from billing_tui.sandbox.stripe.version import API_VERSION

EVENT_LIFE = 30 * 86400
Hearing = Literal["now", "failed", "settled"]


class _Sealed(dict[str, Any]):
    """An event's data whose `object` is encoded JSON, decoded anew whenever somebody looks."""

    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        return msgspec.json.decode(value) if isinstance(value, msgspec.Raw) else value


@dataclass(slots=True)
class Delivery:
    """One event for one endpoint; `attempts` counts posts made so far."""

    event: str
    endpoint: str
    delivered: bool = False
    attempts: int = 0


@dataclass(slots=True)
class ApiKey:
    """`permissions` None means all of them (a secret key)."""

    value: str
    permissions: frozenset[str] | None = None
    expired: bool = False


Carrier = Callable[["Account", Delivery, float], None]


@dataclass
class Account:
    """`objects` maps a wire name ("customer", "checkout.session") to its table; `number` is the shared `acct_…` id."""

    mode: Mode
    number: str
    ids: IdSource
    secret_key: str
    objects: dict[str, Table] = field(default_factory=dict)
    keys: dict[str, ApiKey] = field(default_factory=dict)
    endpoint_secrets: dict[str, str] = field(default_factory=dict)
    aside: dict[str, Obj] = field(default_factory=dict)
    """By an object's id, its parts that are shown only when they are asked for."""
    thin: set[str] = field(default_factory=set)
    """Endpoints that are sent notes without content, as a v2 destination may be."""
    subscribers: dict[str, frozenset[str]] = field(default_factory=dict)
    """For each event, the endpoints whose `enabled_events` named its type when it was made, disabled ones too."""
    deliveries: dict[str, dict[str, Delivery]] = field(default_factory=dict)
    """For each event, the deliveries owed to endpoints that were enabled then."""
    carrier: Carrier | None = None
    waiting: list[tuple[Delivery, float]] = field(default_factory=list)
    """Deliveries asked for while no carrier is there yet, with the seconds to wait."""
    sealing: bool = False
    """While true, what events show is kept as encoded JSON: a third of the memory, and quicker to list."""
    request: Obj | None = None
    """The API request being served, for the `request` field of the events it causes."""

    @property
    def livemode(self) -> bool:
        """As on every object."""
        return self.mode == "live"

    def now(self) -> int:
        """Unix seconds."""
        return int(time.time())

    def new_id(self, prefix: str) -> str:
        """A fresh id such as `new_id("cus_")`; checkout sessions carry the mode: `new_id("cs_")`."""
        return self.ids.new(f"cs_{self.mode}_" if prefix == "cs_" else prefix)

    def table(self, kind: str) -> Table:
        """The objects of one kind, by wire name."""
        found = self.objects.get(kind)
        if found is None:
            found = self.objects[kind] = Table()
        return found

    def add(self, obj: Obj) -> Obj:
        """Keeps an object under its own wire name and gives it back."""
        self.table(obj["object"]).add(obj)
        return obj

    def get(self, kind: str, key: str) -> Obj:
        """The object itself, to be changed in place; KeyError when there is none."""
        found = self.table(kind).get(key)
        if found is None:
            raise KeyError(f"no {kind} {key}")
        return found

    def emit(self, kind: str, obj: Obj, previous: Obj | None = None, *, at: int | None = None, hearing: Hearing = "now") -> Obj:
        """Makes an event about `obj` as it is now, and owes it to the endpoints enabled and subscribed at this moment.

        `hearing` "now" delivers for real; "settled" is history that everybody heard; "failed" is history that nobody
        acknowledged, to be retried for real a while from now.
        """
        event = event_shape(self, kind, obj, previous, at)
        self.add(event)
        subscribed = [row for row in self.table("webhook_endpoint") if hears(row, kind)]
        self.subscribers[event["id"]] = frozenset(row["id"] for row in subscribed)
        owed = {row["id"]: Delivery(event["id"], row["id"]) for row in subscribed if row["status"] == "enabled"}
        self.deliveries[event["id"]] = owed
        for delivery in owed.values():
            if hearing == "settled":
                delivery.delivered, delivery.attempts = True, 1
            else:
                self.carry(delivery, 0.0 if hearing == "now" else 90.0)
        if hearing != "settled":
            event["pending_webhooks"] = len(owed)
        return event

    def carry(self, delivery: Delivery, delay: float) -> None:
        """Hands a delivery to the carrier, or keeps it until there is one."""
        if self.carrier is None:
            self.waiting.append((delivery, delay))
        else:
            self.carrier(self, delivery, delay)


def hears(endpoint: Obj, kind: str) -> bool:
    """Whether an endpoint's `enabled_events` name this type."""
    return kind in endpoint["enabled_events"] or "*" in endpoint["enabled_events"]


def copied(obj: Obj) -> Obj:
    """A deep copy; what an event shows must not change with its object."""
    twin: Obj = msgspec.json.decode(msgspec.json.encode(obj))
    return twin


def event_shape(account: Account, kind: str, obj: Obj, previous: Obj | None, at: int | None) -> Obj:
    """An event in wire shape; its key of idempotency and request id are those of the request being served."""
    data: Obj = _Sealed(object=msgspec.Raw(msgspec.json.encode(obj))) if account.sealing else {"object": copied(obj)}
    if previous is not None:
        data["previous_attributes"] = previous
    return {
        "id": account.new_id("evt_"),
        "object": "event",
        "api_version": API_VERSION,
        "created": account.now() if at is None else at,
        "data": data,
        "livemode": account.livemode,
        "pending_webhooks": 0,
        "request": account.request or {"id": None, "idempotency_key": None},
        "type": kind,
    }
