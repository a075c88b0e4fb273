"""Where a run measures: a home of its own, the program as people start it, and servers and caches for it."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from billing_tui.model.profile import Profile
from billing_tui.settings.config import load_config

ROOT = Path(__file__).parents[2]
ACCOUNT = "acct_1Bench00000000"
_CONFIG = f"""
default_profile = "bench"

[profiles.bench]
tiers = ["free", "starter", "pro", "enterprise"]

[profiles.bench.test]
stripe_account = "{ACCOUNT}"
clerk_plan_field = ""
"""
_NUMBERS = count(1)


def say(text: str) -> None:
    """To whoever waits, beside the table."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Ground:
    """A run's own directory."""

    home: Path

    def config(self) -> Path:
        """A profile without keys: its dashboard can only read the cache."""
        path = self.home / "config.toml"
        path.write_text(_CONFIG, encoding="utf-8")
        return path

    def profile(self) -> Profile:
        """The same, loaded."""
        return load_config(self.config()).open(None, "test")

    def state(self) -> Path:
        """A directory that nobody has written to."""
        path = self.home / f"state-{next(_NUMBERS)}"
        path.mkdir()
        return path

    def environment(self, **more: str) -> dict[str, str]:
        """A person's, with nothing of this machine's own settings, and a home of its own for what the program keeps."""
        state = self.state()
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("BILLING_TUI_", "XDG_", "TEXTUAL", "PYTHONDONTWRITE")) and name not in ("NO_COLOR", "TMUX")
        }
        homes = {f"XDG_{name}_HOME": str(state / name.lower()) for name in ("STATE", "CACHE", "CONFIG", "DATA")}
        return {**kept, **homes, "BILLING_TUI_CONFIG": str(self.config()), "PYTHONPATH": str(ROOT), **more}


def program() -> list[str]:
    """`billing-tui`, as installed beside this interpreter."""
    return [str(Path(sys.executable).parent / "billing-tui")]


def python(module: str, *arguments: str) -> list[str]:
    """A program of this package."""
    return [sys.executable, "-m", f"tests.bench.{module}", *arguments]


def keys_of(ready: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The keys of a sandbox's test mode, as environment."""
    return {
        "BILLING_TUI_TEST_STRIPE_KEY": ready["stripe"]["test_key"],
        "BILLING_TUI_TEST_CLERK_KEY": ready["clerk"]["test_key"],
    }
