"""One at a time on this machine: one write for a person, one bulk job. A lock ends with its process, however that ends."""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_tui.model.problem import OutOfReach, Refused

BULK = "bulk"


@contextmanager
def alone(directory: Path, name: str) -> Iterator[None]:
    """Holds the lock of this name while its block runs. Blocking, but it never waits.

    Raises:
        Refused: Another window or command holds it.
        OutOfReach: The lock's file can't be made, so nothing is known.
    """
    path = directory / f"{hashlib.sha256(name.encode()).hexdigest()[:32]}.lock"
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise OutOfReach(f"{path} can't be made ({error.strerror}), so nothing is written.", "Free some space.") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        what = "A bulk job is under way" if name == BULK else "Something is being written for them"
        raise Refused(f"{what} in another window.", "Wait for it to end, then look at a new plan.", code="busy") from error
    try:
        yield
    finally:
        os.close(handle)
