"""A sandbox with lists as long as a bench wants, as a process of its own, so that it takes no time from what is measured.

`python -m tests.bench.server OPTIONS` prints the sandbox's ready document when it listens, and ends with its standard input.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import start
from billing_tui.sandbox.stripe import objects
from tests.bench import people
from tests.bench.ground import Ground, python
from tests.peers.wire import NO_TLS

Json = dict[str, Any]


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """`listed` customers are nothing but rows of Stripe's list; those of `customers` have a life in all three services."""

    customers: int = 0
    listed: int = 0
    latency_ms: int = 0
    rate_limit: int = 0
    stages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Server:
    """A sandbox in another process, as its clients and its controls see it."""

    ready: Json
    http: httpx.Client

    @property
    def base(self) -> str:
        return str(self.ready["stripe"]["base"])

    @property
    def key(self) -> str:
        return str(self.ready["stripe"]["test_key"])

    def seen(self) -> list[Json]:
        """Every request since `forget`, oldest first."""
        found: list[Json] = self.http.get(f"{self.base}/_sandbox/requests").json()
        return sorted(found, key=lambda one: one["started"])

    def forget(self) -> None:
        """Counts from here."""
        self.http.delete(f"{self.base}/_sandbox/requests")

    def post(self, path: str, **form: str) -> Json:
        """A write to Stripe, as the account's own app would do it."""
        answer = self.http.post(f"{self.base}{path}", data=form, headers={"Authorization": f"Bearer {self.key}"})
        answer.raise_for_status()
        changed: Json = answer.json()
        return changed

    def stage(self, rule: str) -> Json:
        """Somebody new who shows a cause."""
        answer = self.http.post(f"{self.base}/_sandbox/stage", json={"rule": rule, "mode": "test"})
        answer.raise_for_status()
        staged: Json = answer.json()
        self.http.post(f"{self.base}/_sandbox/settle", json={})
        return staged

    def environment(self, ground: Ground, rate: int) -> dict[str, str]:
        """A person's whose profile is this account, at so many requests a second."""
        config = ground.state() / "config.toml"
        limits = f"\n[profiles.demo.limits]\nstripe_requests_per_second = {rate}\n"
        config.write_text(Path(self.ready["config"]).read_text(encoding="utf-8") + limits, encoding="utf-8")
        held = {
            "STRIPE_KEY": self.key,
            "CLERK_KEY": self.ready["clerk"]["test_key"],
            "WEBHOOK_SECRET": self.ready["app"]["webhook_secret"]["test"],
            "DATABASE_URL": self.ready["app"]["database_url"]["test"],
        }
        keys = {f"BILLING_TUI_TEST_{slot}": value for slot, value in held.items()}
        return ground.environment(BILLING_TUI_CONFIG=str(config), **keys)


@contextmanager
def serving(ground: Ground, **options: Any) -> Iterator[Server]:
    """A server with these options, until the block is left."""
    text = msgspec.json.encode(Options(**options)).decode()
    command = python("server", text)
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=ground.environment()) as process:
        try:
            if process.stdout is None:
                raise RuntimeError("a process without the pipe that it was given")
            ready = json.loads(process.stdout.readline())
            with httpx.Client(verify=NO_TLS, timeout=60) as http:
                yield Server(ready, http)
        finally:
            process.terminate()


def main(text: str) -> None:
    """Serves until standard input ends."""
    options = msgspec.json.decode(text, type=Options)
    running = start(
        SandboxOptions(
            customers=options.customers, latency_ms=options.latency_ms, rate_limit=options.rate_limit, stages=options.stages
        )
    )
    running.world.clerk("test").requests.allowed = 100_000
    account = running.world.stripe("test")
    table = account.table("customer")
    for number in reversed(range(options.listed)):
        held = people.customer(number)
        table.add(
            objects.customer(account, **{name: value for name, value in held.items() if name not in ("object", "delinquent")})
        )
    table.newest()
    sys.stdout.write(json.dumps(running.ready) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    running.stop()


if __name__ == "__main__":
    main(sys.argv[1])
