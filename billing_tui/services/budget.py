"""One rate budget for each Stripe account on this machine, shared by every window and process, and the day's reads.

Stripe's limits are the account's, so the app's own checkout shares them with this tool. Before the account is known the budget
is the key's, under a salted hash of it; the key itself is never kept.
"""

import asyncio
import math
import sqlite3
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from billing_tui.services.budget_file import (
    BudgetFile,
    account_of,
    count_read,
    fingerprint,
    keep_slots,
    learn,
    reads_of,
    slots_of,
)
from billing_tui.services.budget_slots import Slots, after_limit, given_back, taken

if TYPE_CHECKING:
    import httpx

BUDGET_FILE = "budget.db"
ENDPOINT_RATE = 25.0
_READS = ("GET", "HEAD")
_LATE = 0.02
_ATTEMPTS = 8
_KEY = "key:"
# The first part of these paths names a family of endpoints.
_FAMILIES = frozenset({"billing", "billing_portal", "checkout", "core", "entitlements", "radar", "tax", "test_helpers"})
_VERBS = frozenset({"search"})


class Budget:
    """The budget of the account that a key belongs to. It paces what passes one `Transport`.

    Blocks for a moment when it is made.

    Args:
        path: The file that all processes share.
        key: To know the account again by.
        rate: Requests a second, over all endpoints; no endpoint gets more than Stripe's own limit.

    Attributes:
        reads: Those of today, by all processes, as far as this one has heard.
        account: Whose key it is; None until `adopt`, here or in an earlier process.
    """

    def __init__(self, path: Path, key: str, rate: float) -> None:
        self.rate = rate
        self.reads = 0
        self.account: str | None = None
        self._file = BudgetFile(path)
        self._key = key
        self._owner = ""
        self._patient = asyncio.Lock()
        self._alone: dict[str, Slots] = {}
        self._alone_lock = threading.Lock()
        self._file.change(self._load)

    async def turn(self, request: "httpx.Request", *, patient: bool) -> None:
        """Returns when the request may go out. Patient ones wait in line here: at most one of them holds a slot to come."""
        if not patient:
            await self._turn(request, patient=False)
            return
        async with self._patient:
            await self._turn(request, patient=True)

    async def _turn(self, request: "httpx.Request", *, patient: bool) -> None:
        endpoint = endpoint_of(request.method, request.url.path)
        at = await asyncio.to_thread(self._reserve, endpoint, request.method in _READS, patient)
        for _ in range(_ATTEMPTS):
            await asyncio.sleep(max(at - time.monotonic(), 0))
            if time.monotonic() - at <= _LATE:
                return
            # A busy machine wakes late: what was to go out then would now meet what others send.
            at = await asyncio.to_thread(self._reserve, endpoint, False, patient, at)

    def limited(self, seconds: float) -> None:
        """Nothing goes out for so long, from any process. Blocks for a moment."""
        until = time.monotonic() + seconds

        def hold(database: sqlite3.Connection) -> None:
            keep_slots(database, self._owner, "", after_limit(slots_of(database, self._owner, ""), until))

        self._file.change(hold)

    def adopt(self, account: str) -> None:
        """The key turned out to be this account's: from now on its other keys share the budget. Blocks for a moment."""

        def adopted(database: sqlite3.Connection) -> int:
            learn(database, fingerprint(database, self._key), self._owner, account)
            return reads_of(database, account)

        if not account or account == self.account:
            return
        reads = self._file.change(adopted)
        if reads is not None:
            self._owner, self.reads = account, reads
        self.account = account

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _reserve(self, endpoint: str, read: bool, patient: bool, missed: float | None = None) -> float:
        """The moment, on the monotonic clock, at which a request may go out; in place of one that was missed, if any."""

        def reserve(database: sqlite3.Connection) -> float:
            self._heed(database)
            held = {name: given_back(slots_of(database, self._owner, name), missed) for name in ("", endpoint)}
            at, held = self._next(held, patient)
            for name, slots in held.items():
                keep_slots(database, self._owner, name, slots)
            if read:
                self.reads = count_read(database, self._owner)
            return at

        at = self._file.change(reserve)
        return self._reserve_alone(endpoint, read, patient) if at is None else at

    def _heed(self, database: sqlite3.Connection) -> None:
        """Takes up what another process has learnt since: what the key had used has moved to its account."""
        if self._owner.startswith(_KEY):
            self._owner = account_of(database, self._owner.removeprefix(_KEY)) or self._owner

    def _reserve_alone(self, endpoint: str, read: bool, patient: bool) -> float:
        """The same without the file: what this process sends is still paced."""
        with self._alone_lock:
            self.reads += read
            at, held = self._next({name: self._alone.get(name, Slots()) for name in ("", endpoint)}, patient)
            self._alone |= held
            return at

    def _next(self, held: dict[str, Slots], patient: bool) -> tuple[float, dict[str, Slots]]:
        now = time.monotonic()
        rates = {name: min(self.rate, ENDPOINT_RATE) if name else self.rate for name in held}
        at = max(slots.free(rates[name], now, patient=patient) for name, slots in held.items())
        return at, {name: taken(slots, rates[name], at, now, patient=patient) for name, slots in held.items()}

    def _load(self, database: sqlite3.Connection) -> None:
        known_as = fingerprint(database, self._key)
        self.account = account_of(database, known_as)
        self._owner = self.account or f"{_KEY}{known_as}"
        self.reads = reads_of(database, self._owner)


def known_account(path: Path, key: str) -> str | None:
    """Whose key it is, where any process of this machine has learnt that; no request is made. Blocks for a moment."""
    if not path.exists():
        return None
    file = BudgetFile(path)
    try:
        return file.change(lambda database: account_of(database, fingerprint(database, key)))
    finally:
        file.close()


def endpoint_of(method: str, path: str) -> str:
    """A request's endpoint as Stripe limits it: `GET /v1/customers/*` for every customer."""
    parts = path.strip("/").split("/")
    named = 3 if len(parts) > 1 and parts[1] in _FAMILIES else 2
    rest = ["*" if place == 0 and part not in _VERBS else part for place, part in enumerate(parts[named:])]
    return f"{method} /{'/'.join([*parts[:named], *rest])}"


def refresh_after(reads: int, soft: int, unwatched: float) -> float | None:
    """Seconds until the next refresh in the background; None for not until somebody looks again.

    A minute while half the day's soft budget is left, ever longer as the rest is used up, a quarter of an hour beyond it.

    Args:
        reads: The day's reads so far.
        soft: How many the profile allows for a day.
        unwatched: For how many seconds nobody has looked or typed.
    """
    if unwatched >= 15 * 60:
        return None
    used = reads / soft if soft > 0 else 1.0
    return min(60.0 * max(1.0, math.exp2(8 * (used - 0.5))), 900.0) if used < 1 else 900.0
