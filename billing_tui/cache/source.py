"""What the sync asks of Stripe: pages and single objects, as bytes, asked again patiently while Stripe cannot answer."""

import asyncio
import random
from typing import Any

from billing_tui.cache.state import EVER, Window
from billing_tui.cache.store import Table
from billing_tui.model.problem import OutOfReach
from billing_tui.services.stripe_api import StripeApi

PAGE = 100
_ATTEMPTS = 7
_LONGEST_WAIT = 20.0
_PATHS: dict[Table, str] = {
    "products": "/v1/products",
    "prices": "/v1/prices",
    "customers": "/v1/customers",
    "subscriptions": "/v1/subscriptions",
    "events": "/v1/events",
}


class Source:
    """Every method raises `KeyRefused`, `NotThere`, or after many attempts `OutOfReach`."""

    def __init__(self, api: StripeApi) -> None:
        self.api = api

    async def page(self, window: Window) -> bytes:
        """The next page of a window, newest first."""
        more: dict[str, Any] = {"status": "all"} if window.table == "subscriptions" else {}
        created = {"gte": window.low} if window.low else {}
        if window.after:
            more["starting_after"] = window.after
        elif window.high < EVER:
            created["lte"] = window.high
        if created:
            more["created"] = created
        return await self._asked(_PATHS[window.table], limit=PAGE, **more)

    async def events(self, **cursor: str) -> bytes:
        """The newest events, or the page next to a cursor."""
        return await self._asked("/v1/events", limit=PAGE, **cursor)

    async def clocks(self, after: str) -> bytes:
        """Test clocks, newest first; asked once, since many a server has none."""
        cursor = {"starting_after": after} if after else {}
        return await self.api.body("/v1/test_helpers/test_clocks", limit=PAGE, **cursor)

    async def hidden(self, table: Table, clock: str, after: str) -> bytes:
        """The next page of what stands on a test clock."""
        more: dict[str, Any] = {"status": "all"} if table == "subscriptions" else {}
        cursor = {"starting_after": after} if after else {}
        return await self._asked(_PATHS[table], limit=PAGE, test_clock=clock, **more, **cursor)

    async def one(self, table: Table, object_id: str) -> bytes:
        """One object."""
        return await self._asked(f"{_PATHS[table]}/{object_id}")

    async def items(self, subscription_id: str, after: str) -> bytes:
        """The items of a subscription that came with more than fit into it."""
        cursor = {"starting_after": after} if after else {}
        return await self._asked("/v1/subscription_items", subscription=subscription_id, limit=PAGE, **cursor)

    async def _asked(self, path: str, **params: Any) -> bytes:
        for attempt in range(_ATTEMPTS):
            try:
                return await self.api.body(path, **params)
            except OutOfReach as problem:
                if attempt == _ATTEMPTS - 1 or problem.code == "refused_by_stripe":
                    raise
            await asyncio.sleep(min(0.5 * 2**attempt, _LONGEST_WAIT) * random.uniform(0.5, 1.0))
        raise AssertionError("the last attempt returns or raises")
