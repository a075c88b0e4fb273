"""The places that are written to: one request for the steps of one call, and reading back what it was to write."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from billing_tui.model.change import Step, Target, Value
from billing_tui.model.clerk import Bag
from billing_tui.model.database import ColumnChange
from billing_tui.model.delivery import Attempt
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.problem import NotThere, Refused
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.endpoint import AppEndpoint
from billing_tui.services.stripe import Stripe

# What is done to an object stands behind its path.
_VERBS = ("/retry", "/release", "/revoke")


NEW = "new"
"""The object of a step that makes one; what it is made after may follow."""


class Receipt(NamedTuple):
    """What came of a request: its id; what it made; what the app answered where it was sent something; and what is wrong."""

    request_id: str | None = None
    made: str = ""
    secret: str = ""
    attempt: Attempt | None = None
    wrong: str = ""


class Place(Protocol):
    """Somewhere that steps are written to."""

    async def write(self, group: Sequence[Step], key: str) -> Receipt:
        """Sends the one request of these steps. `key` names the request for good."""

    async def read(self, group: Sequence[Step]) -> list[Value]:
        """What each step's field holds now."""


def places(services: Services) -> dict[Target, Place]:
    """Every place that is open."""
    found: dict[Target, Place] = {}
    if isinstance(services.stripe, Stripe):
        found["stripe"] = StripePlace(services.stripe)
    if isinstance(services.clerk, Clerk):
        found["clerk"] = ClerkPlace(services.clerk)
    if isinstance(services.database, AppDatabase):
        found["database"] = DatabasePlace(services.database)
    if isinstance(services.stripe, Stripe) and services.endpoint_at:
        found["app"] = AppPlace(services.stripe, services.endpoint_at)
    return found


@dataclass(frozen=True)
class StripePlace:
    """Stripe's objects, each at the path that its steps' call names."""

    stripe: Stripe

    async def write(self, group: Sequence[Step], key: str) -> Receipt:
        verb, path = _called(group[0])
        params = {name: value for step in group for name, value in step.params.items()}
        method: Literal["post", "delete"] = "delete" if verb == "DELETE" else "post"
        idempotency = hashlib.sha256(key.encode()).hexdigest()
        held, request_id = await self.stripe.api.write(method, path, params, idempotency_key=idempotency)
        making = is_new(group[0])
        return Receipt(request_id, str(held.get("id", "")) if making else "", str(held.get("secret", "")) if making else "")

    async def read(self, group: Sequence[Step]) -> list[Value]:
        _, path = _called(group[0])
        for verb in _VERBS:
            path = path.removesuffix(verb)
        if is_new(group[0]):
            return await self._made(path, group)
        name = group[0].object
        held = await self.stripe.whole(path if path.endswith(f"/{name}") else f"{path}/{name}")
        return [field_of(held, step.field) for step in group]

    async def _made(self, path: str, group: Sequence[Step]) -> list[Value]:
        """Whether what was to be made is there, among the newest hundred, told by its fields; where it is not, nothing is."""
        page = await self.stripe.whole(f"{path}?limit=100")
        told = [step for step in group if step.after is not None]
        rows = [row for row in page.get("data", ()) if all(field_of(row, step.field) == step.after for step in told)]
        return [field_of(rows[0], step.field) for step in group] if rows else [None for _ in group]


@dataclass(frozen=True)
class ClerkPlace:
    """The metadata of Clerk's users and organizations, merged key by key; and their sessions, which can only end."""

    clerk: Clerk

    async def write(self, group: Sequence[Step], key: str) -> Receipt:  # noqa: ARG002 - Clerk knows no idempotency
        if group[0].object.startswith("sess_"):
            return Receipt(await self.clerk.revoke_session(group[0].object))
        bags: dict[str, Bag] = {}
        for step in group:
            bag, *keys = step.field.split(".")
            held = bags.setdefault(bag, {})
            for name in keys[:-1]:
                held = held.setdefault(name, {})
            held[keys[-1]] = step.after
        _, request_id = await self.clerk.merge_metadata(group[0].object, bags)
        return Receipt(request_id)

    async def read(self, group: Sequence[Step]) -> list[Value]:
        name = group[0].object
        if name.startswith("sess_"):
            return [(await self.clerk.session(name)).status]
        holder = await (self.clerk.organization(name) if name.startswith("org_") else self.clerk.user(name))
        return [_plain(holder.field(step.field)) for step in group]


@dataclass(frozen=True)
class DatabasePlace:
    """One row of the app's table, written only while it still holds what the plan saw."""

    database: AppDatabase

    async def write(self, group: Sequence[Step], key: str) -> Receipt:  # noqa: ARG002 - compare-and-set needs no name
        changes = [ColumnChange(_column(step), _text(step.before), _text(step.after)) for step in group]
        await self.database.update_row(group[0].object, changes)
        return Receipt()

    async def read(self, group: Sequence[Step]) -> list[Value]:
        rows = [row for row in await self.database.rows_by(key=group[0].object) if row.key == group[0].object]
        if not rows:
            raise NotThere(f"The database has no row {group[0].object} any more.")
        return [rows[0].columns.get(_column(step)) for step in group]


@dataclass(frozen=True)
class AppPlace:
    """The app's own endpoint, sent a stored event as Stripe would send it; whether it took it is what it answers."""

    stripe: Stripe
    endpoint_at: Callable[[str], AppEndpoint]

    async def write(self, group: Sequence[Step], key: str) -> Receipt:  # noqa: ARG002 - an event has its own id
        _, url = _called(group[0])
        body = await self.stripe.api.raw(f"/v1/events/{group[0].object}")
        endpoint = self.endpoint_at(url)
        try:
            attempt = await endpoint.deliver(body)
        finally:
            await endpoint.close()
        taken = attempt.status is not None and 200 <= attempt.status < 300
        return Receipt(attempt=attempt, wrong="" if taken else f"It answered {attempt.status}: {attempt.body[:120]}".rstrip(": "))

    async def read(self, group: Sequence[Step]) -> list[Value]:
        """Outstanding at none of the endpoints, or at some."""
        held = await self.stripe.whole(f"/v1/events/{group[0].object}")
        return ["delivered" if not held.get("pending_webhooks") else "outstanding" for _ in group]


def is_new(step: Step) -> bool:
    """Whether a step makes an object whose id only the answer tells."""
    return step.object.split(" ")[0] == NEW


def place_of(open_places: dict[Target, Place], step: Step) -> Place:
    """Where a step is written. Raises `Refused` where that is not open."""
    held = open_places.get(step.target)
    if held is None:
        raise Refused(f"{step.target.capitalize()} is not open, so nothing was written there.")
    return held


def field_of(held: dict[str, Any], path: str) -> Value:
    """A field of one of Stripe's objects as a plan shows it: a time in words, a list of names in one line."""
    value: Any = held
    if path == "delivery":
        return "outstanding" if held.get("pending_webhooks") else "delivered"
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    if path.endswith("_at") and isinstance(value, int):
        return rfc3339(from_unix(value))
    if isinstance(value, list):
        return ", ".join(sorted(str(one) for one in value))
    return _plain(value)


def _called(step: Step) -> tuple[str, str]:
    verb, _, path = step.call.partition(" ")
    return verb, path


def _column(step: Step) -> str:
    return step.field.rpartition(".")[2]


def _plain(value: object) -> Value:
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else str(value).lower()
