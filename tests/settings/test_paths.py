"""Places on disk follow the environment and are private."""

import os
import stat
from pathlib import Path

import pytest

from billing_tui.model.problem import BadUsage
from billing_tui.settings import paths


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / "home" / name.lower()))


def test_configuration_file_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert paths.config_file() == tmp_path / "home/config/billing-tui/config.toml"
    monkeypatch.setenv("BILLING_TUI_CONFIG", str(tmp_path / "other.toml"))
    assert paths.config_file() == tmp_path / "other.toml"


def test_asking_for_the_configuration_makes_nothing(tmp_path: Path) -> None:
    paths.config_file()
    assert not (tmp_path / "home").exists()


def test_what_is_made_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        made = [paths.state_dir(), paths.cache_dir(), paths.log_file().parent]
        log = paths.log_file()
    finally:
        os.umask(before)
    assert [mode(path) for path in made] == [0o700] * 3
    assert mode(log) == 0o600
    assert mode(tmp_path / "home" / "state") == 0o700
    assert log.name == "billing-tui.log"


def test_what_stood_open_is_closed() -> None:
    paths.state_dir().chmod(0o755)
    paths.log_file().chmod(0o644)
    assert mode(paths.state_dir()) == 0o700
    assert mode(paths.log_file()) == 0o600


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("in the way")
    with pytest.raises(BadUsage, match="cannot be used") as caught:
        paths.state_dir()
    assert caught.value.code == "no_place"
