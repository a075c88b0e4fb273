"""What is loaded before it is needed: nothing heavy on the way to a first screen or an error message."""

import subprocess
import sys

import pytest

PROGRAM = """
import sys
import {module}
heavy = {heavy!r}
print(" ".join(sorted(name for name in heavy if name in sys.modules)))
"""
NETWORK = ("stripe", "httpx", "starlette", "uvicorn")
DATABASE = ("sqlalchemy", "sqlite_utils")
SCREENS = ("textual", "rich")
SANDBOX = ("billing_tui.sandbox",)


def loaded_by(module: str, *heavy: str) -> set[str]:
    """Those of the packages that importing a module brings along, in an interpreter of its own."""
    program = PROGRAM.format(module=module, heavy=heavy)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("billing_tui.cli.main", (*NETWORK, *DATABASE, *SCREENS, *SANDBOX, "asyncio")),
        ("billing_tui.cli.options", ("stripe", "starlette", "uvicorn", "textual", *DATABASE, *SANDBOX)),
        ("billing_tui.tui.app", (*NETWORK, *DATABASE, *SANDBOX)),
        ("billing_tui.diagnosis.rules", ("stripe", "starlette", "uvicorn", "textual", *DATABASE, *SANDBOX)),
        ("billing_tui.settings.config", (*NETWORK, *DATABASE, *SCREENS, *SANDBOX, "asyncio")),
        ("billing_tui.model.diagnosis", (*NETWORK, *DATABASE, *SCREENS, *SANDBOX, "asyncio", "socket", "sqlite3", "click")),
        ("billing_tui.changes.journal", (*NETWORK, *DATABASE, *SCREENS, *SANDBOX, "sqlite3")),
    ],
)
def test_a_module_loads_nothing_heavy_that_it_may_not_need(module: str, heavy: tuple[str, ...]) -> None:
    assert loaded_by(module, *heavy) == set()


def test_help_loads_no_command() -> None:
    program = (
        "import sys\nfrom billing_tui.cli.main import main\nsys.argv = ['billing-tui', '--version']\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(' '.join(name for name in ('stripe', 'httpx', 'textual', 'sqlalchemy') if name in sys.modules), 'loaded')"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.splitlines()[-1].strip() == "loaded"


def test_the_measure_sees_what_is_loaded() -> None:
    assert loaded_by("billing_tui.services.http", "httpx", "stripe") == {"httpx"}
