"""Where secrets are kept by this tool itself: the keyring, else the vault, else the memory of this run alone. Never a plain file.

Blocking, and used from threads.
"""

from pathlib import Path
from typing import Literal

from billing_tui.settings.keyring_store import KeyringStore
from billing_tui.settings.paths import state_dir
from billing_tui.settings.secret import Secret
from billing_tui.settings.vault import Vault

Place = Literal["keyring", "vault", "memory"]
PLACES: tuple[Place, ...] = ("keyring", "vault", "memory")


def secret_name(profile: str, mode: str, slot: str) -> str:
    """`acme/live/stripe_key`: what the keyring calls the user."""
    return f"{profile}/{mode}/{slot}"


class Safes:
    """The places in the order in which they are looked into."""

    def __init__(self, keyring: KeyringStore | None = None, vault: Vault | None = None) -> None:
        self.keyring = keyring or KeyringStore()
        self._vault = vault
        self._memory: dict[str, str] = {}

    @property
    def vault(self) -> Vault:
        """Made when first asked for, since its place is a directory that is made with it."""
        self._vault = self._vault or Vault(vault_path())
        return self._vault

    def find(self, profile: str, mode: str, slot: str) -> Secret | None:
        """The secret from the first place that has one.

        Raises:
            KeyRefused: It is in the vault, which is locked or damaged.
        """
        name = secret_name(profile, mode, slot)
        value, source = self.keyring.get(name), "keyring"
        if value is None:
            value, source = self.vault.get(name), "vault"
        if value is None:
            value, source = self._memory.get(name), "memory"
        return Secret(value, slot, source) if value else None

    def holders(self, profile: str, mode: str, slot: str) -> tuple[Place, ...]:
        """Every place that holds something for the slot; the vault tells without its passphrase."""
        name = secret_name(profile, mode, slot)
        held = (self.keyring.get(name) is not None, name in self.vault.names(), name in self._memory)
        return tuple(place for place, has in zip(PLACES, held, strict=True) if has)

    def default_place(self) -> Place:
        """Where a new secret goes: the keyring where it works, else the vault."""
        return "keyring" if self.keyring.state().state == "ready" else "vault"

    def keep(self, profile: str, mode: str, slot: str, value: str, place: Place) -> None:
        """Keeps a secret. Raises `KeyRefused` where that place does not work, or is locked."""
        name = secret_name(profile, mode, slot)
        if place == "keyring":
            self.keyring.set(name, value)
        elif place == "vault":
            self.vault.set(name, value)
        else:
            self._memory[name] = value

    def drop(self, profile: str, mode: str, slot: str) -> tuple[Place, ...]:
        """Forgets a secret everywhere; returns where there was one. Raises as `keep` does."""
        held = self.holders(profile, mode, slot)
        name = secret_name(profile, mode, slot)
        if "keyring" in held:
            self.keyring.delete(name)
        if "vault" in held:
            self.vault.delete(name)
        self._memory.pop(name, None)
        return held

    def unlock(self, passphrase: str) -> None:
        """Opens the vault for the rest of this run. Raises `KeyRefused` for a wrong passphrase."""
        self.vault.unlock(passphrase)

    def advice(self) -> str:
        """What to add to a sentence about a missing key: why the keyring was no help, where it might have been."""
        trouble = self.keyring.trouble
        if trouble is None or trouble.state not in ("locked", "hangs", "broken", "unfit"):
            return ""
        return f"{trouble.says} Without it, keys can be kept in a vault: billing-tui keys set, with --in vault."


def vault_path() -> Path:
    """Beside the journal: not in the cache, which may be deleted."""
    return state_dir() / "vault.json"
