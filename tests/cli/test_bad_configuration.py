"""A configuration that is broken in any way: exit 2, the place and the nearest right thing, never a traceback."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.program import Program
from tests.settings.test_config import FULL

MODE = "[profiles.a.live]\n"
PROFILE = "[profiles.a]\n"
LINES = FULL.splitlines()
HEADERS = [line for line in LINES if line.startswith("[")]
SETTINGS = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None)


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(tmp_path)


def refused(program: Program, data: bytes) -> str:
    """What is said of a file with this in it; "" where it opens."""
    path = program.home / "config.toml"
    path.write_bytes(data)
    ran = program.ask("list", "customers", BILLING_TUI_CONFIG=str(path))
    assert "Traceback" not in ran.out + ran.err
    assert ran.code in (0, 2), ran.err
    if ran.code == 0:
        return ""
    error = ran.document["error"]
    assert ran.err.splitlines() == [error["message"], error["hint"]]
    assert (error["message"] + error["hint"]).isprintable()
    assert "config.toml" in error["message"]
    assert error["hint"]
    return f"{error['message']} {error['hint']}".replace(f"{path}, ", "")


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("x = " + "[" * 5000, "line 1", "brackets in brackets"),
        ("y = 1\nx = " + "{a=" * 3000, "line 2", "brackets in brackets"),
        (PROFILE + "limits.stripe_reads_per_day = " + "9" * 5000, "line 2", "thousands of digits"),
        (PROFILE + "limits.stripe_reads_per_day = 99999999999999999999", "line 2", "at most"),
        ("[[profiles.a]]", "line 1", "Write [profiles.a]"),
        ("[profiles.a]\n[profiles.a]", "line 2", "cannot declare"),
        ("[acme.live]", "line 1: acme ", "profiles"),
        ("[live]", "line 1: live ", "belongs under [profiles.<name>]"),
        ("[profiles.a.production]", "line 1: profiles.a.production ", "“live”"),
        (PROFILE + "readOnly = true", "line 2: profiles.a.readOnly ", "“read_only”"),
        (PROFILE + "table = 'users'", "line 2: profiles.a.table ", "[profiles.<name>.<mode>.database]"),
        (PROFILE + "scope = 'organisation'", "line 2: profiles.a.scope ", "“organization”"),
        (PROFILE + "read_only = yes", "line 2, column 13", "not TOML"),
        (PROFILE + "tiers = [“free”]", "line 2, column 10", "not TOML"),
        ("profiles:\n  a:\n    read_only: true", "line 1, column 9", "not TOML"),
        ('{"profiles": {"a": {}}}', "line 1, column 1", "not TOML"),
        (MODE + "stripe_key = 'sk_live_51RkQwErTyUiOp4f2a'", "line 2: profiles.a.live.stripe_key ", "keys set stripe_key"),
        (MODE + "secrets.stripe_key = { env = 'X' }", "line 2: profiles.a.live.secrets.stripe_key.env ", "command"),
        ("#" * 1_000_001, "", "longer than any configuration"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_the_place_and_the_nearest_right_thing_are_named(program: Program, text: str, place: str, says: str) -> None:
    said = refused(program, text.encode())
    assert said.startswith(place)
    assert says in said
    assert "51RkQw" not in said


def test_a_mark_at_the_beginning_and_the_ends_of_lines_of_other_systems_are_fine(program: Program) -> None:
    assert refused(program, FULL.replace("\n", "\r\n").encode("utf-8-sig")) == ""


@pytest.mark.parametrize("path", ["/", "/dev/zero", "/nowhere/config.toml", "/" + "x" * 5000])
def test_what_is_no_file_is_said_so(program: Program, path: str) -> None:
    ran = program.run("list", "customers", "--config", path)
    assert (ran.code, len(ran.complaint)) == (2, 2)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A good configuration with one or two lines as they come from tired hands, or from somewhere else."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 2))):
        at = draw(st.integers(0, len(lines) - 1))
        line, other = lines[at], draw(st.sampled_from(lines))
        key, _, value = line.partition("=")
        lines[at : at + 1] = draw(
            st.sampled_from([
                [], [line, line], [other], [line, other], [line.title()], [line.replace("_", "-")], [line.replace('"', "")],
                [line.replace('"', "'")], [line.replace("=", ":")], [line[: len(line) // 2]], [line[len(line) // 2 :]],
                [f"{key}= {{ x = {value} }}"], [f"{key}= [{value}]"], [f"{key}= 1979-05-27"], [f"{key}= -0x7fffffffffffffff"],
                [f"{key}= nan"], [f'{key}= """'], [f"x.{line}"], [f"{line}\x00"], [f"{line}\x1b[31m"],
                [draw(st.sampled_from(HEADERS)), line], [f"[{line}]"], [line.replace("]", "")], [f"{line}\ud800"],
            ])
        )  # fmt: skip
    return "\n".join(lines).encode("utf-8", "surrogatepass")


@SETTINGS
@given(data=damaged())
def test_whatever_was_done_to_it_it_opens_or_says_what_is_wrong(program: Program, data: bytes) -> None:
    refused(program, data)


@SETTINGS
@given(data=st.binary(max_size=60), at=st.integers(0, len(FULL)))
def test_bytes_from_anywhere_are_no_traceback(program: Program, data: bytes, at: int) -> None:
    text = FULL.encode()
    refused(program, text[:at] + data + text[at:])
