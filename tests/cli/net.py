"""A net for secrets: whatever a person, a file or another program gets to see is swept for them, in every telling form."""

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, unquote


class Net:
    """Secrets by what they are called."""

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._forms = {name: tuple(_forms(secret)) for name, secret in secrets.items()}

    def caught(self, where: str, data: str | bytes) -> list[str]:
        """Which secrets are in there."""
        raw = data.encode() if isinstance(data, str) else data
        return [f"{name} in {where}" for name, forms in self._forms.items() if any(form in raw for form in forms)]

    def in_files(self, *roots: Path, but: tuple[str, ...] = ()) -> list[str]:
        """Which secrets are in files, those of these names left out, which are their places."""
        files = (path for root in roots for path in root.rglob("*") if path.is_file() and path.name not in but)
        return [hit for path in files for hit in self.caught(str(path), path.read_bytes())]

    @contextmanager
    def over_arguments(self) -> Iterator[list[str]]:
        """Looks at the arguments of every process of the machine all the while; the list fills with what is found."""
        found: list[str] = []
        done = threading.Event()
        watch = threading.Thread(target=self._watch, args=(found, done), daemon=True)
        watch.start()
        try:
            yield found
        finally:
            done.set()
            watch.join()

    def _watch(self, found: list[str], done: threading.Event) -> None:
        while not done.wait(0.005):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                try:
                    found += self.caught("the arguments of a process", path.read_bytes())
                except OSError:  # it has ended
                    continue


def _forms(secret: str) -> Iterator[bytes]:
    """As it is, as a part of a URL, as text in JSON, and as basic authentication carries it."""
    yield secret.encode()
    yield quote(secret, safe="").encode()
    yield unquote(secret).encode()
    yield base64.b64encode(f"{secret}:".encode())[:-4]
    yield base64.b64encode(secret.encode()).rstrip(b"=")[:-1]
