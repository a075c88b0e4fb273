"""What a person has looked at and found well, where nothing that can be read tells: kept for each profile, with who and when."""

import getpass
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from billing_tui.model.problem import OutOfReach

_Marks = dict[str, dict[str, "Seen"]]


class Seen(Struct, frozen=True):
    """Somebody looked."""

    at: datetime
    who: str


class SeenFile:
    """The marks of one profile in a file that all windows share. Blocking."""

    def __init__(self, path: Path, profile: str) -> None:
        self._path, self._profile = path, profile

    def read(self) -> Mapping[str, Seen]:
        """By check; nothing where the file is not there, or holds something else."""
        return self._all().get(self._profile, {})

    def mark(self, check_id: str, at: datetime) -> None:
        """Notes that a check was looked at. Raises `OutOfReach` where it can't be written."""
        self._write({**self.read(), check_id: Seen(at, _who())})

    def forget(self, check_id: str) -> None:
        """Takes a mark back; raises as `mark` does."""
        self._write({name: seen for name, seen in self.read().items() if name != check_id})

    def _all(self) -> _Marks:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, dict[str, Seen]])
        except (OSError, msgspec.MsgspecError):
            return {}

    def _write(self, marks: dict[str, Seen]) -> None:
        beside = self._path.with_suffix(f".{os.getpid()}")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(msgspec.json.encode({**self._all(), self._profile: marks}))
            beside.replace(self._path)
        except OSError as error:
            raise OutOfReach(f"{self._path} can't be written ({error.strerror}).", "Free some space.") from error


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return str(os.getuid())
