"""Somebody's cache of a running sandbox, and what both hold, to be compared."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from msgspec import structs

from billing_tui.cache.places import cache_path
from billing_tui.cache.shelf import Shelf, open_shelf
from billing_tui.cache.sync import SyncReport, Tell, sync
from billing_tui.model.profile import Limits, Profile
from billing_tui.opening import open_services
from billing_tui.sandbox.server import RunningSandbox
from billing_tui.sandbox.stripe.account import Account
from billing_tui.services.stripe import Stripe
from billing_tui.settings.config import load_config
from billing_tui.settings.openings import Openings
from billing_tui.settings.secret import Secret

Json = dict[str, Any]
RATE = 200
# What says nothing of the account: row numbers, which run saw a row, and what was still pending when it was read.
_OURS = {"n", "run", "pending", "seen", "taken"}
TABLES = ("products", "prices", "customers", "subscriptions", "events")


@dataclass
class Till:
    """A cache in a directory, filled from a sandbox or from what stands before it at `base`."""

    ready: Json
    home: Path
    base: str = ""
    rate: int = RATE
    timeout: float = 10.0
    now: datetime | None = None
    changes: Json = field(default_factory=dict)

    @property
    def profile(self) -> Profile:
        held = load_config(Path(self.ready["config"])).open(None, "test")
        limits = Limits(stripe_requests_per_second=self.rate)
        return structs.replace(
            held, limits=limits, stripe_api_base=self.base or held.stripe_api_base, database=None, webhook_url="", **self.changes
        )

    @property
    def path(self) -> Path:
        return cache_path(self.home, self.profile.stripe_account, "test")

    @property
    def shelf(self) -> Shelf:
        return open_shelf(self.path, profile=self.profile, now=self.clock)

    def clock(self) -> datetime:
        return self.now or datetime.now(UTC)

    async def sync(self, *, full: bool = False, tell: Tell | None = None) -> SyncReport:
        """As the workspace does it."""
        keys = {"stripe_key": self.ready["stripe"]["test_key"]}
        openings = Openings(
            self.profile, lambda slot: Secret(keys[slot], slot, "memory") if slot in keys else None, self.timeout, self.home
        )
        services = open_services(openings)
        assert isinstance(services.stripe, Stripe)

        async def find() -> Path:
            return self.path

        try:
            return await sync(services.stripe, find, self.profile, now=self.clock, full=full, tell=tell)
        finally:
            await services.close()

    def held(self) -> dict[str, list[Json]]:
        """Everything that is cached of the account, in an order of its own."""
        with closing(sqlite3.connect(self.path)) as database:
            database.row_factory = sqlite3.Row
            return {
                table: [
                    {name: row[name] for name in row.keys() if name not in _OURS}  # noqa: SIM118 - a row is no mapping
                    for row in database.execute(f"select * from {table} order by id")
                ]
                for table in TABLES
            }

    def sound(self) -> None:
        """Nothing of a sync is left over, and the search index fits the rows."""
        with closing(sqlite3.connect(self.path)) as database:
            assert database.execute("pragma integrity_check").fetchall() == [("ok",)]
            for table in ("customers", "subscriptions"):
                database.execute(f"insert into {table}_text ({table}_text, rank) values ('integrity-check', 1)")
            for table in ("windows", "stale"):
                assert database.execute(f"select count(*) from {table}").fetchone() == (0,)


def till_of(sandbox: RunningSandbox, home: Path, **more: Any) -> Till:
    return Till(sandbox.ready, home, **more)


def brief(held: dict[str, list[Json]]) -> dict[str, list[tuple[Any, ...]]]:
    """What the server can be asked for too."""
    return {
        "customers": [(row["id"], row["email"], row["name"], json.loads(row["metadata"])) for row in held["customers"]],
        "subscriptions": [
            (row["id"], row["customer"], row["status"], row["price"], row["ends_at"] is not None) for row in held["subscriptions"]
        ],
        "products": [(row["id"], row["name"], json.loads(row["metadata"])) for row in held["products"]],
        "prices": [(row["id"], row["product"], bool(row["active"])) for row in held["prices"]],
        "events": [(row["id"], row["type"]) for row in held["events"]],
    }


def truth(account: Account) -> dict[str, list[tuple[Any, ...]]]:
    """The same as the server has it, from its own tables."""

    def rows(kind: str) -> list[Json]:
        return sorted(account.table(kind), key=lambda row: str(row["id"]))

    return {
        "customers": [(row["id"], row["email"] or "", row["name"] or "", row["metadata"]) for row in rows("customer")],
        "subscriptions": [
            (
                row["id"],
                row["customer"],
                row["status"],
                row["items"]["data"][0]["price"]["id"],
                bool(row["cancel_at"] or row["cancel_at_period_end"]),
            )
            for row in rows("subscription")
        ],
        "products": [(row["id"], row["name"], row["metadata"]) for row in rows("product")],
        "prices": [(row["id"], row["product"], row["active"]) for row in rows("price")],
        "events": [(row["id"], row["type"]) for row in rows("event") if row["created"] >= account.now() - 30 * 86400],
    }


def requests(sandbox: RunningSandbox) -> list[Json]:
    """What Stripe was asked for, oldest first."""
    found: list[Json] = httpx.get(f"{sandbox.base}/_sandbox/requests").json()
    return sorted((one for one in found if one["service"] == "stripe"), key=lambda one: one["started"])


def forget(sandbox: RunningSandbox) -> None:
    httpx.delete(f"{sandbox.base}/_sandbox/requests")


def most_in_a_second(seen: list[Json]) -> int:
    """The busiest second there was, wherever it begins."""
    times = [one["started"] for one in seen]
    return max(sum(1 for later in times[place:] if later < start + 1) for place, start in enumerate(times))
