"""`billing-tui sandbox` as a process: one line when ready, a clean end on a signal, plain refusals."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.peers.wire import Wire

PROGRAM = "from billing_tui.cli.sandbox import sandbox; sandbox()"


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", PROGRAM, "--customers", "5", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_it_says_one_line_serves_and_ends_cleanly(number: signal.Signals) -> None:
    with running() as process:
        assert process.stdout is not None
        ready = json.loads(process.stdout.readline())
        wire = Wire(ready["stripe"]["base"], ready["stripe"]["test_key"])
        assert wire.get("/v1/balance")["livemode"] is False
        process.send_signal(number)
        output, errors = process.communicate(timeout=20)
        wire.close()
    assert (process.returncode, output, errors) == (0, "", "")
    assert not Path(ready["config"]).exists()


def test_a_taken_port_is_one_plain_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with running("--port", str(port)) as process:
            output, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert output == ""
    assert errors.count("\n") == 1
    assert f"127.0.0.1:{port}" in errors


def test_it_refuses_to_be_reached_from_outside() -> None:
    with running("--host", "0.0.0.0") as process:  # noqa: S104 - must be refused
        output, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert output == ""
    assert "loopback" in errors
