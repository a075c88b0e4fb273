"""The dashboard over a real sshd: in tmux and bare, at 80 by 24; what a lost connection leaves, and how a copy comes home."""

import base64
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.cli.program import keys_of
from tests.peers.far_side import ROOT, Far, Pane, far_env, wait_for
from tests.peers.test_keys_over_ssh import BUS, KEYRINGS

pytestmark = pytest.mark.peer

STATE = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{bracket_paste_flag}"


def with_keys(far: Far, sandbox: RunningSandbox) -> dict[str, str]:
    """Somebody's machine with every key in the environment."""
    return far_env(far, sandbox) | keys_of(sandbox.ready)


def terminal_of(pane: Pane) -> str:
    """What tmux knows of the state in which programs have left the terminal."""
    return pane.tmux("display-message", "-p", STATE)


@pytest.mark.skipif(not shutil.which("gnome-keyring-daemon"), reason="gnome-keyring is not installed")
def test_from_the_first_run_through_the_keyring_to_the_dashboard_and_back(far: Far, sandbox: RunningSandbox) -> None:
    ready, config = sandbox.ready, far.home / "new" / "config.toml"
    env = far_env(far, sandbox) | {"BILLING_TUI_CONFIG": str(config)}
    secrets = [ready["stripe"]["test_key"], ready["clerk"]["test_key"], ready["app"]["database_url"]["test"]]
    script = far.script("far", env, f"cd {far.home}", KEYRINGS["unlocked"].replace("{tmux}", far.tmux))
    with far.connect(script) as terminal:
        pane = Pane(terminal, far.socket)
        pane.run("stty -g > before; echo kept")
        before = terminal_of(pane)
        pane.run(f"{sys.executable} -m tests.peers.newcomer {config} {ready['stripe']['base']} {ready['clerk']['base']}")
        pane.shows("Set up a profile", "Try the demo")
        pane.type("\r")
        pane.shows("What is it called?")
        pane.type("\r")
        pane.shows("enter go on")
        pane.type("\r")
        pane.shows("test  Stripe key", "Keyring")
        for row, (secret, tried) in enumerate(zip(secrets, ("Plainsong (acct_", "Clerk's development", "2 tables"), strict=True)):
            pane.type("g" + "j" * (row + (row == 2)) + "\r")
            pane.shows("try it")
            pane.paste(secret)
            pane.type("\r")
            pane.shows(tried)
        pane.type("G\r")
        pane.shows("stripe_account")
        pane.type("G\r")
        pane.shows("Write it and open the dashboard", "into the keyring")
        pane.type("\r")
        pane.shows(" TEST ", "Plainsong", "Paste an e-mail")
        assert len(pane.lines) == 24
        pane.type("\x11")
        pane.prompts()
        assert "kept" in pane.text
        assert terminal_of(pane) == before
        pane.run("stty -g | cmp - before && billing-tui keys list --mode test", "stripe_key          keyring", "clerk_key           keyring")
        seen = pane.tmux("capture-pane", "-p", "-S", "-").encode() + bytes(terminal.seen) + config.read_bytes()
    assert [secret for secret in secrets[:2] if secret.encode() in seen] == []
