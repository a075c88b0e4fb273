"""Where the keys of a new profile are to be kept: the keyring, the vault, or the memory of this run; never plain, and not yet."""

import asyncio
from collections.abc import Mapping

from billing_tui.model.problem import KeyRefused
from billing_tui.model.profile import Mode
from billing_tui.settings.safes import Place, Safes
from billing_tui.settings.secret import Secret
from billing_tui.settings.vault import passphrase_from_file


class Keeping:
    """The place that was chosen, and whether it works; nothing is kept before `keep`."""

    def __init__(self, safes: Safes) -> None:
        self.safes = safes
        self.place: Place | None = None

    async def choose(self) -> None:
        """Takes the place that is usual on this machine, where nobody has chosen another."""
        if self.place is None:
            self.place = await asyncio.to_thread(self.safes.default_place)

    async def keyring_trouble(self) -> str:
        """Why the keyring cannot keep them; "" where it can."""
        state = await asyncio.to_thread(self.safes.keyring.state)
        return "" if state.state == "ready" else state.says

    async def needs_passphrase(self) -> bool:
        """Whether the vault is the place, and is locked. Raises `Problem` where the file with its passphrase is unfit."""
        return self.place == "vault" and await asyncio.to_thread(self._still_locked)

    def keep(self, profile: str, secrets: Mapping[tuple[Mode, str], Secret]) -> None:
        """Keeps secrets by mode and slot. Blocking. Raises `KeyRefused` where that place does not work."""
        for (mode, slot), secret in secrets.items():
            if self.place is None:
                raise KeyRefused("Nobody has said where the keys are to be kept.", "Go back a step and choose.")
            self.safes.keep(profile, mode, slot, secret.reveal(), self.place)

    def _still_locked(self) -> bool:
        if self.safes.vault.locked and (passphrase := passphrase_from_file()):
            self.safes.unlock(passphrase)
        return self.safes.vault.locked
