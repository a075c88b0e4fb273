"""Secrets in a keyring: kept and found under the contract's names, and no keyring that freezes, asks or writes plain files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.backends.fail import Keyring as FailKeyring
from keyring.backends.null import Keyring as NullKeyring

from billing_tui.model.problem import KeyRefused, Refused
from billing_tui.settings.keyring_store import KeyringStore
from billing_tui.settings.safes import Safes
from billing_tui.settings.secrets import find_secret
from billing_tui.settings.vault import Vault
from tests.settings import keyrings
from tests.settings.conftest import Written

LIVE = "sk_live_51RkQwErTyUiOp4f2a"
NAME = "acme/live/stripe_key"


@pytest.fixture(autouse=True)
def _no_keyring_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "keyring.json"))


def choose(monkeypatch: pytest.MonkeyPatch, kind: type[KeyringBackend]) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", keyrings.name_of(kind))


def test_what_is_kept_is_found_under_the_contracts_name(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, keyrings.Filed)
    store = KeyringStore()
    assert store.state().state == "ready"
    assert store.get(NAME) is None
    store.set(NAME, LIVE)
    assert json.loads(Path(os.environ[keyrings.FILE]).read_text(encoding="utf-8")) == {f"billing-tui {NAME}": LIVE}
    assert KeyringStore().get(NAME) == LIVE
    assert store.delete(NAME)
    assert not store.delete(NAME)
    assert KeyringStore().get(NAME) is None


@pytest.mark.parametrize(
    ("kind", "state", "says"),
    [
        (keyrings.Hanging, "hangs", "did not answer within 0.1 s"),
        (keyrings.Locked, "locked", "is locked"),
        (keyrings.Asking, "broken", "does not work (EOFError)"),
        (keyrings.PlaintextKeyring, "unfit", "may write a plain file"),
        (ChainerBackend, "unfit", "may write a plain file"),
        (NullKeyring, "off", "switched off"),
        (FailKeyring, "none", "no keyring"),
        (None, "none", "No D-Bus session"),
    ],
)
def test_a_keyring_that_cannot_be_used_is_a_state_and_an_empty_one(
    monkeypatch: pytest.MonkeyPatch, kind: type[KeyringBackend] | None, state: str, says: str
) -> None:
    if kind:
        choose(monkeypatch, kind)
    store = KeyringStore(0.1 if kind is keyrings.Hanging else 3.0)
    found = store.state()
    assert found.state == state
    assert says.lower() in found.says.lower()
    assert "51Rk" not in found.says
    assert store.get(NAME) is None
    with pytest.raises(KeyRefused, match="Nothing was changed") as caught:
        store.set(NAME, LIVE)
    assert caught.value.code == "no_keyring"
    assert not Path(os.environ[keyrings.FILE]).exists() or kind in (keyrings.Locked, keyrings.Asking)


def test_one_that_takes_a_secret_and_does_not_keep_it_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, keyrings.Forgetful)
    with pytest.raises(KeyRefused, match="did not keep it"):
        KeyringStore().set(NAME, LIVE)


def test_a_choice_that_cannot_be_loaded_is_a_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "no.such.Keyring")
    assert KeyringStore().state().state == "broken"


def test_a_bus_that_leads_nowhere_is_no_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    assert KeyringStore().state().state in ("none", "broken")


def test_the_keyring_comes_after_environment_and_command(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, keyrings.Filed)
    safes = Safes(vault=Vault(tmp_path / "vault.json"))
    safes.keep("acme", "live", "stripe_key", LIVE, "keyring")
    command = f"['{sys.executable}', '-c', 'print(\"{LIVE[:-1]}b\")']"
    commanded = written(f"[profiles.acme.live]\nsecrets.stripe_key = {{ command = {command} }}")
    bare = written("[profiles.acme]")
    found = [find_secret(config, "acme", "live", "stripe_key", safes) for config in (bare, commanded)]
    monkeypatch.setenv("BILLING_TUI_LIVE_STRIPE_KEY", f"{LIVE[:-1]}c")
    found.append(find_secret(commanded, "acme", "live", "stripe_key", safes))
    assert [one and (one.source, one.reveal()[-1]) for one in found] == [
        ("keyring", "a"),
        ("command", "b"),
        ("environment", "c"),
    ]


def test_a_key_of_the_other_mode_is_refused_when_it_is_used(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    choose(monkeypatch, keyrings.Filed)
    KeyringStore().set("acme/test/stripe_key", LIVE)
    with pytest.raises(Refused, match="is a live key"):
        find_secret(written("[profiles.acme]"), "acme", "test", "stripe_key", Safes(vault=Vault(tmp_path / "vault.json")))


PROGRAM = """
import sys
from billing_tui.settings.keyring_store import KeyringStore
store = KeyringStore()
loaded = (name for name in ("keyring", "secretstorage") if name in sys.modules)
print(store.state().state, store.get("acme/live/stripe_key"), *loaded)
"""


def alone(program: str, **env: str) -> str:
    """What a program prints in a process of its own."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": "/nonexistent", **env}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True, timeout=30
    )
    assert ended.stderr == ""
    return ended.stdout.strip()


def test_where_there_can_be_none_its_package_is_not_even_loaded() -> None:
    assert alone(PROGRAM) == "none None"


def test_a_keyring_that_hangs_does_not_keep_a_process_from_ending(tmp_path: Path) -> None:
    program = PROGRAM.replace("KeyringStore()", "KeyringStore(0.1)", 1)
    choice = keyrings.name_of(keyrings.Hanging)
    root = str(Path(__file__).parents[2])
    said = alone(program, PYTHON_KEYRING_BACKEND=choice, PYTHONPATH=root, **{keyrings.FILE: str(tmp_path / "k.json")})
    assert said == "hangs None keyring"
