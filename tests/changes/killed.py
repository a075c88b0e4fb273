"""`billing-tui` killed with SIGKILL just after its nth entry into the journal: python -m tests.changes.killed N arguments…"""

import os
import signal
import sys

from billing_tui.changes.journal import Journal
from billing_tui.cli.main import main
from billing_tui.model.change import Change, Step


def fatal(journal: type[Journal], last: int) -> None:
    """Makes the nth entry the process's last act."""
    note, left = journal.note, iter(range(last))
    next(left)

    def noted(self: Journal, change: Change, phase: str, steps: tuple[Step, ...] = ()) -> None:
        note(self, change, phase, steps)
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    journal.note = noted  # type: ignore[method-assign]  # this is what the program is for


if __name__ == "__main__":
    fatal(Journal, int(sys.argv[1]))
    sys.argv = ["billing-tui", *sys.argv[2:]]
    main()
