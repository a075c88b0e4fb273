"""What the tests of the command, of diagnoses and of writes share, and the sweep that ends a run."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.office import Office, opened

_SECRET = re.compile(rb"(?:[rs]k_(?:test|live)_|whsec_)\w{20,}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A sandbox without causes that the tests of one module share."""
    with opened(tmp_path_factory.mktemp("home")) as office:
        yield office


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Sweeps all that the program has kept in a whole run: no key and no signing secret may be in any of it.

    What a test configures is its own matter, so the configuration is left out; the vault is a place for secrets, and is closed.
    """
    factory = getattr(session.config, "_tmp_path_factory", None)
    if factory is None or hasattr(session.config, "workerinput"):
        return  # whoever started the workers sweeps for them all
    hits = [path for path in _kept(factory.getbasetemp()) if _SECRET.search(path.read_bytes())]
    if hits:
        sys.stderr.write("".join(f"\nA secret was left behind in {path}" for path in hits) + "\n")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _kept(base: Path) -> Iterator[Path]:
    for place in base.rglob("billing-tui"):
        if place.is_dir():
            yield from (path for path in place.rglob("*") if path.is_file() and path.name != "config.toml")
