"""The official Stripe CLI, unchanged, as a client of the sandbox."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

PLACES = (os.environ.get("STRIPE_CLI"), shutil.which("stripe"))
INSTALLED = Path(__file__).parents[2] / ".peers" / "node_modules" / ".bin" / "stripe"
PATIENCE = 30


class Cli:
    """The CLI with a key, an address and a home of its own, so that no login of this machine plays a part."""

    def __init__(self, program: str, base: str, key: str, home: Path) -> None:
        self._program = program
        self._tail = ["--api-key", key, "--api-base", base]
        kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
        self._environment = {
            **kept,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home),
            "STRIPE_CLI_TELEMETRY_OPTOUT": "1",
        }

    def run(self, *words: str) -> Any:
        """The JSON that a command prints, after its word on whose account that is."""
        done = subprocess.run(
            [self._program, *words, *self._tail],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{words}: {done.stdout} {done.stderr}"
        return json.loads(done.stdout[done.stdout.index("{") :])


def stripe_cli() -> str:
    """Where it is; skipped by name where it is not, which it may not be in CI."""
    found = next((place for place in (*PLACES, str(INSTALLED)) if place and Path(place).is_file()), None)
    if found is None:
        missing = "the official Stripe CLI is not here: run .ci/peers, or set STRIPE_CLI"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return found
