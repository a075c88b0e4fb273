"""The places that are written to: one request for the steps of one call, and reading back what it was to write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from billing_tui.changes.receipt import Receipt, called
from billing_tui.changes.stripe_fields import plain
from billing_tui.changes.stripe_place import StripePlace
from billing_tui.model.change import Step, Target, Value
from billing_tui.model.clerk import Bag
from billing_tui.model.database import ColumnChange
from billing_tui.model.problem import NotThere, Refused
from billing_tui.services.bundle import Services
from billing_tui.services.clerk import Clerk
from billing_tui.services.database import AppDatabase
from billing_tui.services.endpoint import AppEndpoint
from billing_tui.services.stripe import Stripe


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
        return [plain(holder.field(step.field)) for step in group]


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
        _, url = called(group[0])
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


def place_of(open_places: dict[Target, Place], step: Step) -> Place:
    """Where a step is written. Raises `Refused` where that is not open."""
    held = open_places.get(step.target)
    if held is None:
        raise Refused(f"{step.target.capitalize()} is not open, so nothing was written there.")
    return held


def _column(step: Step) -> str:
    return step.field.rpartition(".")[2]


def _text(value: Value) -> str | None:
    return value if value is None or isinstance(value, str) else str(value).lower()
