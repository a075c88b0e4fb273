"""The dashboard as a process on a terminal: what it loads, what it sends while nothing happens, and how it ends."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping
from time import monotonic, sleep

import pytest

QUIET = 1.5
"""Seconds of silence that count as still."""
FULL = 4000
"""Bytes that a pseudo-terminal holds when nobody reads it."""


class Terminal:
    """A program on a pseudo-terminal of 80 by 24."""

    def __init__(self, program: str, env: Mapping[str, str] = os.environ, *, term: str = "xterm-256color") -> None:
        self._fd, end = pty.openpty()
        environment = {**env, "TERM": term, "COLUMNS": "80", "LINES": "24"}
        self.process = subprocess.Popen(
            [sys.executable, "-c", program], stdin=end, stdout=end, stderr=end, env=environment, start_new_session=True
        )
        os.close(end)
        self.seen = b""

    def read(self, patience: float) -> bytes:
        """What comes next, or nothing when it stays silent for so long."""
        ready, _, _ = select.select([self._fd], [], [], patience)
        try:
            new = os.read(self._fd, 65536) if ready else b""
        except OSError:  # the program has closed its end
            new = b""
        self.seen += new
        return new

    def until(self, text: bytes) -> None:
        deadline = monotonic() + 30
        while text not in self.seen:
            assert monotonic() < deadline, self.seen[-2000:]
            self.read(1)

    def falls_still(self) -> bool:
        """Whether it stops sending before long."""
        deadline = monotonic() + 10
        while self.read(QUIET):
            if monotonic() > deadline:
                return False
        return True

    def write(self, keys: bytes) -> None:
        os.write(self._fd, keys)

    def hang_up(self) -> None:
        """Goes away once the line is full of what nobody has read."""
        deadline = monotonic() + 20
        while int.from_bytes(fcntl.ioctl(self._fd, termios.FIONREAD, bytes(4)), sys.byteorder) < FULL:
            assert monotonic() < deadline, "it writes nothing more"
            sleep(0.05)
        os.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self._fd >= 0:
            os.close(self._fd)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal("from billing_tui.cli.demo import demo; demo(['--customers', '3'])")
    yield opened
    opened.close()


def test_an_idle_screen_sends_no_byte(terminal: Terminal) -> None:
    terminal.until(b"PBF-054")
    assert terminal.falls_still()
    terminal.write(b"lena@kornfeld.example\r")
    terminal.until(b"live at")
    assert terminal.falls_still()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_cleanly(terminal: Terminal, number: signal.Signals) -> None:
    terminal.until(b"PBF-054")
    terminal.process.send_signal(number)
    terminal.until(b"\x1b[?1049l")
    assert terminal.process.wait(20) == 0
    assert b"Traceback" not in terminal.seen


def test_a_terminal_that_takes_nothing_more_and_is_then_gone_ends_it(terminal: Terminal) -> None:
    """A line that has broken somewhere on the way: first nothing gets through, then the far end gives up, and no signal comes."""
    terminal.until(b"PBF-054")
    terminal.write(b"\x1b" + b"2345" * 60)
    terminal.hang_up()
    assert terminal.process.wait(20) == 0


def test_the_screens_load_no_service() -> None:
    program = "import sys, billing_tui.tui.app; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "textual" in loaded
    assert not {"stripe", "httpx", "sqlalchemy", "starlette", "uvicorn", "click"} & set(loaded)
