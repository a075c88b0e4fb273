"""A running sandbox as the tests of its app and its stages see it: over the wire, and the app's database as a file."""

import hmac
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx

from billing_tui.sandbox.options import Mode, SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.sandbox.stripe.account import Account
from tests.sandbox.loopback import NO_TLS

Json = dict[str, Any]


def signed(body: bytes, secret: str, at: float | None = None) -> str:
    moment = int(time.time() if at is None else at)
    return f"t={moment},v1={hmac.new(secret.encode(), f'{moment}.'.encode() + body, sha256).hexdigest()}"


@dataclass
class Wire:
    """One mode of a sandbox; reads what any client with its keys could read."""

    sandbox: RunningSandbox
    mode: Mode
    http: httpx.Client
    _keys: Json = field(init=False)

    def __post_init__(self) -> None:
        ready = self.sandbox.ready
        self._keys = {name: ready[name][f"{self.mode}_key"] for name in ("stripe", "clerk")}
        self.webhook_url: str = ready["app"]["webhook_url"][self.mode]
        self.secret: str = ready["app"]["webhook_secret"][self.mode]
        self.database = Path(ready["app"]["database_url"][self.mode].removeprefix("sqlite:///"))

    @property
    def account(self) -> Account:
        return self.sandbox.world.stripe(self.mode)

    def stripe(self, path: str, method: str = "GET", **params: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self._keys['stripe']}"}
        sent: Json = {"params": params} if method == "GET" else {"data": params}
        answer = self.http.request(method, f"{self.sandbox.base}/v1{path}", headers=bearer, **sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def clerk(self, path: str, **params: Any) -> Any:
        bearer = {"Authorization": f"Bearer {self._keys['clerk']}"}
        answer = self.http.get(f"{self.sandbox.base}/clerk/v1{path}", headers=bearer, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def control(self, path: str, **sent: Any) -> Any:
        answer = self.http.post(f"{self.sandbox.base}/_sandbox{path}", json=sent)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def stage(self, rule: str, email: str | None = None) -> Json:
        staged: Json = self.control("/stage", rule=rule, mode=self.mode, email=email)
        self.control("/settle")
        return staged

    def post(self, body: bytes, signature: str | None, url: str | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json"} | ({} if signature is None else {"Stripe-Signature": signature})
        return self.http.post(url or self.webhook_url, content=body, headers=headers)

    def row(self, user_id: str) -> Json:
        return self._query("SELECT * FROM users WHERE id = ?", user_id)[0]

    def ledger(self, event_ids: list[str]) -> list[Json]:
        return [entry for entry in self._query("SELECT * FROM processed_events") if entry["event_id"] in event_ids]

    def _query(self, statement: str, *values: str) -> list[Json]:
        connection = sqlite3.connect(f"file:{self.database}?mode=ro", uri=True)
        try:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(statement, values)]
        finally:
            connection.close()


@contextmanager
def wires_of(sandbox: RunningSandbox) -> Iterator[dict[Mode, Wire]]:
    """Both modes of a sandbox, stopped afterwards; its Clerk's development limit is raised so that tests need not wait."""
    sandbox.world.clerk("test").requests.allowed = 100_000
    try:
        with httpx.Client(verify=NO_TLS, timeout=20) as client:
            yield {"test": Wire(sandbox, "test", client), "live": Wire(sandbox, "live", client)}
    finally:
        sandbox.stop()


@contextmanager
def wires(customers: int = 3) -> Iterator[dict[Mode, Wire]]:
    """Both modes of a fresh sandbox without stages."""
    with wires_of(start(SandboxOptions(customers=customers, stages=()))) as both:
        yield both
