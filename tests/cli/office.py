"""A running sandbox, a client of each of its modes, and somebody's `billing-tui` on it."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from msgspec import structs

from billing_tui.sandbox.options import Mode, SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.settings.config import load_config
from billing_tui.settings.openings import Openings
from billing_tui.settings.secret import Secret
from billing_tui.workspace import Workspace
from tests.cli.program import Json, Program
from tests.sandbox.app_client import Wire, wires_of

READS = {"GET", "HEAD"}
PROBE = "billing-tui probe"


@dataclass
class Office:
    """What a test of the command needs."""

    sandbox: RunningSandbox
    wires: dict[Mode, Wire]
    program: Program

    def stage(self, rule: str, mode: Mode = "test", email: str | None = None) -> Json:
        """Somebody new who shows a cause; ends whatever endpoint's cause there was where it starts one."""
        return self.wires[mode].stage(rule, email)

    def seen(self) -> list[Json]:
        """Every request of the tool's since `forget`, as the services saw it.

        Stripe tries failed deliveries again whenever it likes, and the app then asks Stripe and tells Clerk: not the tool.
        """
        found: list[Json] = self.wires["test"].http.get(f"{self.sandbox.base}/_sandbox/requests").json()
        return [one for one in found if one["user_agent"] == PROBE or not (one["service"] == "app" or _of_the_app(one))]

    def writes(self) -> list[Json]:
        """Those of them that may have changed something at Stripe or Clerk."""
        return [one for one in self.seen() if one["method"] not in READS and one["service"] != "app"]

    def forget(self) -> None:
        self.wires["test"].http.delete(f"{self.sandbox.base}/_sandbox/requests")

    @contextmanager
    def outage(self, service: str, kind: str, path_prefix: str = "", *, writes: bool = False) -> Iterator[None]:
        """While this lasts, a service misbehaves in both modes, to all or to `writes` alone."""
        control = self.wires["test"].control
        control("/outage", service=service, kind=kind, path_prefix=path_prefix, writes=writes)
        try:
            yield
        finally:
            control("/outage", service=service, kind=None)

    def key(self, *permissions: str, expired: bool = False) -> str:
        """A restricted key of test mode."""
        sent: dict[str, Any] = {"mode": "test", "permissions": permissions, "expired": expired}
        return str(self.wires["test"].control("/keys", **sent)["key"])

    def window(self, state: Path, mode: Mode = "test", *, read_only: bool = False) -> Workspace:
        """A workspace that stays open, as the dashboard holds one."""
        other: Mode = "test" if mode == "live" else "live"
        openings = replace(self._openings(mode, read_only), other=self._openings(other, True))
        return Workspace(openings, state)

    def _openings(self, mode: Mode, read_only: bool) -> Openings:
        ready = self.sandbox.ready
        held = {
            "stripe_key": ready["stripe"][f"{mode}_key"],
            "clerk_key": ready["clerk"][f"{mode}_key"],
            "webhook_secret": ready["app"]["webhook_secret"][mode],
            "database_url": ready["app"]["database_url"][mode],
        }
        profile = load_config(Path(self.program.env["BILLING_TUI_CONFIG"])).open("demo", mode)
        profile = structs.replace(profile, read_only=read_only)
        return Openings(profile, lambda slot: Secret(held[slot], slot, "memory") if slot in held else None)

    def execute(self, statement: str, *values: object, mode: Mode = "test") -> None:
        """Changes the app's database behind everybody's back."""
        connection = sqlite3.connect(self.wires[mode].database)
        try:
            connection.execute(statement, values)
            connection.commit()
        finally:
            connection.close()


def _of_the_app(one: Json) -> bool:
    return str(one["user_agent"]).startswith("plainsong-app/")


@contextmanager
def opened(home: Path, *, customers: int = 3, latency_ms: int = 0) -> Iterator[Office]:
    """An office on a sandbox of its own, nobody staged in it."""
    sandbox = start(SandboxOptions(customers=customers, latency_ms=latency_ms, stages=()))
    with wires_of(sandbox) as wires:
        yield Office(sandbox, wires, Program(home, sandbox))
