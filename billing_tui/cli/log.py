"""The log: one file, rotated, private, with what was asked of whom and how long it took; never a body, a name or a key."""

import logging
import re
from logging.handlers import RotatingFileHandler

from billing_tui.model.text import clean
from billing_tui.settings.paths import log_file

_SECRETS = re.compile(
    r"\b((?:sk|rk|pk|rkcs)_(?:test|live)_|sk_org_|whsec_|oak_)\w+|(://[^:/\s]+:)[^@\s]+@|[^\s@/]+@[^\s@/]+\.\w+"
)
_SIZE = 1_000_000


class _Redacted(logging.Formatter):
    """One line for each record, without what must not be in a file: keys, passwords, e-mails, control characters."""

    def format(self, record: logging.LogRecord) -> str:
        return clean(_SECRETS.sub(lambda found: f"{found.group(1) or found.group(2) or ''}…", super().format(record)))


def keep_log() -> None:
    """Sends what the tool and its libraries log to the file, and nothing of it to the terminal."""
    root = logging.getLogger()
    if any(isinstance(held, RotatingFileHandler) for held in root.handlers):
        return
    handler = RotatingFileHandler(log_file(), maxBytes=_SIZE, backupCount=2, delay=True)
    handler.setFormatter(_Redacted("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    # A log that can't be written, say on a full disk, is missed by nobody who works; `logging` would tell them over their screen.
    logging.raiseExceptions = False
    logging.captureWarnings(True)
    logging.getLogger("billing_tui").setLevel(logging.INFO)
