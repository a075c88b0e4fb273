"""The one way out: every request of every service passes this transport.

It refuses writes that no confirmed plan has asked for, paces, counts, retries what is safe to retry, cleans what comes
back, and logs a line without a secret or a name in it. A guard in one place can't be forgotten in another.
"""

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Protocol, Self

import httpx

from billing_tui.model.problem import BadUsage, OutcomeUnknown, OutOfReach, Refused
from billing_tui.model.text import clean, clean_json
from billing_tui.services.hosts import is_loopback
from billing_tui.services.purpose import Purpose, asked_for, tally

logger = logging.getLogger(__name__)

_READS = frozenset({"GET", "HEAD"})
_PASSING = frozenset({429, 500, 502, 503, 504})
_ATTEMPTS = 3
_LONGEST_WAIT = 8.0


class Pacing(Protocol):
    """Decides when a request may go out, and counts the reads of the day."""

    reads: int

    async def turn(self, request: httpx.Request, *, patient: bool) -> None:
        """Returns when the next request may go out; a patient one lets those go first that somebody waits for."""

    def limited(self, seconds: float) -> None:
        """The service said too many requests: nothing goes out for so long."""

    def close(self) -> None:
        """Lets go of what it holds."""


@dataclass
class Pace:
    """A token bucket: `rate` requests a second, as many at once. Waiting is first come, first served."""

    rate: float
    reads: int = 0
    _tokens: float = field(init=False)
    _at: float = field(init=False)

    def __post_init__(self) -> None:
        self._tokens, self._at = self.rate, time.monotonic()

    async def turn(self, request: httpx.Request, *, patient: bool) -> None:
        """Returns when the next request may go out, first come, first served."""
        del patient
        if request.method in _READS:
            self.reads += 1
        now = time.monotonic()
        self._tokens = min(self.rate, self._tokens + (now - self._at) * self.rate) - 1
        self._at = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self.rate)

    def limited(self, seconds: float) -> None:
        """Tells nobody: the one process there is waits by itself."""

    def close(self) -> None:
        """Holds nothing."""


class Transport(httpx.AsyncBaseTransport):
    """The transport under one service.

    Args:
        service: Its name, as people say it: `Stripe`, `Clerk`, `the app's endpoint`.
        read_only: Whether writes are refused whatever else is said.
        pace: When requests may go out; a number of them a second, where no other process asks the same service.
        timeout: Seconds, for connecting and for each read.
        probe_url: The only address to which a probe may go; "" where the service is not probed.
    """

    def __init__(self, service: str, *, read_only: bool, pace: Pacing | float, timeout: float, probe_url: str = "") -> None:
        self.service = service
        self.read_only = read_only
        self.pace: Pacing = Pace(pace) if isinstance(pace, int | float) else pace
        self._timeout = httpx.Timeout(timeout).as_dict()
        self._probe_url = probe_url
        self._inner: dict[str, httpx.AsyncHTTPTransport] = {}
        self._closed = False

    def client(self, base_url: str = "", headers: Mapping[str, str] | None = None) -> httpx.AsyncClient:
        """What asks through this: it follows no redirect, and heeds no proxy of the environment."""
        return httpx.AsyncClient(transport=self, base_url=base_url, headers=headers, trust_env=False, follow_redirects=False)

    @property
    def reads(self) -> int:
        """How many reads have gone out today, those of other processes too where they share the pace."""
        return self.pace.reads

    def load(self, url: str) -> None:
        """Gets ready for an address, so that the first request does not wait for packages and certificates. Blocking."""
        import h11

        del h11
        self._way(httpx.URL(url))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sends it, and again where that is safe.

        Raises:
            Refused: It would write, and nothing has confirmed that; or this was closed.
            OutOfReach: No answer, after all attempts.
            OutcomeUnknown: The same, for a write, which may have happened.
        """
        self._guard(request)
        request.extensions["timeout"] = self._timeout
        attempts = _ATTEMPTS if request.method in _READS else 1
        for attempt in range(1, attempts + 1):
            try:
                response = await self._send(request)
            except httpx.TransportError as error:
                if attempt == attempts or isinstance(error, httpx.ReadTimeout):
                    raise self._unanswered(request, error) from error
                await asyncio.sleep(_wait(attempt, None))
                continue
            if response.status_code not in _PASSING or attempt == attempts:
                return response
            wait = _wait(attempt, response.headers.get("Retry-After"))
            if response.status_code == 429:
                await self._limited(response, wait)
            await asyncio.sleep(wait)
        raise AssertionError("the last attempt returns or raises")

    def _guard(self, request: httpx.Request) -> None:
        if request.method in _READS:
            return
        if asked_for() is Purpose.PROBE and self._probe_url and request.url == httpx.URL(self._probe_url):
            return
        if self.read_only:
            raise Refused(
                "This profile is read-only, so nothing was written.",
                "Run it again without --read-only.",
                code="read_only",
            )
        if asked_for() is not Purpose.WRITE:
            raise Refused(f"A write to {self.service} was stopped because no confirmed plan asked for it.", code="unplanned")

    async def _send(self, request: httpx.Request) -> httpx.Response:
        await self.pace.turn(request, patient=asked_for() is Purpose.SYNC)
        if self._closed:  # and its pool would open again for whoever still asks
            raise Refused(f"{self.service} is asked no more from here: this was closed.", code="closed")
        self._count()
        started = time.monotonic()
        response = await self._way(request.url).handle_async_request(request)
        held = tally()
        if response.status_code == 429 and held is not None:
            held["rate_limited"] += 1
        key = request.headers.get("Authorization", "").rpartition(" ")[2].encode()
        body = _without(key, await response.aread())
        await response.aclose()
        request_id = response.headers.get("Request-Id") or response.headers.get("x-clerk-trace-id") or "-"
        if held is not None and request_id != "-":
            held.ids.append(clean(request_id)[:80])
        took = (time.monotonic() - started) * 1000
        logger.info(
            "%s %s %s %d %.0f ms %s",
            self.service,
            request.method,
            request.url.path,
            response.status_code,
            took,
            request_id,
        )
        raw = [(name, _without(key, value)) for name, value in response.headers.raw]
        headers = [(name, value) for name, value in raw if name.lower() not in _REWRITTEN]
        # Where a redirect leads is told apart: httpx would read it as an address, and some are none.
        told = {"location": httpx.Headers(raw).get("location", ""), "untouched": body}
        return httpx.Response(
            response.status_code, headers=headers, content=_readable(response, body), request=request, extensions=told
        )

    def _count(self) -> None:
        held, is_for = tally(), asked_for()
        if held is not None:
            shared = is_for in (Purpose.CONFIGURATION, Purpose.PROBE, Purpose.SYNC)
            held[is_for.value if shared else self.service.lower()] += 1

    async def _limited(self, response: httpx.Response, wait: float) -> None:
        """Others wait too, unless it was one object that was busy: that says nothing of the rate."""
        if response.headers.get("Stripe-Rate-Limited-Reason", "").endswith("-rate"):
            await asyncio.to_thread(self.pace.limited, wait)

    def _way(self, url: httpx.URL) -> httpx.AsyncHTTPTransport:
        if url.scheme == "http" and not is_loopback(url.host):
            raise BadUsage(f"{self.service} would be asked over plain http.", "Use an https address.", code="plain_http")
        if url.scheme not in self._inner:
            # Reading the machine's certificates takes 20 ms, which plain http to loopback has no use for.
            limits = httpx.Limits(max_connections=20, max_keepalive_connections=20)
            self._inner[url.scheme] = httpx.AsyncHTTPTransport(verify=url.scheme == "https", limits=limits)
        return self._inner[url.scheme]

    def _unanswered(self, request: httpx.Request, error: httpx.TransportError) -> OutOfReach:
        host = request.url.host
        if isinstance(error, httpx.TimeoutException):
            seconds = self._timeout["read"] or 0
            what = f"{self.service} did not answer within {seconds:g} s ({host})."
        else:
            what = f"{self.service} could not be reached ({host})."
        if request.method in _READS or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
            return OutOfReach(what, "Check the network and the service's status page, then try again.")
        return OutcomeUnknown(what, "The write may have happened: look again before repeating it.")

    async def aclose(self) -> None:
        """Nothing is sent from now on, whoever asks."""
        self._closed = True
        for inner in self._inner.values():
            await inner.aclose()
        self.pace.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None = None,
        error: BaseException | None = None,
        trace: TracebackType | None = None,
    ) -> None:
        await self.aclose()


_HIDDEN = "…".encode()
# The body handed on is decoded and of another length.
_REWRITTEN = frozenset({b"content-encoding", b"content-length", b"transfer-encoding", b"location"})


def _without(key: bytes, said: bytes) -> bytes:
    """What was answered, without the key that was asked with: an error may repeat it, and errors are shown."""
    return said.replace(key, _HIDDEN) if key and key in said else said


def _readable(response: httpx.Response, body: bytes) -> bytes:
    return clean_json(body) if "json" in response.headers.get("Content-Type", "") else body


def _wait(attempt: int, asked: str | None) -> float:
    """Seconds before the next attempt: what the service asked for, else exponential with jitter."""
    if asked and asked.isdigit():
        return min(float(asked), _LONGEST_WAIT)
    return float(0.25 * 2 ** (attempt - 1) * random.uniform(0.75, 1.25))
