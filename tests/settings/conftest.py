"""A configuration of a test's own: a real file in a directory of its own, and no secrets from outside."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from billing_tui.settings.config import Config, load_config

Written = Callable[[str], Config]


@pytest.fixture(autouse=True)
def _nothing_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("BILLING_TUI_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """Writes a configuration and loads it."""

    def write(text: str) -> Config:
        path = tmp_path / "config.toml"
        path.write_text(text, encoding="utf-8")
        return load_config(path)

    return write
