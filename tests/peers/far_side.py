"""A far machine, as an admin of a bare server has it: a real sshd on loopback, tmux or screen in it, and one's own terminal here.

The server is the test's own: its port, its keys and whom it lets in; it runs as whoever runs the test.
"""

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.bench.terminal import Terminal
from tests.peers.database_servers import free_port, is_answering

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0
SIZE = (80, 25)
"""Columns and rows at home; tmux takes the last row for its own line, so that 80 by 24 are left."""
_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {home}/host
PidFile none
AuthorizedKeysFile {home}/user.pub
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
AllowUsers {user}
PrintMotd no
PrintLastLog no
"""


def sshd() -> str:
    """The server's program. Raises `FileNotFoundError` where it, or what is used through it, is not installed."""
    found = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    for name in ("ssh", "ssh-keygen", "tmux"):
        found = found if shutil.which(name) else None
    if not found:
        raise FileNotFoundError("openssh-server, openssh-client or tmux is not installed")
    return found


def wants(program: str) -> None:
    """Skips the test, by name, where a program is not installed, which none may be in CI."""
    if not shutil.which(program, path=f"{os.environ['PATH']}:/usr/sbin"):
        if os.environ.get("CI") == "true":
            raise FileNotFoundError(program)
        pytest.skip(f"{program} is not installed")


class Far:
    """The server, and what one does through it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.user = getpass.getuser() if os.geteuid() else pwd.getpwuid(0).pw_name
        self.port = free_port()
        for name in ("host", "user"):
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", home / name], check=True)
        (home / "sshd_config").write_text(_CONFIG.format(port=self.port, home=home, user=self.user), encoding="utf-8")
        (home / "tmux.conf").write_text("set -g status-interval 0\n", encoding="utf-8")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # where the server of this machine was never started
        self.process = subprocess.Popen(
            [sshd(), "-D", "-E", home / "sshd.log", "-f", home / "sshd_config"], stdin=subprocess.DEVNULL
        )
        wait_for(lambda: is_answering(self.port), "sshd")

    @property
    def socket(self) -> Path:
        """Where the far tmux listens."""
        return self.home / "tmux"

    @property
    def tmux(self) -> str:
        """A shell in tmux, in the far shell's words."""
        return f"exec tmux -S {self.socket} -f {self.home / 'tmux.conf'} new-session -A -s far sh"

    def stop(self) -> None:
        """Ends it with everything that was started on it."""
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True, check=False)
        buses = self.home / "bus.pid"
        for pid in buses.read_text(encoding="utf-8").split() if buses.exists() else ():
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)
        self.process.terminate()
        self.process.wait(PATIENCE)

    def script(self, name: str, env: Mapping[str, str], *lines: str) -> Path:
        """What is done on the far side, in an environment of its own, which is in no argument."""
        given = [f"export {key}='{value}'" for key, value in env.items()]
        path = self.home / f"{name}.sh"
        path.touch(0o700)
        path.write_text("\n".join(["unset DBUS_SESSION_BUS_ADDRESS", *given, *lines]) + "\n", encoding="utf-8")
        return path

    def connect(self, script: Path, size: tuple[int, int] = SIZE) -> Terminal:
        """A terminal at home that is connected, and does this on the far side."""
        known = f"[127.0.0.1]:{self.port} {(self.home / 'host.pub').read_text(encoding='utf-8')}"
        (self.home / "known").write_text(known, encoding="utf-8")
        options = [f"UserKnownHostsFile={self.home / 'known'}", "IdentitiesOnly=yes", "BatchMode=yes"]
        command = ["ssh", "-tt", "-F", "none", "-p", str(self.port), "-i", str(self.home / "user")]
        for option in options:
            command += ["-o", option]
        outside = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        return Terminal([*command, f"{self.user}@127.0.0.1", f"exec sh {script}"], outside, size)


def far_env(far: Far, sandbox: RunningSandbox) -> dict[str, str]:
    """Somebody's machine with the sandbox's configuration, and no keys."""
    home = {f"XDG_{name}_HOME": str(far.home / name.lower()) for name in ("STATE", "CACHE", "CONFIG", "DATA")}
    return {
        **home,
        "HOME": str(far.home),
        "XDG_RUNTIME_DIR": str(far.home),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
        "BILLING_TUI_CONFIG": str(sandbox.ready["config"]),
    }


class Pane:
    """What runs in tmux on the far side, looked at and typed into through the connection."""

    def __init__(self, terminal: Terminal, socket: Path) -> None:
        self.terminal = terminal
        self._socket = socket
        self._ran = 0

    def tmux(self, *command: str) -> str:
        """A command of tmux's own, given on the far side."""
        ended = subprocess.run(
            ["tmux", "-S", self._socket, *command], capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return ended.stdout

    @property
    def lines(self) -> list[str]:
        """The screen as tmux has drawn it."""
        return self.tmux("capture-pane", "-p").rstrip("\n").split("\n")

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def type(self, keys: str) -> None:
        """Keys, pressed at home."""
        self.terminal.write(keys)

    def paste(self, text: str) -> None:
        """As a terminal sends what is pasted."""
        self.terminal.write(f"\x1b[200~{text}\x1b[201~")

    def prompts(self) -> None:
        """Waits for the shell."""
        wait_for(lambda: self.lines[-1] in ("$", "#"), "the shell", self)

    def shows(self, *texts: str) -> None:
        """Waits until all of these are on the screen."""
        wait_for(lambda: all(text in self.text for text in texts), " and ".join(texts), self)

    def hides(self, text: str) -> None:
        """Waits until this is on the screen no longer."""
        wait_for(lambda: text not in self.text, f"no {text}", self)

    def run(self, command: str, *shows: str) -> None:
        """Types a command at the shell's prompt, on a clean screen, and waits for what it says."""
        self.prompts()
        self._ran += 1
        self.type(f"clear; echo {self._ran}.; {command}\r")
        wait_for(lambda: self.lines[0] == f"{self._ran}.", command, self)
        self.shows(*shows)


def wait_for(condition: Callable[[], bool], what: str, pane: Pane | None = None) -> None:
    """Waits for something to become so, reading what comes home meanwhile; fails with the screen where it does not."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain for {what}:\n{pane.text if pane else ''}"
        if pane:
            pane.terminal.read(0.02)
        else:
            time.sleep(0.02)
