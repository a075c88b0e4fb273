"""`billing-tui` without a command: the dashboard on a profile, or on the first run the way to one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import structs

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.log import keep_log
from billing_tui.cli.options import Asked
from billing_tui.model.problem import BadUsage
from billing_tui.settings.config import Config
from billing_tui.settings.paths import config_file
from billing_tui.settings.safes import Safes

if TYPE_CHECKING:
    from billing_tui.setup.draft import Draft


def open_dashboard(profile: str | None, mode: str | None, config: str | None, read_only: bool) -> int:
    """Opens it; returns its exit code."""
    asked = Asked(profile=profile, mode=mode, config=config, read_only=read_only)
    held = _configured(asked)
    if held is None:
        return _first_run(asked)
    return _open(ProfileDesk(held, asked))


def _open(desk: ProfileDesk, *, follows: bool = False) -> int:
    from billing_tui.tui.app import run

    return run(desk, follows=follows)


def _configured(asked: Asked) -> Config | None:
    """The configuration; None where it has no profile yet and there is somebody to ask.

    Raises:
        BadUsage: It is wrong, or there is none and nobody to ask.
    """
    talking = sys.stdin.isatty() and sys.stdout.isatty()
    try:
        held = asked.load()
    except BadUsage as problem:
        if problem.code != "no_config" or not talking:
            raise
        return None
    return held if held.profiles or not talking else None


def _first_run(asked: Asked) -> int:
    """The first-run screen, and then what was chosen there."""
    from billing_tui.setup.draft import Draft

    keep_log()
    path = Path(asked.config).expanduser() if asked.config else config_file()
    return set_up(Draft(path, Safes(), asked.profile or "", limit=asked.timeout), asked)


def set_up(draft: "Draft", asked: Asked) -> int:
    """The window of the first run, and then the dashboard or the demo; the one goes over into the other."""
    from billing_tui.setup.draft import Written
    from billing_tui.tui.setup.app import first_run
    from billing_tui.tui.terminal import give_back

    outcome, code = first_run(draft)
    try:
        if outcome == "demo":
            from billing_tui.cli.demo import open_demo

            return open_demo(follows=True)
        if isinstance(outcome, Written):
            opened = structs.replace(asked, profile=outcome.name, mode=asked.mode or outcome.mode)
            return _open(ProfileDesk(outcome.config, opened, outcome.safes), follows=True)
    except BaseException:
        give_back()
        raise
    return code
