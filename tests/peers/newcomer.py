"""The first run and then the dashboard, as the bare command opens them, on services that are not where the real ones are."""

import sys
from pathlib import Path

from billing_tui.cli.dashboard import set_up
from billing_tui.cli.options import Asked
from billing_tui.settings.config_edit import Entry
from billing_tui.settings.safes import Safes
from billing_tui.setup.draft import Draft


def main(path: str, stripe: str, clerk: str) -> int:
    wanted = (Entry("stripe_api_base", stripe), Entry("clerk_api_base", clerk))
    return set_up(Draft(Path(path), Safes(), "", wanted), Asked())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
