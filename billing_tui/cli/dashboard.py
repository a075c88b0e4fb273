"""`billing-tui` without a command: the dashboard on a profile."""

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked


def open_dashboard(profile: str | None, mode: str | None, config: str | None, read_only: bool) -> int:
    """Opens it; returns its exit code."""
    from billing_tui.tui.app import run

    asked = Asked(profile=profile, mode=mode, config=config, read_only=read_only)
    return run(ProfileDesk(asked.load(), asked))
