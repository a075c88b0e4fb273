"""The dashboard over a real sshd: in tmux and bare, at 80 by 24; what a lost connection leaves, and how a copy comes home."""

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.cli.net import Net
from tests.cli.program import keys_of
from tests.peers.conftest import CUSTOMERS
from tests.peers.far_side import Far, Pane, far_env, wait_for, wants
from tests.peers.test_keys_over_ssh import UNLOCKED

pytestmark = pytest.mark.peer

STATE = "#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{wrap_flag} #{bracket_paste_flag}"


def with_keys(far: Far, sandbox: RunningSandbox) -> dict[str, str]:
    """Somebody's machine with every key in the environment."""
    return far_env(far, sandbox) | keys_of(sandbox.ready)


def terminal_of(pane: Pane) -> str:
    """What tmux knows of the state in which programs have left the terminal."""
    return pane.tmux("display-message", "-p", STATE)


def test_from_the_first_run_through_the_keyring_to_the_dashboard_and_back(far: Far, sandbox: RunningSandbox) -> None:
    wants("gnome-keyring-daemon")
    ready, config = sandbox.ready, far.home / "new" / "config.toml"
    env = far_env(far, sandbox) | {"BILLING_TUI_CONFIG": str(config)}
    secrets = [ready["stripe"]["test_key"], ready["clerk"]["test_key"], ready["app"]["database_url"]["test"]]
    script = far.script("far", env, f"cd {far.home}", *UNLOCKED, far.tmux)
    net = Net(dict(zip(("Stripe", "Clerk"), secrets, strict=False)))
    with far.connect(script) as terminal, net.over_arguments() as in_arguments:
        pane = Pane(terminal, far.socket)
        pane.run("stty -g > before")
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
        assert pane.lines == ["2.", pane.lines[-1]]
        assert terminal_of(pane) == before
        pane.run(
            "stty -g | cmp - before && billing-tui keys list --mode test",
            "stripe_key          keyring",
            "clerk_key           keyring",
        )
        seen = pane.tmux("capture-pane", "-p", "-S", "-").encode() + bytes(terminal.seen) + config.read_bytes()
    assert in_arguments + net.caught("what was seen, or the configuration", seen) == []


@pytest.mark.parametrize("heard", [True, False], ids=["with a signal", "without one"])
def test_a_connection_that_breaks_ends_it_and_loses_nothing(far: Far, sandbox: RunningSandbox, heard: bool) -> None:
    """A shell that keeps the signal to itself leaves a dashboard whose terminal is gone without a word."""
    env = with_keys(far, sandbox)
    started = "sh -c 'echo $$ > pid; exec billing-tui'"
    script = far.script("far", env, f"cd {far.home}", *([started] if heard else ["trap : HUP", f"{started}; echo $? > code"]))
    with far.connect(script, (80, 24)) as terminal:
        terminal.until("Paste an e-mail")
        terminal.write("\x1b")
        terminal.still()
        terminal.write("2\x12")
        terminal.until("Reading test from Stripe")
        running = Path("/proc") / (far.home / "pid").read_text(encoding="utf-8").strip()
        assert running.exists()
        terminal.process.kill()
        wait_for(lambda: not running.exists(), "the end of the dashboard")
    if not heard:
        wait_for((far.home / "code").exists, "the shell")
        assert (far.home / "code").read_text(encoding="utf-8") == "0\n"
    assert "Traceback" not in (far.home / "state/billing-tui/log/billing-tui.log").read_text(encoding="utf-8")
    ended = subprocess.run(["billing-tui", "sync", "--json"], env=env, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(ended.stdout)["rows"]["customers"] >= CUSTOMERS


def test_in_tmux_the_connection_may_come_and_go_and_the_window_be_closed(far: Far, sandbox: RunningSandbox) -> None:
    script = far.script("far", with_keys(far, sandbox), f"cd {far.home}", far.tmux)
    with far.connect(script) as terminal:
        pane = Pane(terminal, far.socket)
        pane.run("sh -c 'echo $$ > pid; exec billing-tui'", "Paste an e-mail")
        pane.type("\x1b")
        pane.shows("/ new ticket")
        pane.type("4")
        pane.hides("/ new ticket")
        terminal.process.kill()
    running = Path("/proc") / (far.home / "pid").read_text(encoding="utf-8").strip()
    with far.connect(script) as terminal:
        terminal.until("4 Tiers")
        assert running.exists()
        Pane(terminal, far.socket).tmux("kill-pane")
        wait_for(lambda: not running.exists(), "the end of the dashboard")
    assert "Traceback" not in (far.home / "state/billing-tui/log/billing-tui.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("between", ["nothing", "tmux", "screen"])
def test_a_copy_comes_home(far: Far, sandbox: RunningSandbox, between: str) -> None:
    """By OSC 52 where it is let through; everywhere on the bare terminal, whole, in lines that are no longer cut."""
    (far.home / "tmux.conf").write_text("set -s set-clipboard on\n", encoding="utf-8")
    (far.home / "screenrc").write_text("startup_message off\n", encoding="utf-8")
    through = {
        "nothing": "exec billing-tui",
        "tmux": f"exec tmux -S {far.socket} -f {far.home / 'tmux.conf'} new-session -s far billing-tui",
        "screen": f"SCREENDIR={far.home} exec screen -U -c {far.home / 'screenrc'} billing-tui",
    }
    if between == "screen":
        wants("screen")
    script = far.script("far", with_keys(far, sandbox), f"cd {far.home}", through[between])
    email = next(str(one["email"]) for one in sandbox.ready["examples"] if one.get("mode", "test") == "test")
    with far.connect(script) as terminal:
        terminal.until("Paste an e-mail")
        terminal.write(f"{email}\r")
        terminal.until("live at")
        terminal.write("c")
        terminal.until("Copied the evidence")
        if between != "screen":
            found = bytes(terminal.seen).rpartition(b"\x1b]52;")[2]
            text = base64.b64decode(found.partition(b";")[2].partition(b"\x07")[0].partition(b"\x1b")[0]).decode()
            assert email in text
        terminal.write("C")
        terminal.until("Enter goes back")
        terminal.write("\r")
        terminal.until("live at")
        terminal.write("q")
        assert terminal.process.wait(20) == 0
