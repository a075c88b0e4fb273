"""Secrets in the keyring of the operating system, asked in a thread with a time limit.

A keyring that hangs, is locked, or is missing is a state with a sentence, and for looking something up the same as an empty one.
One that hung is not asked again by this process.
"""

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeVar, cast

from msgspec import Struct

from billing_tui.model.problem import KeyRefused
from billing_tui.settings.keyring_backend import NoKeyring, chosen_backend, why_none
from billing_tui.settings.limited import within

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "billing-tui"
TIME_LIMIT = 3.0
State = Literal["ready", "none", "off", "unfit", "locked", "hangs", "broken"]
_LASTING = ("none", "off", "unfit", "hangs")


class KeyringState(Struct, frozen=True):
    """How the keyring is: `says` is the sentence, `name` the backend's where one was chosen."""

    state: State
    says: str
    name: str = ""


class KeyringStore:
    """The keyring, opened at the first question."""

    def __init__(self, time_limit: float = TIME_LIMIT) -> None:
        self._limit = time_limit
        self._lock = threading.Lock()
        self._backend: KeyringBackend | None = None
        self.trouble: KeyringState | None = None
        """What the last question met; None while it answers."""

    def state(self) -> KeyringState:
        """How it is now, found out by reading what is not there."""
        self._ask(lambda backend: backend.get_password(SERVICE, "probe"))
        return self.trouble or KeyringState("ready", "The keyring answers.", self._name())

    def get(self, name: str) -> str | None:
        """What is kept under a name; None where nothing is, or where the keyring does not work."""
        found = self._ask(lambda backend: backend.get_password(SERVICE, name))
        return found.strip() or None if isinstance(found, str) else None

    def set(self, name: str, value: str) -> None:
        """Keeps a secret, in place of what was kept under the name.

        Raises:
            KeyRefused: The keyring does not work (`no_keyring`).
        """

        def keep(backend: "KeyringBackend") -> bool:
            backend.set_password(SERVICE, name, value)
            return backend.get_password(SERVICE, name) == value

        kept = self._ask(keep)
        if self.trouble:
            raise self._refused(self.trouble.says)
        if not kept:
            raise self._refused("The keyring took the secret and did not keep it.")

    def delete(self, name: str) -> bool:
        """Whether something was kept under the name, which is gone now. Raises as `set` does, where it could not be removed."""
        if self.get(name) is None:
            return False
        self._ask(lambda backend: backend.delete_password(SERVICE, name))
        if self.trouble:
            raise self._refused(self.trouble.says)
        return True

    def _ask(self, question: "Callable[[KeyringBackend], T]") -> T | None:
        """The answer within the time limit; None, and `trouble`, where there is none."""
        with self._lock:
            if self.trouble and self.trouble.state in _LASTING:
                return None
            absent = why_none()
            if absent:
                self.trouble = KeyringState("none", f"{absent[:1].upper()}{absent[1:]}.")
                return None
            try:
                answer = within(self._limit, lambda: question(self._opened()))
            except (TimeoutError, NoKeyring, Exception) as error:  # noqa: BLE001 - backends raise anything, EOFError too
                self.trouble = self._met(error)
                return None
            self.trouble = None
            return answer

    def _opened(self) -> "KeyringBackend":
        if self._backend is None:
            self._backend = chosen_backend()
        return self._backend

    def _met(self, error: Exception) -> KeyringState:
        """An exception as a state. Its text may hold anything, so it is not repeated."""
        kind = type(error).__name__
        if isinstance(error, TimeoutError):
            says = f"The keyring did not answer within {self._limit:g} s; it may be waiting for a dialog that nobody sees."
            return KeyringState("hangs", says, self._name())
        if isinstance(error, NoKeyring):
            return KeyringState(cast("State", error.state), f"{error.why[:1].upper()}{error.why[1:]}.", self._name())
        if kind == "KeyringLocked":
            return KeyringState("locked", "The keyring is locked.", self._name())
        return KeyringState("broken", f"The keyring does not work ({kind}).", self._name())

    def _name(self) -> str:
        kind = type(self._backend)
        return getattr(kind, "known_as", f"{kind.__module__}.{kind.__qualname__}") if self._backend else ""

    def _refused(self, says: str) -> KeyRefused:
        hint = "Unlock or start it, or keep the secret in the vault: --in vault."
        return KeyRefused(f"{says} Nothing was changed.", hint, code="no_keyring")
