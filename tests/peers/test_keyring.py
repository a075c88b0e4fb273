"""A real D-Bus session, and a real Secret Service where gnome-keyring is installed: unlocked, never unlocked, not there."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIVE = "sk_live_51RkQwErTyUiOp4f2a"
PROGRAM = f"""
import json
from billing_tui.model.problem import Problem
from billing_tui.settings.keyring_store import KeyringStore
store, name = KeyringStore(), "acme/live/stripe_key"
said = [store.state().state]
try:
    store.set(name, {LIVE!r})
    said += [KeyringStore().get(name), store.delete(name), KeyringStore().get(name)]
except Problem as problem:
    said.append(problem.code)
print(json.dumps(said))
"""
UNLOCKED = "printf 'correct horse' | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "
STARTED = "gnome-keyring-daemon --start --components=secrets >/dev/null; "

CI = os.environ.get("CI") == "true"  # where nothing may be missing
session = pytest.mark.skipif(not CI and not shutil.which("dbus-run-session"), reason="dbus-run-session is not installed")
service = pytest.mark.skipif(not CI and not shutil.which("gnome-keyring-daemon"), reason="gnome-keyring is not installed")


@pytest.mark.peer
@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param("", ["none", "no_keyring"], marks=session, id="nobody"),
        pytest.param(STARTED, ["none", "no_keyring"], marks=[session, service], id="never unlocked"),
        pytest.param(UNLOCKED, ["ready", LIVE, True, None], marks=[session, service], id="unlocked"),
    ],
)
def test_a_keyring_on_a_bus_of_its_own(tmp_path: Path, before: str, said: list[object]) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    command = ["dbus-run-session", "--", "sh", "-c", f'{before}exec "$0" -c "$1"', sys.executable, PROGRAM]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=True)
    assert json.loads(ended.stdout) == said
