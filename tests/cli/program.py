"""The `billing-tui` command as a program or a habit meets it: arguments and environment in, exit code and two streams out.

It runs in this process, since loading an interpreter for each of hundreds of runs would take minutes; `as_process` is the
same through a real one.
"""

import io
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any
from unittest.mock import patch

from billing_tui.changes.journal import Journal
from billing_tui.cli.main import run
from billing_tui.sandbox.options import Mode
from billing_tui.sandbox.server import RunningSandbox

Json = dict[str, Any]


@dataclass(frozen=True)
class Ran:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Json:
        """Standard output, which has to be one JSON document and nothing else."""
        found: Json = json.loads(self.out)
        return found

    @property
    def primary(self) -> str | None:
        found: str | None = self.document["verdict"]["primary"]
        return found

    @property
    def complaint(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


class Program:
    """One person's machine: their home, and the keys in their environment, mostly those of a sandbox.

    `env` may be changed: a name set to None is taken out.
    """

    def __init__(self, home: Path, sandbox: RunningSandbox | None = None) -> None:
        self.home = home
        self.sandbox = sandbox
        self.env: dict[str, str] = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("STATE", "CACHE", "CONFIG", "DATA")}
        if sandbox:
            self.env |= keys_of(sandbox.ready) | {"BILLING_TUI_CONFIG": str(self._hurried(sandbox))}

    @property
    def journal(self) -> Journal:
        return Journal(self.home / "state/billing-tui/audit.db")

    def run(self, *arguments: str, **env: str | None) -> Ran:
        """Runs it; `env` are changes for this run alone."""
        out, err = io.StringIO(), io.StringIO()
        code: object = None
        with self._as(("billing-tui", *arguments), env), redirect_stdout(out), redirect_stderr(err):
            try:
                run()
            except SystemExit as end:
                code = end.code
        assert isinstance(code, int)
        return Ran(code, out.getvalue(), err.getvalue())

    def ask(self, *arguments: str, **env: str | None) -> Ran:
        """The same with `--json`."""
        return self.run(*arguments, "--json", **env)

    def as_process(self, *arguments: str, **env: str | None) -> Ran:
        """The same through the installed console script."""
        script = Path(sys.executable).parent / "billing-tui"
        ended = subprocess.run(
            [script, *arguments], env=self._environment(env), capture_output=True, text=True, timeout=30, check=False
        )
        return Ran(ended.returncode, ended.stdout, ended.stderr)

    def configured(self, *changes: tuple[str, str]) -> Path:
        """The sandbox's configuration with texts replaced, in a file of its own."""
        text = Path(self.env["BILLING_TUI_CONFIG"]).read_text(encoding="utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = self.home / f"config-{len(list(self.home.glob('config-*')))}.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def _hurried(self, sandbox: RunningSandbox) -> Path:
        """The sandbox's configuration without its pace, which hundreds of tickets in a row would wait for."""
        path = self.home / "config.toml"
        text = Path(sandbox.ready["config"]).read_text(encoding="utf-8")
        path.write_text(f"{text}\n[profiles.demo.limits]\nstripe_requests_per_second = 1000\n", encoding="utf-8")
        return path

    def _environment(self, changes: Mapping[str, str | None]) -> dict[str, str]:
        outside = {name: value for name, value in os.environ.items() if not name.startswith(("BILLING_TUI_", "XDG_"))}
        return {name: value for name, value in {**outside, **self.env, **changes}.items() if value is not None}

    @contextmanager
    def _as(self, arguments: tuple[str, ...], env: Mapping[str, str | None]) -> Iterator[None]:
        before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}
        with patch.dict(os.environ, self._environment(env), clear=True), patch.object(sys, "argv", list(arguments)):
            try:
                yield
            finally:
                for number, handler in before.items():
                    signal.signal(number, handler)
                _put_log_away()


def keys_of(ready: Json) -> dict[str, str]:
    found: dict[str, str] = {}
    modes: tuple[Mode, Mode] = ("test", "live")
    for mode in modes:
        held = {
            "STRIPE_KEY": ready["stripe"][f"{mode}_key"],
            "CLERK_KEY": ready["clerk"][f"{mode}_key"],
            "WEBHOOK_SECRET": ready["app"]["webhook_secret"][mode],
            "DATABASE_URL": ready["app"]["database_url"][mode],
        }
        found |= {f"BILLING_TUI_{mode.upper()}_{slot}": value for slot, value in held.items()}
    return found


def _put_log_away() -> None:
    """Undoes what a process does once: sending its log to a file of this home."""
    root = logging.getLogger()
    for held in [held for held in root.handlers if isinstance(held, RotatingFileHandler)]:
        root.removeHandler(held)
        held.close()
    logging.captureWarnings(False)
