"""The Secret Service of a Linux desktop, used as it stands: not started, not unlocked, no window shown.

The backend of `keyring` unlocks what is locked and creates what is missing, both of which pop up a dialog on a screen that may
be somebody else's, or wait for one that never comes.
"""

from collections.abc import Callable
from contextlib import closing

import secretstorage
from jeepney import DBusAddress, new_method_call
from jeepney.bus_messages import message_bus
from keyring.backend import KeyringBackend
from keyring.backends import SecretService
from keyring.errors import KeyringLocked
from secretstorage.exceptions import ItemNotFoundException, SecretStorageException

from billing_tui.settings.keyring_backend import NoKeyring

_SERVICE = "org.freedesktop.secrets"
_PEER = DBusAddress("/org/freedesktop/secrets", _SERVICE, "org.freedesktop.DBus.Peer")
_PING = 1.0
"""Seconds for a sign of life, which waits for nobody's dialog; one that is stuck is found out before a question hangs."""


class _Quiet(SecretService.Keyring):
    """The same items as the original's, and never a prompt."""

    known_as = "the desktop's Secret Service"

    def get_preferred_collection(self) -> secretstorage.Collection:
        bus = secretstorage.dbus_init()
        try:
            collection = secretstorage.Collection(bus)
        except ItemNotFoundException:
            bus.close()
            raise NoKeyring("none", "the keyring has no collection to keep secrets in yet") from None
        if collection.is_locked():
            bus.close()
            raise KeyringLocked
        return collection

    def unlock(self, item: secretstorage.Item) -> None:
        if item.is_locked():
            raise KeyringLocked


def quiet_keyring() -> KeyringBackend:
    """The desktop's keyring.

    Raises:
        NoKeyring: None is running, or it does not even say that it is there.
    """
    try:
        with closing(secretstorage.dbus_init()) as bus:
            running = bus.send_and_get_reply(message_bus.NameHasOwner(_SERVICE)).body
            if running and running[0]:
                bus.send_and_get_reply(new_method_call(_PEER, "Ping"), timeout=_PING)
    except TimeoutError:
        raise NoKeyring("hangs", f"the keyring of this session did not answer within {_PING:g} s") from None
    except SecretStorageException:
        raise NoKeyring("none", "the D-Bus session cannot be reached") from None
    if not running or not running[0]:
        raise NoKeyring("none", "no keyring is running in this session")
    made: Callable[[], KeyringBackend] = _Quiet
    return made()
