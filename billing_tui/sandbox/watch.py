"""What stands before every service: a log of requests, and outages that tests can switch on.

The tool never sees this; it sees a service that answers, or one that misbehaves.
"""

import asyncio
import socket
import struct
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Literal

from billing_tui.sandbox.options import Mode

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Service = Literal["stripe", "clerk", "app"]
KINDS = ("html", "500", "reset", "hang", "429", "lost")
KEPT = 50_000
_HTML = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
_STRIPE_429 = b'{"error": {"message": "Request rate limit exceeded.", "type": "invalid_request_error", "code": "rate_limit"}}'
_ANSWERS: dict[str, tuple[int, bytes, bytes]] = {
    "html": (502, b"text/html", _HTML),
    "500": (500, b"application/json", b'{"error": {"message": "An unknown error occurred", "type": "api_error"}}'),
    "429": (429, b"application/json", _STRIPE_429),
}
_CLERK = {
    "500": b'{"errors":[{"code":"internal_clerk_error","message":"Oops, an unexpected error occurred"}]}',
    "429": b'{"errors":[{"code":"too_many_requests","message":"Too many requests. Please try again in a bit."}]}',
}


@dataclass(frozen=True, slots=True)
class Outage:
    """How a service misbehaves; `mode`, `prefix` and `writes` narrow it to some requests.

    `lost` does what was asked and then cuts the connection, and is for writes alone.
    """

    service: Service
    kind: str
    mode: Mode | None = None
    prefix: str = ""
    writes: bool = False


@dataclass(slots=True)
class Seen:
    """One request, with the mode and the last four letters of its key; times are monotonic seconds, None while it is served."""

    id: int
    service: Service
    method: str
    path: str
    query: str
    started: float
    user_agent: str
    mode: Mode | None
    key: str
    finished: float | None = None
    status: int | None = None


class Watch:
    """Wraps the whole application."""

    def __init__(self, app: App, mode_of: Callable[[Service, str, str], Mode | None]) -> None:
        self._app = app
        self._mode_of = mode_of
        self._ids = count(1)
        self.seen: deque[Seen] = deque(maxlen=KEPT)
        self.outages: list[Outage] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Notes the request, then lets it through or fails it."""
        service = None if scope["type"] != "http" else service_of(scope["path"])
        if service is None:
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        agent = headers.get(b"user-agent", b"").decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        presented = headers.get(b"authorization", b"").decode("latin-1")
        mode = self._mode_of(service, scope["path"], presented)
        seen = Seen(
            next(self._ids), service, scope["method"], scope["path"], query, time.monotonic(), agent, mode, presented[-4:]
        )
        self.seen.append(seen)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        try:
            outage = self._outage(seen)
            if outage is None:
                await self._app(scope, receive, noting)
            elif outage.kind == "lost":
                await lose(self._app, scope, receive)
            else:
                await misbehave(outage.kind, scope, receive, noting)
        finally:
            seen.finished = time.monotonic()

    def _outage(self, seen: Seen) -> Outage | None:
        fitting = (
            outage
            for outage in self.outages
            if (outage.service, outage.mode or seen.mode) == (seen.service, seen.mode)
            and seen.path.startswith(outage.prefix)
            and not ((outage.writes or outage.kind == "lost") and seen.method in {"GET", "HEAD"})
        )
        return next(fitting, None)


class Delay:
    """Makes Stripe and Clerk as far away as they are in life."""

    def __init__(self, app: App, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, later."""
        if self._seconds and scope["type"] == "http" and service_of(scope["path"]) in {"stripe", "clerk"}:
            await asyncio.sleep(self._seconds)
        await self._app(scope, receive, send)


def service_of(path: str) -> Service | None:
    """Whose request this is; None for the sandbox's own controls."""
    if path.startswith(("/v1/", "/v2/")):
        return "stripe"
    if path.startswith("/clerk/"):
        return "clerk"
    return "app" if path.startswith("/app/") else None


async def lose(app: App, scope: Scope, receive: Receive) -> None:
    """Does what was asked, and cuts the connection before anybody hears of it."""

    async def unheard(_: Message) -> None:
        return

    await app(scope, receive, unheard)
    await misbehave("reset", scope, receive, unheard)


async def misbehave(kind: str, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers wrongly, or not at all."""
    if kind == "reset":
        connection = scope["state"]["connection"]
        connection.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.abort()
        return
    if kind == "hang":
        message = await receive()
        while message["type"] != "http.disconnect":
            message = await receive()
        return
    status, content, body = _ANSWERS[kind]
    body = _CLERK.get(kind, body) if scope["path"].startswith("/clerk/") else body
    headers = [(b"content-type", content), (b"content-length", str(len(body)).encode())]
    if kind == "429":
        headers += [(b"retry-after", b"1"), (b"stripe-rate-limited-reason", b"global-rate")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
