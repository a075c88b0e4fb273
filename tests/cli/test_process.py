"""The installed command as a process: the same streams and codes as in this process, and signals that end it well."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.office import Office
from tests.cli.shapes import DIAGNOSIS, faults


def test_the_console_script_diagnoses(office: Office) -> None:
    ran = office.program.as_process("diagnose", office.stage("PBF-070")["email"], "--json")
    assert (ran.code, ran.primary, ran.err) == (1, "PBF-070", "")
    assert faults(ran.document, DIAGNOSIS) == []


def test_python_m_is_the_same_program(office: Office) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "billing_tui", "diagnose", "?!", "--json"],
        env={"PATH": "/usr/bin:/bin", **office.program.env},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert ended.returncode == 2
    assert '"usage"' in ended.stdout
    assert "Traceback" not in ended.stderr


def test_output_that_is_no_terminal_has_no_colours(office: Office) -> None:
    ran = office.program.as_process("diagnose", office.stage("PBF-099")["email"])
    assert ran.code == 0
    assert "\x1b" not in ran.out


def test_a_reader_that_goes_away_is_no_failure_to_tell_of(office: Office) -> None:
    script = Path(sys.executable).parent / "billing-tui"
    process = subprocess.Popen(
        [script, "diagnose", office.stage("PBF-099")["email"]],
        env={"PATH": "/usr/bin:/bin", **office.program.env},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    process.stdout.close()
    with process:
        assert process.stderr
        assert process.stderr.read() == ""


@pytest.mark.parametrize(
    ("number", "before"),
    [
        (signal.SIGINT, ""),
        (signal.SIGTERM, ""),
        (signal.SIGHUP, ""),
        # As a shell starts what it runs in the background.
        (signal.SIGTERM, "trap '' INT; "),
        (signal.SIGHUP, "trap '' INT; "),
    ],
)
def test_a_signal_ends_it_at_once_and_without_a_traceback(office: Office, number: signal.Signals, before: str) -> None:
    script = Path(sys.executable).parent / "billing-tui"
    email = office.stage("PBF-099")["email"]
    office.forget()
    with office.outage("stripe", "hang"):
        process = subprocess.Popen(
            [script, "diagnose", email, "--timeout", "20"],
            env={"PATH": "/usr/bin:/bin", **office.program.env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        while not office.seen():
            assert process.poll() is None
        process.send_signal(number)
        out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "Traceback" not in out + err
