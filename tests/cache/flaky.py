"""A bad line to a sandbox: every tenth request is answered with 429 or 500, cut off, or not answered at all."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

EVERY = 10
_REFUSAL = b'{"error": {"type": "api_error", "message": "No."}}'
_HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
_LIMITED = _HEAD % (b"429 Too Many", len(_REFUSAL), b"Stripe-Rate-Limited-Reason: global-rate\r\n") + _REFUSAL
_FAILED = _HEAD % (b"500 Error", len(_REFUSAL), b"") + _REFUSAL
TROUBLES = ("429", "500", "reset", "stall")


class Line:
    """Counts what was asked, and how it was answered badly."""

    def __init__(self, target: str) -> None:
        at = urlsplit(target)
        self._host, self._port = at.hostname or "", at.port or 0
        self.base = ""
        self.asked = 0
        self.troubles: list[str] = []
        self._answering: set[asyncio.Task[None]] = set()
        self._next = itertools.cycle(TROUBLES)

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request and its answer, then the connection is closed."""
        task = asyncio.current_task()
        assert task
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)
        try:
            await self._answered(reader, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    async def hang_up(self) -> None:
        """Ends what is still being answered."""
        for task in (answering := list(self._answering)):
            task.cancel()
        await asyncio.gather(*answering, return_exceptions=True)

    async def _answered(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            self.asked += 1
            if self.asked % EVERY:
                await self._forwarded(head, writer)
            else:
                await self._troubled(next(self._next), reader, writer)

    async def _troubled(self, trouble: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.troubles.append(trouble)
        if trouble == "reset":
            writer.transport.abort()
        elif trouble == "stall":
            await reader.read()
        else:
            writer.write(_LIMITED if trouble == "429" else _FAILED)
            await writer.drain()

    async def _forwarded(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        first, _, rest = head.partition(b"\r\n")
        far_reader, far_writer = await asyncio.open_connection(self._host, self._port)
        far_writer.write(first + b"\r\nConnection: close\r\n" + rest.replace(b"onnection: keep-alive", b"-Was: keep-alive"))
        try:
            while part := await far_reader.read(65536):
                writer.write(part)
            await writer.drain()
        finally:
            far_writer.close()
            await far_writer.wait_closed()


@asynccontextmanager
async def flaky(target: str) -> AsyncIterator[Line]:
    """A bad line on loopback, in this loop."""
    line = Line(target)
    server = await asyncio.start_server(line.answer, "127.0.0.1", 0)
    line.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield line
    finally:
        server.close()
        await line.hang_up()
