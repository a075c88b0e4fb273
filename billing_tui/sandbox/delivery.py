"""Carries events to webhook endpoints: signed, over real HTTP, with retries; `pending_webhooks` follows.

Retries come sooner than Stripe's, since nobody waits three days for a demo. Nothing is ever sent beyond loopback: an
endpoint elsewhere counts as one that does not answer.
"""

import asyncio
import hmac
import logging
import ssl
import threading
import time
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

import httpx
import msgspec

from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stripe.account import Account, Delivery
from billing_tui.sandbox.stripe.table import Obj

TIMEOUT = 10.0
AT_ONCE = 8
RETRIES: dict[Mode, tuple[float, ...]] = {"test": (2, 10, 60), "live": (2, 10, 60, 300, 1800, 7200)}
HEADERS = {
    "Content-Type": "application/json; charset=utf-8",
    "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
    "Accept": "*/*; q=0.5, application/xml",
    "Cache-Control": "no-cache",
}
log = logging.getLogger(__name__)


def signature(secret: str, body: bytes, at: int) -> str:
    """The `Stripe-Signature` header; the key is the whole secret, prefix included."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, sha256).hexdigest()
    return f"t={at},v1={digest}"


class Courier:
    """Delivers for all accounts of a world, inside the server's event loop.

    Args:
        timeout: Seconds that an endpoint has for its answer.
        retries: Seconds before each further attempt; None for those of the mode.

    `busy` counts the deliveries on their way now; those that wait for a later retry are not among them.
    """

    def __init__(self, timeout: float = TIMEOUT, retries: tuple[float, ...] | None = None) -> None:
        self.busy = 0
        self._counting = threading.Lock()
        self._timeout = timeout
        self._retries = retries
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._client: httpx.AsyncClient | None = None
        self._places = asyncio.Semaphore(AT_ONCE)

    async def start(self, accounts: list[Account]) -> None:
        """Takes over every delivery asked for from now on, and those that wait already."""
        self._loop = asyncio.get_running_loop()
        # Loading the system's certificates would cost 20 ms, and nothing on loopback has one of theirs.
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._client = httpx.AsyncClient(timeout=self._timeout, follow_redirects=False, trust_env=False, verify=tls)
        for account in accounts:
            account.carrier = self.carry
            waiting, account.waiting = account.waiting, []
            for delivery, delay in waiting:
                self._count(delay)
                self._begin(account, delivery, delay)

    async def stop(self) -> None:
        """Drops what is under way."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()

    def carry(self, account: Account, delivery: Delivery, delay: float) -> None:
        """Sends after `delay` seconds; may be called from any thread."""
        if self._loop is None or self._loop.is_closed():
            return
        self._count(delay)
        self._loop.call_soon_threadsafe(self._begin, account, delivery, delay)

    async def settled(self) -> bool:
        """Waits until nothing is on its way; False when even that takes longer than an endpoint may."""
        try:
            async with asyncio.timeout(TIMEOUT + 5):
                while self.busy:
                    await asyncio.wait(self._tasks, timeout=0.02, return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            return False
        return True

    def _count(self, delay: float) -> None:
        if not delay:
            self._busier(1)

    def _busier(self, by: int) -> None:
        with self._counting:  # events are made in any thread, and one addition must not undo another
            self.busy += by

    def _begin(self, account: Account, delivery: Delivery, delay: float) -> None:
        task = asyncio.get_running_loop().create_task(self._carry(account, delivery, delay))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, account: Account, delivery: Delivery, delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
            self._busier(1)
        try:
            endpoint = account.table("webhook_endpoint").get(delivery.endpoint)
            event = account.table("event").get(delivery.event)
            if endpoint is None or event is None or endpoint["status"] != "enabled":
                return
            async with self._places:
                acknowledged = await self._post(account, endpoint, event)
            self._note(account, delivery, event, acknowledged=acknowledged)
        finally:
            self._busier(-1)

    def _note(self, account: Account, delivery: Delivery, event: Obj, *, acknowledged: bool) -> None:
        delivery.attempts += 1
        if acknowledged and not delivery.delivered:
            delivery.delivered = True
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
        later = RETRIES[account.mode] if self._retries is None else self._retries
        if not delivery.delivered and delivery.attempts <= len(later):
            self.carry(account, delivery, later[delivery.attempts - 1])

    async def _post(self, account: Account, endpoint: Obj, event: Obj) -> bool:
        if self._client is None or not is_loopback(endpoint["url"]):
            return False
        body = msgspec.json.encode(_note_of(event) if endpoint["id"] in account.thin else event)
        signed = signature(account.endpoint_secrets[endpoint["id"]], body, int(time.time()))
        try:
            answer = await self._client.post(endpoint["url"], content=body, headers={**HEADERS, "Stripe-Signature": signed})
        except (httpx.HTTPError, httpx.InvalidURL) as failure:
            log.debug("no answer from %s: %r", endpoint["url"], failure)
            return False
        return answer.is_success


def _note_of(event: Obj) -> Obj:
    """What a thin destination is sent: that something happened, and where to read it."""
    about = event["data"]["object"]
    return {
        "id": event["id"],
        "object": "v2.core.event",
        "type": event["type"],
        "created": event["created"],
        "livemode": event["livemode"],
        "related_object": {"id": about.get("id"), "type": about["object"]},
    }


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine by its literal address or as `localhost`."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
