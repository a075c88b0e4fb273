"""The vault: closed to whoever lacks the passphrase, whole whatever happens, and never a secret in the clear."""

import json
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from billing_tui.model.problem import BadUsage, KeyRefused
from billing_tui.settings.safes import Safes
from billing_tui.settings.vault import UNLOCKED_BY, Vault, passphrase_from_file
from billing_tui.settings.vault_box import Cost

LIVE = "sk_live_51RkQwErTyUiOp4f2a"
NAME = "acme/live/stripe_key"
PASSPHRASE = "correct horse battery"
CHEAP = Cost(n=16, r=1, p=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "vault.json"


@pytest.fixture
def vault(path: Path) -> Vault:
    """One that holds a key, locked again."""
    made = opened(path)
    made.set(NAME, LIVE)
    return Vault(path)


def opened(path: Path, passphrase: str = PASSPHRASE) -> Vault:
    vault = Vault(path, CHEAP)
    vault.unlock(passphrase)
    return vault


def test_what_is_kept_comes_back_in_another_run(vault: Vault, path: Path) -> None:
    assert vault.locked
    assert vault.names() == (NAME,)
    vault.unlock(PASSPHRASE)
    assert vault.get(NAME) == LIVE
    assert vault.get("acme/live/clerk_key") is None
    assert vault.delete(NAME)
    assert not vault.delete(NAME)
    assert opened(path).names() == ()


def test_locked_it_gives_nothing_and_says_how_to_open_it(vault: Vault) -> None:
    assert vault.get("acme/live/clerk_key") is None
    for asked in (lambda: vault.get(NAME), lambda: vault.set(NAME, LIVE), lambda: vault.delete(NAME)):
        with pytest.raises(KeyRefused) as caught:
            asked()
        assert caught.value.code == "vault_locked"
        assert UNLOCKED_BY in caught.value.hint
    assert vault.names() == (NAME,)


@pytest.mark.parametrize("passphrase", ["", "correct horse batterx", f"{PASSPHRASE} "])
def test_another_passphrase_opens_nothing(vault: Vault, passphrase: str) -> None:
    with pytest.raises(KeyRefused, match="not the vault's passphrase"):
        vault.unlock(passphrase)
    assert vault.locked


def test_a_new_vault_wants_more_than_a_word(path: Path) -> None:
    with pytest.raises(KeyRefused, match="8 letters"):
        opened(path, "hunter2")
    assert not path.exists()


def test_the_file_is_its_owners_and_holds_nothing_in_the_clear(vault: Vault, path: Path) -> None:
    assert vault.exists
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    for file in path.parent.iterdir():
        data = file.read_bytes()
        assert b"51Rk" not in data
        assert PASSPHRASE.encode() not in data


def swap(document: dict[str, Any], key: str, value: object) -> None:
    document[key] = value


@pytest.mark.parametrize(
    "change",
    [
        lambda held: swap(held, "names", ["acme/test/stripe_key"]),
        lambda held: swap(held, "names", []),
        lambda held: swap(held, "salt", "AAAAAAAAAAAAAAAAAAAAAA=="),
        lambda held: swap(held, "nonce", "AAAAAAAAAAAAAAAA"),
        lambda held: swap(held, "closed", held["closed"][:-4] + "AAA="),
        lambda held: swap(held, "closed", ""),
        lambda held: held["cost"].update(n=32),
        lambda held: held["cost"].update(n=2**40),
        lambda held: held["cost"].update(n=15),
        lambda held: held["cost"].update(r=2**30),
        lambda held: held["cost"].update(p=0),
        lambda held: swap(held, "format", "billing-tui/vault/0"),
    ],
)
def test_a_box_that_was_tampered_with_does_not_open(vault: Vault, path: Path, change: Callable[[dict[str, Any]], None]) -> None:
    document = json.loads(path.read_bytes())
    change(document)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(KeyRefused) as caught:
        vault.unlock(PASSPHRASE)
    assert caught.value.code in ("vault_passphrase", "vault_damaged")


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b'{"format": 3}', b"sk_live_51RkQwErTyUiOp4f2a"])
def test_what_is_no_vault_is_told_and_left_as_it_is(path: Path, data: bytes) -> None:
    path.parent.mkdir(mode=0o700)
    path.write_bytes(data)
    with pytest.raises(KeyRefused, match="damaged"):
        Vault(path).unlock(PASSPHRASE)
    assert path.read_bytes() == data


def test_writers_at_the_same_time_lose_nothing(vault: Vault, path: Path) -> None:
    assert vault.names()
    names = [f"acme/test/{number}" for number in range(8)]
    writers = [threading.Thread(target=opened(path).set, args=(name, LIVE)) for name in names]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted([*names, NAME]) == list(opened(path).names())


def test_a_vault_made_anew_by_another_run_is_locked_to_this_one(vault: Vault, path: Path) -> None:
    vault.unlock(PASSPHRASE)
    path.unlink()
    opened(path, "another passphrase").set(NAME, "other")
    with pytest.raises(KeyRefused, match="locked"):
        vault.get(NAME)


def test_memory_keeps_for_this_run_alone(path: Path) -> None:
    safes = Safes(vault=Vault(path))
    safes.keep("acme", "live", "stripe_key", LIVE, "memory")
    found = safes.find("acme", "live", "stripe_key")
    assert found is not None
    assert (found.source, found.reveal()) == ("memory", LIVE)
    assert safes.holders("acme", "live", "stripe_key") == ("memory",)
    assert safes.drop("acme", "live", "stripe_key") == ("memory",)
    assert safes.find("acme", "live", "stripe_key") is None
    assert not path.exists()


def test_the_passphrase_can_come_from_a_private_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "passphrase"
    file.touch(0o600)
    file.write_text(f"{PASSPHRASE}\n", encoding="utf-8")
    monkeypatch.setenv(UNLOCKED_BY, str(file))
    assert passphrase_from_file() == PASSPHRASE
    reading, writing = os.pipe()
    os.write(writing, f"{PASSPHRASE}\n".encode())
    os.close(writing)
    monkeypatch.setenv(UNLOCKED_BY, f"/dev/fd/{reading}")
    assert passphrase_from_file() == PASSPHRASE
    os.close(reading)
    monkeypatch.delenv(UNLOCKED_BY)
    assert passphrase_from_file() is None


@pytest.mark.parametrize(
    ("data", "mode", "says"), [(b"x", 0o640, "by others"), (b"\n", 0o600, "empty"), (None, 0, "cannot be read")]
)
def test_a_passphrase_file_that_is_not_private_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes | None, mode: int, says: str
) -> None:
    file = tmp_path / "passphrase"
    if data is not None:
        file.write_bytes(data)
        file.chmod(mode)
    monkeypatch.setenv(UNLOCKED_BY, str(file))
    with pytest.raises(BadUsage, match=says):
        passphrase_from_file()
