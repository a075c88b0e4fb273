"""What a terminal is sent that can show few colours, or whose owner wants none: nothing that it could not show."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.test_first_run_process import PROGRAM
from tests.tui.test_process import Terminal

SGR = re.compile(rb"\x1b\[([0-9;]*)m")
HUES = re.compile(rb"(?:^|;)(?:3[1-6]|4[1-6]|9[1-6]|10[1-6])(?:;|$)")
GREYS = {*range(232, 256), 0, 7, 8, 15, 16, 231}


@pytest.fixture
def seen(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[bytes]]:
    """The styles of the first screen in an environment."""
    outside = {name: value for name, value in os.environ.items() if name not in ("COLORTERM", "NO_COLOR")}
    env = {**outside, "BILLING_TUI_CONFIG": str(tmp_path / "none.toml"), **request.param}
    terminal = Terminal(PROGRAM, env, term=request.param.get("TERM", "xterm-256color"))
    terminal.until(b"Nothing is written")
    yield SGR.findall(terminal.seen)
    terminal.close()


@pytest.mark.parametrize(
    "seen", [{"TERM": "xterm"}, {"TERM": "screen"}, {"TERM": "linux"}], indirect=True, ids=lambda env: env["TERM"]
)
def test_sixteen_colours_are_the_terminals_own(seen: list[bytes]) -> None:
    assert any(HUES.search(style) for style in seen)
    assert not [style for style in seen if b"8;5;" in style or b"8;2;" in style]


@pytest.mark.parametrize("seen", [{"TERM": "xterm-256color"}], indirect=True, ids=["256"])
def test_over_ssh_most_have_256(seen: list[bytes]) -> None:
    assert any(b"38;5;" in style for style in seen)
    assert not [style for style in seen if b"8;2;" in style]


@pytest.mark.parametrize("seen", [{"TERM": "xterm", "NO_COLOR": "1"}, {"NO_COLOR": "1"}], indirect=True, ids=["16", "256"])
def test_no_colour_is_no_hue(seen: list[bytes]) -> None:
    assert seen
    assert not [style for style in seen if b";5;" not in style and HUES.search(style)]
    assert {int(number) for style in seen for number in re.findall(rb"8;5;(\d+)", style)} <= GREYS
