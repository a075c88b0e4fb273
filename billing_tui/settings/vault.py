"""Secrets in an encrypted file of one's own, for machines without a keyring: a bare server, a session over SSH.

Which names it holds can be told without the passphrase, so that nobody is asked for it in vain. The passphrase is forgotten as
soon as the key is made of it; it never comes from an argument.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from billing_tui.model.problem import BadUsage, KeyRefused
from billing_tui.model.text import clean
from billing_tui.settings.paths import private_dir, private_file
from billing_tui.settings.vault_box import Box, BoxKey, Cost, close, key_of, new_key, opened, read_box

UNLOCKED_BY = "BILLING_TUI_VAULT_PASSPHRASE_FILE"
SHORTEST = 8
_LONGEST_FILE = 4096


class Vault:
    """The file, locked until it is given its passphrase.

    Args:
        path: Where it is; it may not exist yet.
        cost: For a new one; an old one says its own.
    """

    def __init__(self, path: Path, cost: Cost | None = None) -> None:
        self.path = path
        self._cost = cost or Cost()
        self._key: BoxKey | None = None

    @property
    def exists(self) -> bool:
        return self.path.is_file()

    @property
    def locked(self) -> bool:
        return self._key is None

    def names(self) -> tuple[str, ...]:
        """What it holds, as far as names go; needs no passphrase. Raises `KeyRefused` where the file is damaged."""
        box = self._read()
        return box.names if box else ()

    def unlock(self, passphrase: str) -> None:
        """Opens it, or makes it where there is none yet. Takes a third of a second.

        Raises:
            KeyRefused: It is not the passphrase, or too short for a new vault.
        """
        box = self._read()
        if box is None:
            if len(passphrase) < SHORTEST:
                raise KeyRefused(
                    f"A vault's passphrase has {SHORTEST} letters or more.",
                    "Four random words are good.",
                    code="vault_passphrase",
                )
            self._key = new_key(passphrase, self._cost)
            return
        key = key_of(passphrase, box.salt, box.cost)
        opened(key, box)
        self._key = key

    def lock(self) -> None:
        """Forgets the key."""
        self._key = None

    def get(self, name: str) -> str | None:
        """What is kept under a name. Raises `KeyRefused` where it is locked, though the name is inside."""
        box = self._read()
        if box is None or name not in box.names:
            return None
        return opened(self._held(box), box).get(name)

    def set(self, name: str, value: str) -> None:
        """Keeps a secret. Raises `KeyRefused` where the vault is locked."""
        self._held(None)
        with self._alone():
            self._write({**self._all(), name: value})

    def delete(self, name: str) -> bool:
        """Whether something was kept under the name, which is gone now."""
        if name not in self.names():
            return False
        with self._alone():
            self._write({held: value for held, value in self._all().items() if held != name})
        return True

    def _all(self) -> dict[str, str]:
        box = self._read()
        return opened(self._held(box), box) if box else {}

    def _held(self, box: Box | None) -> BoxKey:
        """The key, where it was given and is that of this box."""
        if self._key is None or (box and (box.salt, box.cost) != (self._key.salt, self._key.cost)):
            raise vault_locked()
        return self._key

    def _read(self) -> Box | None:
        try:
            return read_box(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except OSError as error:
            why = (error.strerror or "unknown reason").lower()
            raise KeyRefused(f"The vault cannot be read: {why}.", f"Look at {clean(str(self.path))}.", code="vault") from error

    def _write(self, secrets: dict[str, str]) -> None:
        """A new file in the old one's place, whole or not at all."""
        if self._key is None:
            raise AssertionError("written only when it is unlocked")
        fresh = private_file(self.path.with_suffix(".new"))
        with fresh.open("wb") as file:
            file.write(close(self._key, secrets))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.path)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While this lasts, no other process changes the file."""
        private_dir(self.path.parent)
        with private_file(self.path.with_suffix(".lock")).open("wb") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield


def vault_locked() -> KeyRefused:
    """What to say where the vault holds what is needed, and nobody has opened it."""
    hint = f"Run it on a terminal and type the passphrase, or name a private file that holds it in {UNLOCKED_BY}."
    return KeyRefused("The vault that keeps this profile's keys is locked.", hint, code="vault_locked")


def passphrase_from_file() -> str | None:
    """What the file named in the environment holds; None where none is named.

    Raises:
        BadUsage: It cannot be read, is empty, or others may read it.
    """
    named = os.environ.get(UNLOCKED_BY)
    if not named:
        return None
    try:
        with Path(named).expanduser().open("rb") as file:
            about = os.fstat(file.fileno())
            text = file.read(_LONGEST_FILE).decode().strip("\r\n")
    except (OSError, UnicodeDecodeError):
        raise _bad_file("cannot be read", "Name a private text file.") from None
    if stat.S_ISREG(about.st_mode) and about.st_mode & 0o077:
        raise _bad_file("can be read by others", f"Run: chmod 600 {clean(named)}.")
    if not text:
        raise _bad_file("is empty", "Write the passphrase into it.")
    return text


def _bad_file(what: str, hint: str) -> BadUsage:
    return BadUsage(f"The file that {UNLOCKED_BY} names {what}.", hint, code="passphrase_file")
