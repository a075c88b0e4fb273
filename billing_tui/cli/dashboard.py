"""`billing-tui` without a command: the dashboard on a profile."""

from billing_tui.cli.desks import ProfileDesk
from billing_tui.cli.options import Asked
from billing_tui.tui.collecting import hold_off


def open_dashboard(profile: str | None, mode: str | None, config: str | None, read_only: bool) -> int:
    """Opens it; returns its exit code."""
    hold_off()
    from billing_tui.tui.app import run

    asked = Asked(profile=profile, mode=mode, config=config, read_only=read_only)
    return run(ProfileDesk(asked.load(), asked))
