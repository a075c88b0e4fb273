"""Serves a world on loopback: in a thread for the demo and the tests, in the foreground for the command."""

import asyncio
import gc
import json
import shutil
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from billing_tui.sandbox.application import application
from billing_tui.sandbox.build import build_world
from billing_tui.sandbox.delivery import Courier
from billing_tui.sandbox.options import MODES, SandboxOptions
from billing_tui.sandbox.ready import ready, write_config

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class SandboxError(Exception):
    """The sandbox cannot start; the text is a sentence for people."""


class _Protocol(H11Protocol):
    """Lets an outage cut the connection that its request came in on."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as its base has it
        super().connection_made(transport)
        self.app_state = {**self.app_state, "connection": transport}


class _Server(uvicorn.Server):
    """Starts and stops the courier with itself, and leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config, sandbox: "Sandbox", announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._sandbox = sandbox
        self._announce = announce

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """No handlers of its own."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listens, then carries what waits, then says so."""
        await super().startup(sockets)
        await self._sandbox.courier.start([self._sandbox.world.stripe(mode) for mode in MODES])
        self._announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Drops deliveries first, so that none is answered by a closing app."""
        await self._sandbox.courier.stop()
        await super().shutdown(sockets)


class Sandbox:
    """A world and its listening socket, not yet served. Raises SandboxError when the address cannot be had."""

    def __init__(self, options: SandboxOptions) -> None:
        self._socket = _listening(options.host, options.port)
        host = f"[{options.host}]" if ":" in options.host else options.host
        self.base = f"http://{host}:{self._socket.getsockname()[1]}"
        self._own = options.directory is None
        self._directory = options.directory or Path(tempfile.mkdtemp(prefix="billing-sandbox-"))
        self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.world, staged = build_world(options, self.base, self._directory)
        self.courier = Courier(options.answer_within, options.retries)
        self.ready: dict[str, Any] = ready(self.world, staged, write_config(self.world))

    def server(self, announce: Callable[[], None]) -> "_Server":
        """A server that calls `announce` in its loop once it listens."""
        config = uvicorn.Config(
            application(self.world, self.courier),
            http=_Protocol,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_graceful_shutdown=1,
            timeout_keep_alive=60,
        )
        return _Server(config, self, announce)

    async def serve(self, server: "_Server") -> None:
        """Runs until the server is told to stop."""
        await server.serve(sockets=[self._socket])

    def close(self) -> None:
        """Closes files, takes a temporary directory away, and lets go of what was kept from the collector."""
        gc.unfreeze()
        self._socket.close()
        for mode in MODES:
            self.world.app(mode).close()
        if self._own:
            shutil.rmtree(self._directory, ignore_errors=True)


class RunningSandbox:
    """A sandbox served by a thread of its own; `ready` is the document that the command would print."""

    def __init__(self, options: SandboxOptions) -> None:
        self._sandbox = Sandbox(options)
        self.base = self._sandbox.base
        self.world = self._sandbox.world
        self.ready = self._sandbox.ready
        listening = threading.Event()
        self._server = self._sandbox.server(listening.set)
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)
        self._thread.start()
        while not listening.wait(0.05):
            if not self._thread.is_alive():
                raise SandboxError("The sandbox ended before it could answer.")

    def _run(self) -> None:
        asyncio.run(self._sandbox.serve(self._server))

    def stop(self) -> None:
        """Ends the thread; safe to call twice."""
        if self._thread.is_alive():
            self._server.should_exit = True
            self._thread.join(10)
        self._sandbox.close()


def start(options: SandboxOptions | None = None) -> RunningSandbox:
    """A running sandbox, ready for requests when this returns; stop it with `.stop()`."""
    return RunningSandbox(options or SandboxOptions())


def serve(options: SandboxOptions) -> int:
    """Serves in the foreground until a signal comes; prints one JSON line when ready. Gives the exit code."""
    try:
        sandbox = Sandbox(options)
    except SandboxError as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2

    def announce() -> None:
        sys.stdout.write(json.dumps(sandbox.ready, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    async def run() -> None:
        server = sandbox.server(announce)
        loop = asyncio.get_running_loop()
        for number in SIGNALS:
            loop.add_signal_handler(number, setattr, server, "should_exit", True)
        await sandbox.serve(server)

    try:
        asyncio.run(run())
    finally:
        sandbox.close()
    return 0


def _listening(host: str, port: int) -> socket.socket:
    try:
        address = ip_address(host)
    except ValueError:
        raise SandboxError(f"The sandbox needs a literal loopback address such as 127.0.0.1, not {host!r}.") from None
    if not address.is_loopback:
        raise SandboxError(f"The sandbox listens on loopback only; {host} can be reached from outside.")
    # The protocol is named because asyncio switches Nagle off only where it sees it.
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(256)
    except (OSError, OverflowError) as failure:
        listener.close()
        why = failure.strerror if isinstance(failure, OSError) else str(failure)
        raise SandboxError(f"The sandbox cannot listen on {host}:{port} ({why}). Choose another --port.") from None
    return listener
