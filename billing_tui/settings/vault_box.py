"""A box of secrets closed with a passphrase: scrypt makes the key, ChaCha20-Poly1305 closes and proves it.

Pure: bytes in, bytes out. What the box says of itself in the clear (how the key is made, which names are inside) is proved with
the rest, so nobody can weaken one or the other.
"""

import os

import msgspec
from msgspec import Struct

from billing_tui.model.problem import KeyRefused

FORMAT = "billing-tui/vault/1"
_KEY, _SALT, _NONCE = 32, 16, 12
# Beyond these a file would make this tool eat the machine's memory before it could be found to be a forgery.
_MOST_N, _MOST_RP = 2**20, 16


class Cost(Struct, frozen=True):
    """What guessing a passphrase costs: 64 MiB and a third of a second each."""

    n: int = 2**16
    r: int = 8
    p: int = 2


class Box(Struct, frozen=True):
    """A closed box. `names` are those of the secrets inside."""

    format: str
    cost: Cost
    salt: bytes
    names: tuple[str, ...]
    nonce: bytes = b""
    closed: bytes = b""


class BoxKey(Struct, frozen=True):
    """A key made of a passphrase, good for every box with its salt."""

    cost: Cost
    salt: bytes
    key: bytes

    def __repr__(self) -> str:
        return "<BoxKey>"


def read_box(data: bytes) -> Box:
    """A box from its bytes. Raises `KeyRefused` where that is none."""
    try:
        box = msgspec.json.decode(data, type=Box)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        raise _damaged() from None
    cost = box.cost
    sane = 2 <= cost.n <= _MOST_N and cost.n & (cost.n - 1) == 0 and 1 <= cost.r <= _MOST_RP and 1 <= cost.p <= _MOST_RP
    if box.format != FORMAT or not sane or len(box.salt) != _SALT or len(box.nonce) != _NONCE:
        raise _damaged()
    return box


def new_key(passphrase: str, cost: Cost) -> BoxKey:
    """A key for a new box."""
    return key_of(passphrase, os.urandom(_SALT), cost)


def key_of(passphrase: str, salt: bytes, cost: Cost) -> BoxKey:
    """The key that a passphrase makes; slow on purpose."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    made = Scrypt(salt=salt, length=_KEY, n=cost.n, r=cost.r, p=cost.p).derive(passphrase.encode())
    return BoxKey(cost, salt, made)


def close(key: BoxKey, secrets: dict[str, str]) -> bytes:
    """The secrets in a box, as bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    box = Box(FORMAT, key.cost, key.salt, tuple(sorted(secrets)), os.urandom(_NONCE))
    closed = ChaCha20Poly1305(key.key).encrypt(box.nonce, msgspec.json.encode(secrets), msgspec.json.encode(box))
    return msgspec.json.encode(msgspec.structs.replace(box, closed=closed)) + b"\n"


def opened(key: BoxKey, box: Box) -> dict[str, str]:
    """What is in a box.

    Raises:
        KeyRefused: The passphrase was another, or the box was tampered with; nobody can tell which.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    said = msgspec.json.encode(msgspec.structs.replace(box, closed=b""))
    try:
        inside = ChaCha20Poly1305(key.key).decrypt(box.nonce, box.closed, said)
        return msgspec.json.decode(inside, type=dict[str, str])
    except InvalidTag:
        hint = "Try again; if it was right, the file is damaged: set the keys again in a new vault."
        raise KeyRefused("This is not the vault's passphrase.", hint, code="vault_passphrase") from None
    except msgspec.MsgspecError:
        raise _damaged() from None


def _damaged() -> KeyRefused:
    hint = "Move the file away and set the keys again: billing-tui keys set."
    return KeyRefused("The vault's file is damaged.", hint, code="vault_damaged")
