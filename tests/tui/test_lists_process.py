"""The lists as a process on a terminal: still while nothing happens, and a move costs two lines."""

from collections.abc import Iterator

import pytest

from tests.tui.test_process import Terminal


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal("from billing_tui.cli.demo import demo; demo(['--customers', '30'])")
    yield opened
    opened.close()


def test_an_idle_list_sends_no_byte_and_a_move_sends_few(terminal: Terminal) -> None:
    terminal.until(b"PBF-054")
    assert terminal.falls_still()
    terminal.write(b"\x1b")
    assert terminal.falls_still()
    terminal.write(b"3")
    terminal.until(b"Up to date")
    assert terminal.falls_still()
    terminal.write(b"j")  # the first key also takes away what was said
    assert terminal.falls_still()
    before = len(terminal.seen)
    terminal.write(b"j")
    assert terminal.falls_still()
    assert 0 < len(terminal.seen) - before < 650
