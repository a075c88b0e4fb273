"""Keys over a real sshd, in tmux, with every keyring such a machine may have: set, found, checked and deleted."""

import os
import signal
from collections.abc import Iterator

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.peers.far_side import Far, Pane, far_env, wants

pytestmark = pytest.mark.peer

BUS = (
    "set -- $(dbus-daemon --session --fork --print-address=1 --print-pid=1)",
    "export DBUS_SESSION_BUS_ADDRESS=$1",
    "echo $2 >> bus.pid",
)
OPEN = "printf '{}' | gnome-keyring-daemon --unlock --components=secrets > /dev/null"
ASK_PID = (
    "from contextlib import closing; import secretstorage; from jeepney.bus_messages import message_bus; "
    "bus = secretstorage.dbus_init(); "
    "print(bus.send_and_get_reply(message_bus.GetConnectionUnixProcessID('org.freedesktop.secrets')).body[0])"
)
STOPPED = "kill -STOP $(python ask_pid.py | tee stopped.pid)"
PASSPHRASE = "correct horse"
UNLOCKED = (*BUS, OPEN.format(PASSPHRASE))
KEYRINGS: dict[str, tuple[str, ...]] = {
    "unlocked": UNLOCKED,
    "locked": (*UNLOCKED, "kill $2", *BUS, OPEN.format("wrong")),
    "hangs": (*UNLOCKED, STOPPED),
    "nobody on the bus": BUS,
    "no bus": (),
    "null backend": ("export PYTHON_KEYRING_BACKEND=keyring.backends.null.Keyring",),
}
SAYS = {
    "locked": "The keyring is locked",
    "hangs": "did not answer within 1 s",
    "nobody on the bus": "No keyring is running",
    "no bus": "No D-Bus session",
    "null backend": "switched off",
}


@pytest.fixture(params=KEYRINGS)
def keyring(request: pytest.FixtureRequest, far: Far) -> Iterator[str]:
    """What the far machine has for a keyring."""
    if request.param not in ("no bus", "null backend"):
        wants("gnome-keyring-daemon")
    yield str(request.param)
    stopped = far.home / "stopped.pid"
    if stopped.exists():
        os.kill(int(stopped.read_text(encoding="utf-8")), signal.SIGCONT)


def test_set_found_checked_deleted(far: Far, sandbox: RunningSandbox, keyring: str) -> None:
    key = sandbox.ready["stripe"]["test_key"]
    (far.home / "ask_pid.py").write_text(ASK_PID, encoding="utf-8")
    script = far.script("far", far_env(far, sandbox), f"cd {far.home}", *KEYRINGS[keyring], far.tmux)
    place = "keyring" if keyring == "unlocked" else "vault"
    with far.connect(script) as terminal:
        pane = Pane(terminal, far.socket)
        pane.prompts()
        pane.run("billing-tui keys set stripe_key", "stripe_key for test mode")
        pane.type(f"{key}\r")
        if place == "vault":
            pane.shows("New passphrase")
            pane.type(f"{PASSPHRASE}\r")
            pane.shows("Repeat")
            pane.type(f"{PASSPHRASE}\r")
        pane.shows(f"in the {place}: sk_test_…{key[-4:]}", "Plainsong")
        pane.run("billing-tui keys list", place)
        for command in ("check", "delete"):
            pane.run(f"billing-tui keys {command} stripe_key")
            if place == "vault":
                pane.shows("Passphrase of the vault")
                pane.type(f"{PASSPHRASE}\r")
            pane.shows("Plainsong" if command == "check" else f"from the {place}")
        if keyring in SAYS:
            pane.run("billing-tui doctor 2>&1 | grep 'keyring '", SAYS[keyring])
        assert key not in pane.tmux("capture-pane", "-p", "-S", "-")
        assert key.encode() not in terminal.seen
