"""A bad line to a sandbox's Stripe, for writes too: each seventh request is refused, cut before or after it was done, or left."""

import http.client
import itertools
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

EVERY = 7
TROUBLES = ("429", "500", "cut before", "cut after", "no answer")
_REFUSAL = b'{"error": {"type": "api_error", "message": "No."}}'


class Line(ThreadingHTTPServer):
    """Counts what was asked, and how it was answered badly."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        at = urlsplit(target)
        self.far = (at.hostname or "", at.port or 0)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.troubles: list[str] = []
        self.over = threading.Event()
        self._asked = itertools.count(1)
        self._next = itertools.cycle(TROUBLES)

    def trouble(self) -> str:
        """How the next request is answered; "" for well."""
        if next(self._asked) % EVERY:
            return ""
        self.troubles.append(next(self._next))
        return self.troubles[-1]


class _Handler(BaseHTTPRequestHandler):
    server: Line

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        trouble = self.server.trouble()
        if trouble == "no answer":
            self.server.over.wait(10)
        elif trouble == "cut before":
            self._cut()
        elif trouble in ("429", "500"):
            self._say(int(trouble), _REFUSAL)
        else:
            status, said = self._asked(body)
            if trouble:
                self._cut()
            else:
                self._say(status, said)

    def _asked(self, body: bytes) -> tuple[int, bytes]:
        far = http.client.HTTPConnection(*self.server.far, timeout=20)
        headers = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
        far.request(self.command, self.path, body or None, headers)
        answer = far.getresponse()
        found = answer.status, answer.read()
        far.close()
        return found

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _cut(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Nothing is printed."""

    def finish(self) -> None:
        """A connection that was cut has nothing left to be flushed."""
        if self.connection.fileno() != -1:
            super().finish()


@contextmanager
def bad_line(target: str) -> Iterator[Line]:
    """A bad line on loopback, in threads of its own."""
    line = Line(target)
    thread = threading.Thread(target=line.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield line
    finally:
        line.over.set()
        line.shutdown()
        thread.join()
        line.server_close()
