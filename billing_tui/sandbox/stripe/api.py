"""The HTTP in front of the sandbox's Stripe: one ASGI app that decodes, authorises, limits, answers and remembers.

What the endpoints do is in `resources`; this file knows headers, statuses and idempotency.
"""

import json
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.stripe.account import Account, ApiKey
from billing_tui.sandbox.stripe.call import Call
from billing_tui.sandbox.stripe.errors import StripeError, invalid, rate_limited, unknown_parameter, unknown_url
from billing_tui.sandbox.stripe.expand import expanded, tree_of
from billing_tui.sandbox.stripe.form import decode
from billing_tui.sandbox.stripe.idempotency import Memory, Reply
from billing_tui.sandbox.stripe.keys import authenticate, authorize
from billing_tui.sandbox.stripe.routes import Route, match
from billing_tui.sandbox.stripe.table import Obj
from billing_tui.sandbox.stripe.version import API_VERSION

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
MAX_BODY = 1_000_000


@dataclass
class Bucket:
    """Requests that an account may still make now; `rate` a second, and no more than one second's worth at once."""

    rate: int
    left: float = 0.0
    seen: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.left = float(self.rate)

    def take(self) -> bool:
        """Whether one more may pass."""
        if not self.rate:
            return True
        now = time.monotonic()
        self.left = min(float(self.rate), self.left + (now - self.seen) * self.rate)
        self.seen = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: everything that Stripe could look at."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


class StripeApi:
    """Serves `/v1` and `/v2` of both modes; the key decides which."""

    def __init__(self, accounts: dict[Mode, Account], *, rate_limit: int = 0) -> None:
        self._accounts = accounts
        self._buckets = {mode: Bucket(rate_limit) for mode in accounts}
        self._memories = {mode: Memory() for mode in accounts}

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """One request; refuses a body that no client of Stripe would send."""
        body = await _body(receive)
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        reply = self.answer(Asked(scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers, body))
        lines = [(name.lower().encode(), value.encode("latin-1", "replace")) for name, value in reply.headers.items()]
        lines.append((b"content-length", str(len(reply.body)).encode()))
        await send({"type": "http.response.start", "status": reply.status, "headers": lines})
        await send({"type": "http.response.body", "body": reply.body})

    def answer(self, asked: Asked) -> Reply:
        """The reply to one request, refusals included."""
        account: Account | None = None
        request_id = f"req_{next(iter(self._accounts.values())).ids.token(14)}"
        try:
            account, key = authenticate(self._accounts.values(), asked.headers.get("authorization", ""))
            if not self._buckets[account.mode].take():
                raise rate_limited()
            reply = self._remembered(account, key, asked, request_id)
        except StripeError as refusal:
            reply = Reply(refusal.status, _encoded(refusal.body(_log_url(account, request_id))), dict(refusal.headers))
        version = asked.headers.get("stripe-version") or API_VERSION
        common = {"Content-Type": "application/json", "Request-Id": request_id, "Stripe-Version": version}
        return Reply(reply.status, reply.body, {**common, **reply.headers})

    def _remembered(self, account: Account, key: ApiKey, asked: Asked, request_id: str) -> Reply:
        token = asked.headers.get("idempotency-key")
        if asked.method != "POST" or not token:
            return self._carried_out(account, key, asked, request_id)
        if len(token) > 255:
            raise invalid("Idempotency keys can only be up to 255 characters.")
        memory = self._memories[account.mode]
        known = memory.recall(token, asked.path, asked.query.encode() + b"&" + asked.body)
        if known is not None:
            return known
        try:
            reply = self._carried_out(account, key, asked, request_id)
        except StripeError as refusal:
            if refusal.status in {401, 403, 429}:
                raise
            reply = Reply(refusal.status, _encoded(refusal.body(_log_url(account, request_id))))
        reply.headers["Idempotency-Key"] = token
        memory.keep(token, request_id, reply)
        return reply

    def _carried_out(self, account: Account, key: ApiKey, asked: Asked, request_id: str) -> Reply:
        found = match(asked.method, asked.path)
        if found is None:
            raise unknown_url(asked.method, asked.path)
        route, ids = found
        authorize(account, key, route.permission)
        call = Call(account, self._twin(account), key, asked.path, ids, _params(asked, route), request_id)
        call.idempotency_key = asked.headers.get("idempotency-key")
        call.expansions = tree_of(call.texts("expand"))
        account.request = {"id": request_id, "idempotency_key": call.idempotency_key}
        try:
            result = route.handler(call)
        finally:
            account.request = None
        shown = expanded(account, result, call.expansions) if call.expansions else result
        return Reply(200, _encoded(shown))

    def _twin(self, account: Account) -> Account:
        return next(twin for mode, twin in self._accounts.items() if mode != account.mode)


def _params(asked: Asked, route: Route) -> Obj:
    params = decode(asked.query)
    if asked.body:
        params |= _json(asked.body) if asked.path.startswith("/v2/") else decode(asked.body.decode("utf-8", "replace"))
    for name in params:
        if name not in route.params:
            raise unknown_parameter(name)
    return params


def _json(body: bytes) -> Obj:
    try:
        value = json.loads(body)
    except ValueError:
        raise invalid("Invalid request body.") from None
    if not isinstance(value, dict):
        raise invalid("Invalid request body.")
    return value


def _encoded(obj: Obj) -> bytes:
    return msgspec.json.encode(obj)


def _log_url(account: Account | None, request_id: str) -> str | None:
    if account is None:
        return None
    test = "" if account.livemode else "test/"
    return f"https://dashboard.stripe.com/{account.number}/{test}logs/{request_id}"


async def _body(receive: Receive) -> bytes:
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False) and size < MAX_BODY
    return b"".join(parts)
