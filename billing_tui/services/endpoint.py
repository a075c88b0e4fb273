"""The app's own webhook endpoint, asked four times to see who answers there and whether it knows the signing secret.

What it answers to us is not what it answered to Stripe: the requests come from another address. Only the configured URL is
ever asked, no redirect is followed, and no real id is sent.
"""

import asyncio
import json
import secrets
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from billing_tui.model.delivery import Attempt
from billing_tui.model.evidence import Gap, Probe, Probes, Why
from billing_tui.model.problem import KeyRefused, OutOfReach
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean
from billing_tui.services.purpose import Purpose, purpose

if TYPE_CHECKING:
    from billing_tui.services.http import Transport

# Who answered shows in these; values that can carry a credential are left out.
_TELLING = ("location", "server", "cf-ray", "cf-mitigated", "x-vercel-id", "x-vercel-error", "x-clerk-auth-reason",
            "x-clerk-auth-status", "content-type")  # fmt: skip
_BODY = 200
_OLD = 3600


class AppEndpoint:
    """The endpoint at the configured address.

    Args:
        url: `webhook_url` of the profile.
        secret: The signing secret that the app is believed to hold; "" when it is not at hand.
    """

    def __init__(self, url: str, secret: str, transport: "Transport", mode: Mode) -> None:
        self.url = url
        self._secret = secret
        self._mode = mode
        self._http = transport.client()

    async def probe(self) -> Probes:
        """Asks all four at once. Never raises for what the endpoint does: that is the answer."""
        now = int(time.time())
        body = self._body(now)
        gap = Gap(what="the answer to a rightly signed request", why=Why.NOT_CONFIGURED,
                  message="The signing secret of the endpoint is not at hand.",
                  hint=f"Set BILLING_TUI_{self._mode.upper()}_WEBHOOK_SECRET.", exit_code=3)  # fmt: skip
        with purpose(Purpose.PROBE):
            asked = [self._ask("unsigned", b"{}", "")]
            asked.append(self._ask("wrong key", body, _signature(body, f"whsec_{secrets.token_hex(16)}", now)))
            if self._secret:
                asked.append(self._ask("valid", body, _signature(body, self._secret, now)))
                asked.append(self._ask("old", body, _signature(body, self._secret, now - _OLD)))
            unsigned, wrong, *signed = await asyncio.gather(*asked)
        valid, old = signed or (gap, gap)
        return Probes(at=datetime.now(UTC), url=self.url, unsigned=unsigned, wrong_key=wrong, valid=valid, old=old)

    async def _ask(self, name: str, body: bytes, signature: str) -> Probe:
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "billing-tui probe"}
        if signature:
            headers["Stripe-Signature"] = signature
        started = time.monotonic()
        try:
            response = await self._http.post(self.url, content=body, headers=headers)
        except OutOfReach as problem:
            return Probe(name=name, status=None, latency=_since(started), error=problem.message)
        seen = {**response.headers, "location": str(response.extensions.get("location", ""))}
        telling = {header: clean(seen[header])[:_BODY] for header in _TELLING if seen.get(header)}
        return Probe(name=name, status=response.status_code, latency=_since(started), headers=telling,
                     body=clean(response.text[:_BODY]).strip())  # fmt: skip

    async def deliver(self, body: bytes) -> Attempt:
        """Sends an event as Stripe sends it: signed, as it is. Its answer is noted whatever it is.

        Raises:
            KeyRefused: The signing secret is not at hand.
            OutOfReach: Nothing answered; nothing was sent, or nobody knows.
        """
        if not self._secret:
            hint = f"Run billing-tui keys set webhook_secret, or set BILLING_TUI_{self._mode.upper()}_WEBHOOK_SECRET."
            raise KeyRefused("The signing secret of the endpoint is not at hand.", hint, code="key_missing")
        headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "billing-tui"}
        headers["Stripe-Signature"] = _signature(body, self._secret, int(time.time()))
        at, started = datetime.now(UTC), time.monotonic()
        response = await self._http.post(self.url, content=body, headers=headers)
        answer = clean(response.text[:_BODY]).strip()
        return Attempt(at=at, via="direct", status=response.status_code, latency_ms=_since(started), body=answer)

    def _body(self, now: int) -> bytes:
        event: dict[str, object] = {
            "id": f"evt_billing_tui_probe_{now}",
            "object": "event",
            "api_version": None,
            "created": now,
            "data": {"object": {}},
            "livemode": self._mode == "live",
            "pending_webhooks": 0,
            "request": {"id": None, "idempotency_key": None},
            "type": "billing_tui.probe",
        }
        return json.dumps(event).encode()

    async def close(self) -> None:
        await self._http.aclose()


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)


def _signature(body: bytes, secret: str, at: int) -> str:
    from stripe import WebhookSignature

    header: str = WebhookSignature.generate_signature_header(body.decode(), secret, at)
    return header
