"""Which keyring is used: the one that was chosen, else the system's own, never one that writes a plain file or asks.

`keyring` by itself tries every backend it finds, which may wake services, show windows and end at a plain file. So the choice is
made here. Importing the package takes a tenth of a second; `why_none` spares that where there can be no keyring.
"""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

BUS = "DBUS_SESSION_BUS_ADDRESS"
CHOICE = "PYTHON_KEYRING_BACKEND"

_NULL = "keyring.backends.null."
_FAIL = "keyring.backends.fail."
# By module and class: a plain file, a passphrase asked on the terminal, or a chain that may end at either.
_UNFIT = ("keyring.backends.chainer.", "keyrings.alt.", "keyrings.cryptfile.")


class NoKeyring(Exception):
    """There is no keyring to use; the text says why, as the rest of a sentence."""

    def __init__(self, state: str, why: str) -> None:
        super().__init__(why)
        self.state = state
        self.why = why


def why_none() -> str:
    """Why there can be no keyring here, told without importing anything; "" where there may be one."""
    if CHOICE in os.environ or _choice_file().is_file() or "keyring.core" in sys.modules:
        return ""
    if sys.platform in ("darwin", "win32") or os.environ.get(BUS):
        return ""
    return "no D-Bus session is running here"


def chosen_backend() -> "KeyringBackend":
    """The backend to use; nothing is asked of it yet.

    Raises:
        NoKeyring: There is none, or none that may be trusted with a secret.
        Exception: Whatever loading the chosen one raises.
    """
    from keyring import core

    found = getattr(core, "_keyring_backend", None) or core.load_env() or core.load_config()
    if found is None:
        return _system_backend()
    kinds = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(found).__mro__]
    if any(kind.startswith(_NULL) for kind in kinds):
        raise NoKeyring("off", "the keyring is switched off (its backend is the null one)")
    if any(kind.startswith(_FAIL) for kind in kinds):
        raise NoKeyring("none", "no keyring is installed here")
    if any(kind.startswith(_UNFIT) or "plaintext" in kind.lower() for kind in kinds):
        raise NoKeyring("unfit", f"the keyring that is chosen ({kinds[0]}) may write a plain file or ask on the terminal")
    if kinds[0] == "keyring.backends.SecretService.Keyring":
        return _system_backend()
    return found


def _system_backend() -> "KeyringBackend":
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as MacKeyring

        return MacKeyring()
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring()
    if not os.environ.get(BUS):
        raise NoKeyring("none", "no D-Bus session is running here")
    from billing_tui.settings.secret_service import quiet_keyring

    return quiet_keyring()


def _choice_file() -> Path:
    """Where `keyring` looks for a chosen backend, on systems where this tool may have to do without one."""
    root = os.environ.get("XDG_CONFIG_HOME")
    return (Path(root) if root else Path.home() / ".config") / "python_keyring/keyringrc.cfg"
