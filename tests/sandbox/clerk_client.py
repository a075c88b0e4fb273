"""Two small Clerk instances behind a real server, and clients that hold their keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from billing_tui.sandbox.clerk import ClerkInstance, clerk_routes
from billing_tui.sandbox.options import MODES, Mode
from tests.sandbox.loopback import NO_TLS, serving


@dataclass
class TwoClerks:
    """The holder that the routes ask for an instance, and the address where they answer."""

    instances: dict[Mode, ClerkInstance]
    base: str = ""

    def clerk(self, mode: Mode) -> ClerkInstance:
        return self.instances[mode]

    def client(self, mode: Mode = "test", key: str | None = None) -> httpx.Client:
        secret = self.instances[mode].secret_key if key is None else key
        headers = {"Authorization": f"Bearer {secret}"}
        return httpx.Client(base_url=f"{self.base}/clerk/v1", headers=headers, verify=NO_TLS)


@contextmanager
def two_clerks() -> Iterator[TwoClerks]:
    clerks = TwoClerks({mode: ClerkInstance(mode, f"sk_{mode}_{'k' * 40}") for mode in MODES})
    with serving(Starlette(routes=[Mount("/clerk", routes=clerk_routes(clerks))])) as base:
        clerks.base = base
        yield clerks
