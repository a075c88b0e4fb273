"""Keyrings of the tests' own, good and bad, chosen as people choose theirs: by name in the environment."""

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

FILE = "KEYRING_OF_THE_TEST"


class Filed(KeyringBackend):
    """Keeps what it is given in a file of the test's."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        found: str | None = self._held().get(f"{service} {username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file().write_text(json.dumps({**self._held(), f"{service} {username}": password}), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        left = {name: value for name, value in self._held().items() if name != f"{service} {username}"}
        self._file().write_text(json.dumps(left), encoding="utf-8")

    def _held(self) -> dict[str, str]:
        held: dict[str, str] = json.loads(self._file().read_text(encoding="utf-8")) if self._file().exists() else {}
        return held

    def _file(self) -> Path:
        return Path(os.environ[FILE])


class Hanging(Filed):
    """Waits for a dialog that nobody sees."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait()
        return super().get_password(service, username)


class Locked(Filed):
    """Was not unlocked when its owner signed in."""

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise KeyringLocked


class Asking(Filed):
    """Asks on a terminal, and there is none."""

    def get_password(self, service: str, username: str) -> str | None:
        del service, username
        raise EOFError("sk_live_51RkQwErTyUiOp4f2a")


class Forgetful(Filed):
    """Takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        del service, username, password


class PlaintextKeyring(Filed):
    """What a machine with `keyrings.alt` offers."""


def name_of(kind: type[KeyringBackend]) -> str:
    """As `PYTHON_KEYRING_BACKEND` wants it."""
    return f"{kind.__module__}.{kind.__qualname__}"
