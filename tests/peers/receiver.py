"""A webhook endpoint of the tests' own: keeps what was delivered to it, raw, and answers 200."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE = 10.0


@dataclass(frozen=True)
class Delivery:
    """One request as it arrived; `signature` is the Stripe-Signature header."""

    body: bytes
    signature: str


@dataclass
class Receiver:
    """Holds deliveries in the order of their arrival."""

    url: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    _arrived: threading.Condition = field(default_factory=threading.Condition)

    def add(self, delivery: Delivery) -> None:
        with self._arrived:
            self.deliveries.append(delivery)
            self._arrived.notify_all()

    def wait_for(self, wanted: Callable[[Delivery], bool], count: int = 1) -> list[Delivery]:
        """The deliveries that are wanted, as soon as there are `count` of them."""
        with self._arrived:
            enough = self._arrived.wait_for(lambda: sum(map(wanted, self.deliveries)) >= count, PATIENCE)
            found = [delivery for delivery in self.deliveries if wanted(delivery)]
        assert enough, f"{len(found)} of {count} wanted deliveries came, {len(self.deliveries)} in all"
        return found


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()
            receiver.add(Delivery(body, self.headers.get("Stripe-Signature", "")))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            """Standard error stays quiet."""

    return Handler


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens on loopback while the context lasts."""
    receiver = Receiver()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(receiver)) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        receiver.url = f"http://127.0.0.1:{server.server_address[1]}/hook"
        yield receiver
        server.shutdown()
        thread.join(PATIENCE)
