"""What the app asks of Stripe and tells Clerk, over HTTP and with its own keys, like any deployed app."""

import ssl
from dataclasses import dataclass
from typing import Any

import httpx

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Both services are on loopback; loading the system's certificates would cost 20 ms for each event."""


@dataclass(frozen=True)
class Upstream:
    """Raises httpx.HTTPError for every answer but a 2xx: the handler then fails and Stripe tries again."""

    stripe_base: str
    stripe_key: str
    clerk_base: str
    clerk_key: str

    def _client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(verify=NO_TLS, timeout=10, headers={"User-Agent": "plainsong-app/1.0"})

    async def subscription(self, subscription_id: str) -> dict[str, Any]:
        """The subscription as it is now, with its customer and its items' products."""
        async with self._client() as client:
            answer = await client.get(
                f"{self.stripe_base}/v1/subscriptions/{subscription_id}",
                params={"expand[]": ["customer", "items.data.price.product"]},
                headers={"Authorization": f"Bearer {self.stripe_key}"},
            )
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
            return found

    async def set_clerk_plan(self, user_id: str, plan: str) -> None:
        async with self._client() as client:
            answer = await client.patch(
                f"{self.clerk_base}/v1/users/{user_id}/metadata",
                json={"public_metadata": {"plan": plan}},
                headers={"Authorization": f"Bearer {self.clerk_key}", "Clerk-API-Version": "2026-05-12"},
            )
            answer.raise_for_status()
