"""The bare command without a profile, as a process: a screen where there is somebody to ask, two sentences where there is not."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.test_process import Terminal

PROGRAM = "import sys; from billing_tui.cli.main import main; sys.argv = ['billing-tui']; main()"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("BILLING_TUI_", "DBUS_"))}
    return {**kept, "BILLING_TUI_CONFIG": str(tmp_path / "none" / "config.toml")}


@pytest.fixture
def terminal(environment: dict[str, str]) -> Iterator[Terminal]:
    opened = Terminal(PROGRAM, environment)
    yield opened
    opened.close()


def test_it_offers_both_ways_lies_still_and_leaves_no_trace(terminal: Terminal, tmp_path: Path) -> None:
    terminal.until(b"Try the demo")
    assert b"Set up a profile" in terminal.seen
    assert terminal.falls_still()
    terminal.write(b"\x1b")
    terminal.until(b"\x1b[?1049l")
    assert terminal.process.wait(20) == 0
    assert b"Traceback" not in terminal.seen
    assert not (tmp_path / "none").exists()


def test_the_demo_opens_from_there(terminal: Terminal) -> None:
    terminal.until(b"Try the demo")
    terminal.write(b"j\r")
    terminal.until(b"PBF-054")
    assert terminal.seen.count(b"\x1b[?1049") == 1, "the shell was to be seen between the two windows"
    terminal.write(b"lena@kornfeld.example\r")
    terminal.until(b"live at")
    terminal.write(b"yC")
    terminal.until(b"Enter goes back")
    terminal.write(b"\r")
    while terminal.seen.count(b"\x1b[?1049h") < 2:
        assert terminal.read(20), "the window does not come back"
    terminal.write(b"\x11")
    while terminal.seen.count(b"\x1b[?1049l") < 2:
        assert terminal.read(20), "the terminal is not given back"
    terminal.until(b"\x1b[?25h")
    assert terminal.process.wait(20) == 0


def test_with_nobody_to_ask_it_says_what_is_missing(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "There is no configuration at" in ended.stderr
    assert "billing-tui profile init" in ended.stderr


def test_the_first_screen_loads_no_service() -> None:
    program = (
        "import sys, billing_tui.setup.draft, billing_tui.tui.setup.app; print(*{name.partition('.')[0] for name in sys.modules})"
    )
    loaded = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True).stdout.split()
    assert "textual" in loaded
    assert not {"stripe", "httpx", "sqlalchemy", "starlette", "keyring", "cryptography", "tomlkit", "click"} & set(loaded)
