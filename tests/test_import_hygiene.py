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
KEYRING = ("keyring", "secretstorage", "cryptography", "tomlkit")


def loaded_by(module: str, *heavy: str) -> set[str]:
    """Those of the packages that importing a module brings along, in an interpreter of its own."""
    program = PROGRAM.format(module=module, heavy=heavy)
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    return set(ended.stdout.split())


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("billing_tui.cli.main", (*NETWORK, *DATABASE, *SCREENS, *SANDBOX, *KEYRING, "asyncio")),
        ("billing_tui.cli.options", ("stripe", "starlette", "uvicorn", "textual", *DATABASE, *SANDBOX, *KEYRING)),
        ("billing_tui.tui.app", (*NETWORK, *DATABASE, *SANDBOX, *KEYRING)),
        ("billing_tui.diagnosis.rules", ("stripe", "starlette", "uvicorn", "textual", *DATABASE, *SANDBOX)),
        ("billing_tui.settings.safes", (*NETWORK, *DATABASE, *SCREENS, *KEYRING, "asyncio")),
        ("billing_tui.cli.keys", ("stripe", "textual", *DATABASE, *SANDBOX, *KEYRING)),
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


def test_a_keyring_is_not_loaded_while_the_environment_has_every_key() -> None:
    slots = ("STRIPE_KEY", "CLERK_KEY", "WEBHOOK_SECRET", "DATABASE_URL", "DATABASE_WRITE_URL")
    program = (
        "import os, sys\n"
        f"for slot in {slots!r}: os.environ[f'BILLING_TUI_TEST_{{slot}}'] = 'sqlite:x' if 'DATA' in slot else "
        "'whsec_a' if 'HOOK' in slot else 'sk_test_a'\n"
        "os.environ['PYTHON_KEYRING_BACKEND'] = 'no.such.backend'\n"
        "from pathlib import Path\n"
        "from billing_tui.settings.config import config_of\n"
        "from billing_tui.settings.safes import Safes\n"
        "from billing_tui.settings.secrets import SLOTS, find_secret\n"
        "from billing_tui.settings.toml_file import parse_toml\n"
        "config = config_of(parse_toml(Path('config.toml'), '[profiles.a]'))\n"
        "assert all(find_secret(config, 'a', 'test', slot, Safes()) for slot in SLOTS)\n"
        "print(*(name for name in ('keyring', 'cryptography', 'tomlkit', 'secretstorage') if name in sys.modules))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    assert ended.stdout.strip() == ""
