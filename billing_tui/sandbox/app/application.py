"""One deployment of the customer's app, for one mode: its secret, its database, its faults and its webhook handler."""

import asyncio
import logging
import sqlite3
import time
from typing import Any

import httpx
import msgspec

from billing_tui.sandbox.app import handler
from billing_tui.sandbox.app.faults import Faults
from billing_tui.sandbox.app.signature import SignatureRefusedError, verify
from billing_tui.sandbox.app.store import AppDatabase, Billing
from billing_tui.sandbox.app.upstream import Upstream
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.world import TIERS, World

log = logging.getLogger(__name__)
Answer = tuple[int, str]
_PARSED = (
    "Webhook Error: Webhook payload must be provided as a string or a Buffer instance representing the _raw_ request body. "
    "Payload was provided as a parsed JavaScript object instead."
)
CRASHED: Answer = (500, "Internal Server Error")


class CustomerApp:
    """`secret` is the webhook secret that belongs to its endpoint; a fault may make it use another."""

    def __init__(self, world: World, mode: Mode) -> None:
        self.mode = mode
        self.secret = world.webhook_secrets[mode]
        self.faults = Faults()
        self.database = AppDatabase(world.directory / f"app-{mode}.db")
        self._upstream = Upstream(world.stripe_base, world.stripe(mode).secret_key, world.clerk_base, world.clerk_keys[mode])

    @property
    def database_url(self) -> str:
        """As SQLAlchemy takes it."""
        return f"sqlite:///{self.database.path}"

    def add_row(self, user_id: str, email: str, billing: Billing | None = None, *, at: float) -> None:
        """Seeds a user: free and unknown to Stripe, or with what an event of that moment would have written."""
        self.database.add_user(user_id, email, at)
        if billing is not None:
            self.database.set_billing(user_id, billing, at)

    def close(self) -> None:
        self.database.close()

    async def receive(self, body: bytes, signature: str) -> Answer:
        """The webhook: status and text of the answer. Only what fails inside the handler becomes a 500."""
        if self.faults.broken_check:
            return 400, _PARSED
        if self.faults.slow:
            await asyncio.sleep(self.faults.slow)
        try:
            self._check(body, signature)
            event: dict[str, Any] = msgspec.json.decode(body)
        except SignatureRefusedError as refusal:
            return 400, f"Webhook Error: {refusal}"
        except msgspec.DecodeError:
            return 400, "Webhook Error: the payload is not JSON"
        if event.get("type") not in handler.HANDLED:
            return 200, "ok"
        if self.faults.crash:
            return CRASHED
        try:
            return await self._handle(event)
        except (httpx.HTTPError, sqlite3.Error, LookupError, ValueError, TypeError, AttributeError) as crash:
            log.debug("the app's handler failed on %s: %r", event.get("id"), crash)
            return CRASHED

    def _check(self, body: bytes, signature: str) -> None:
        """Raises SignatureRefusedError as `verify` does, where the app looks at all."""
        if not self.faults.trusting:
            secret = self.faults.wrong_secret or self.secret
            verify(body, signature, secret, 0.0 if self.faults.timeless else time.time())

    async def _handle(self, event: dict[str, Any]) -> Answer:
        if self.database.is_processed(event["id"]):
            return 200, "duplicate"
        customer = handler.customer_of(event)
        if customer in self.faults.ignore:
            return 200, "ok"
        at = time.time()
        if customer in self.faults.mark_then_crash:
            self.database.mark(event["id"], event["type"], at)
            return CRASHED
        subscription_id = handler.subscription_of(event)
        if subscription_id is None:
            return 200, "ok"
        subscription = await self._upstream.subscription(subscription_id)
        user_id = handler.user_of(event, subscription)
        if user_id is None:
            return 200, "ok"
        await self._write(user_id, handler.billing_of(subscription, TIERS, self.faults), at)
        self.database.mark(event["id"], event["type"], at)
        return 200, "ok"

    async def _write(self, user_id: str, billing: Billing, at: float) -> None:
        if billing.customer_id not in self.faults.skip_clerk:
            await self._upstream.set_clerk_plan(user_id, billing.plan)
        if billing.customer_id not in self.faults.skip_database:
            self.database.set_billing(user_id, billing, at)
