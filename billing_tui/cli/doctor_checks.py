"""What `doctor` looks at on this machine. Each check is a state, a sentence, and what to do."""

import locale as locales
import os
import platform
import shutil
import stat
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal

from msgspec import Struct

from billing_tui.model.problem import Problem
from billing_tui.model.text import clean, listed, plural
from billing_tui.settings.paths import cache_dir, config_file, log_file, own_dirs, state_dir
from billing_tui.settings.safes import Safes

State = Literal["pass", "warn", "fail", "unknown"]
_PACKAGES = ("billing-tui", "stripe", "textual", "httpx", "sqlalchemy", "keyring")
_SMALLEST = (80, 24)
_OTHERS = 0o077


class Check(Struct, frozen=True):
    """One thing that was looked at; `warn` and `fail` are findings."""

    id: str
    state: State
    headline: str
    hint: str = ""


def versions() -> list[Check]:
    """The interpreter's, ours, and those of the packages that matter."""
    held = [f"{name} {metadata.version(name)}" for name in _PACKAGES]
    return [Check("versions", "pass", f"Python {platform.python_version()}, {', '.join(held)}.")]


def terminal() -> Check:
    """Size and colours."""
    name = clean(os.environ.get("TERM", ""))
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return Check("terminal", "unknown", "This is no terminal, so its size and colours cannot be told.")
    if name in ("", "dumb"):
        return Check(
            "terminal", "fail", f"TERM is {name or 'not set'}: nothing can be drawn.", "Set TERM, e.g. to xterm-256color."
        )
    width, height = shutil.get_terminal_size()
    said = f"{name}, {width}×{height}, {_colours(name)}{_inside()}."
    if width < _SMALLEST[0] or height < _SMALLEST[1]:
        return Check("terminal", "warn", said, f"The dashboard wants {_SMALLEST[0]}×{_SMALLEST[1]}; make the window larger.")
    return Check("terminal", "pass", said)


def locale() -> Check:
    """Whether names can be shown as they are written."""
    encoding = locales.getpreferredencoding(do_setlocale=False)
    if encoding.lower().replace("-", "") == "utf8":
        return Check("locale", "pass", "Text is UTF-8.")
    return Check("locale", "warn", f"Text is {clean(encoding)}: names and frames may be garbled.", "Set LANG=C.UTF-8.")


def clipboard() -> Check:
    """Whether copying reaches the clipboard of whoever sits at the terminal; none says so by itself."""
    if os.environ.get("TMUX"):
        hint = "In tmux: set -g set-clipboard on. Where it does not arrive, C in the dashboard shows it bare, to select."
        return Check("clipboard", "unknown", "Copying goes through tmux (OSC 52), if that is allowed to.", hint)
    if os.environ.get("STY"):
        return Check(
            "clipboard",
            "unknown",
            "screen swallows what copies (OSC 52).",
            "C in the dashboard shows what was copied bare, to select.",
        )
    hint = (
        "Where it does not arrive, allow it in the terminal's settings, or press C in the dashboard: it shows it bare, to select."
    )
    return Check("clipboard", "unknown", "Copying asks the terminal (OSC 52), which does not say whether it does.", hint)


def keyring(safes: Safes) -> Check:
    """Its state; having none is no fault where keys come from elsewhere."""
    found = safes.keyring.state()
    said = f"{found.says.rstrip('.')} ({clean(found.name)})." if found.name else found.says
    if found.state == "ready":
        return Check("keyring", "pass", said)
    hint = "Keys can be kept in a vault (billing-tui keys set, with --in vault) or in the environment."
    return Check("keyring", "unknown" if found.state in ("none", "off") else "warn", said, hint)


def vault(safes: Safes) -> Check:
    """Whether there is one, and what it holds."""
    if not safes.vault.exists:
        return Check("vault", "pass", "There is no vault, and none is needed while another place keeps the keys.")
    try:
        return Check("vault", "pass", f"It holds {plural(len(safes.vault.names()), 'secret')}.")
    except Problem as problem:
        return Check("vault", "fail", problem.message, problem.hint)


def files(config: str | None, *, repair: bool) -> list[Check]:
    """Whether anybody else may read what is kept here; mended where it may be."""
    try:
        open_ = [path for path in _kept(config) if _open_to_others(path)]
        mended = [path for path in open_ if repair and _mended(path)]
        own = [state_dir(), cache_dir(), log_file().parent] if repair else list(own_dirs())
    except Problem as problem:
        return [Check("files", "fail", problem.message, problem.hint)]
    left = [path for path in open_ if path not in mended]
    if left:
        named = listed([clean(str(path)) for path in left[:3]])
        return [Check("files", "fail", f"Others may read {named}.", "Take their rights away: chmod go= and the path.")]
    if mended:
        named = listed([clean(str(path)) for path in mended[:3]])
        return [Check("files", "warn", f"Others could read {named}; that is mended now.", "See what else made them so: umask.")]
    places = ", ".join(dict.fromkeys(clean(str(path)) for path in own))
    return [Check("files", "pass", f"Configuration, cache and state are yours alone ({places}).")]


def _kept(config: str | None) -> Iterator[Path]:
    """What this tool keeps: the configuration, and everything in its own directories."""
    file = Path(config).expanduser() if config else config_file()
    yield file
    for directory in own_dirs():
        if directory.is_dir():
            yield directory
            yield from (path for path in directory.rglob("*") if not path.is_symlink())


def _open_to_others(path: Path) -> bool:
    """Whether somebody else may read a file or directory of ours; devices and other people's files are none of our business."""
    if not path.exists():
        return False
    about = path.stat()
    ours = about.st_uid == os.getuid() and (stat.S_ISREG(about.st_mode) or stat.S_ISDIR(about.st_mode))
    return ours and bool(stat.S_IMODE(about.st_mode) & _OTHERS)


def _mended(path: Path) -> bool:
    try:
        path.chmod(0o700 if path.is_dir() else 0o600)
    except OSError:
        return False
    return True


def _colours(name: str) -> str:
    if os.environ.get("NO_COLOR"):
        return "no colours (NO_COLOR)"
    if os.environ.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return "16 million colours"
    return "256 colours" if "256" in name else "16 colours"


def _inside() -> str:
    """What is between here and the screen."""
    between = [word for name, word in (("TMUX", "tmux"), ("STY", "screen"), ("SSH_CONNECTION", "SSH")) if os.environ.get(name)]
    return f", through {listed(between)}" if between else ""
