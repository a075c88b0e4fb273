"""Where things are kept on this machine, private to the person who runs the tool.

`platformdirs` decides, `XDG_*` is honoured. What is made here is made for its owner alone: the cache and the journal
hold other people's names. Nothing in here knows what the files contain.
"""

import os
from pathlib import Path

import platformdirs

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean

_APP = "billing-tui"
_OTHERS = 0o077


def config_file() -> Path:
    """`$BILLING_TUI_CONFIG`, else the file in the user's configuration directory. It may not exist."""
    named = os.environ.get("BILLING_TUI_CONFIG")
    return Path(named).expanduser() if named else platformdirs.user_config_path(_APP, appauthor=False) / "config.toml"


def state_dir() -> Path:
    """What must outlive the cache: the journal and the plans that wait to be applied."""
    return private_dir(platformdirs.user_state_path(_APP, appauthor=False))


def cache_dir() -> Path:
    """What may be deleted at any time."""
    return private_dir(platformdirs.user_cache_path(_APP, appauthor=False))


def log_file() -> Path:
    """The log of what the tool did, made empty where there is none."""
    return private_file(private_dir(platformdirs.user_log_path(_APP, appauthor=False)) / "billing-tui.log")


def own_dirs() -> tuple[Path, ...]:
    """The tool's directories for state, cache and log; they may not exist."""
    places = (platformdirs.user_state_path, platformdirs.user_cache_path, platformdirs.user_log_path)
    return tuple(place(_APP, appauthor=False) for place in places)


def private_dir(path: Path) -> Path:
    """The same directory, there for certain and open to its owner alone (0700).

    Raises:
        BadUsage: The directory cannot be made, or belongs to somebody else.
    """
    try:
        for missing in reversed([part for part in (path, *path.parents) if not part.exists()]):
            missing.mkdir(mode=0o700, exist_ok=True)
        if not path.is_dir():
            raise NotADirectoryError
        if path.stat().st_mode & _OTHERS:
            path.chmod(0o700)
    except OSError as error:
        raise _no_place(path, error) from error
    return path


def private_file(path: Path) -> Path:
    """The same file, there for certain and open to its owner alone (0600).

    Raises:
        BadUsage: The file cannot be made, or belongs to somebody else.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        if path.stat().st_mode & _OTHERS:
            path.chmod(0o600)
    except OSError as error:
        raise _no_place(path, error) from error
    return path


def _no_place(path: Path, error: OSError) -> BadUsage:
    why = (error.strerror or "it is not a directory").lower()
    return BadUsage(
        f"{clean(str(path))} cannot be used: {why}.",
        "Make it writable for you, or set XDG_STATE_HOME and XDG_CACHE_HOME to places that are.",
        code="no_place",
    )
