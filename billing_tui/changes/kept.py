"""Plans that were shown and may still be applied: each in a file of its own, for an hour."""

import os
import re
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from billing_tui.model.change import Change
from billing_tui.model.problem import NotThere, Refused

KEPT = timedelta(hours=1)
_NAME = re.compile(r"[a-z0-9]{12}\Z")


def new_plan_id() -> str:
    """A name that nobody guesses and anybody can type."""
    return secrets.token_hex(6)


def keep(directory: Path, change: Change) -> None:
    """Writes a plan down, for its owner alone."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(directory / f"{change.plan_id}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(msgspec.json.encode(change))


def kept(directory: Path, plan_id: str, now: datetime) -> Change:
    """A plan that was shown.

    Raises:
        NotThere: No such plan was kept.
        Refused: It is older than an hour.
    """
    path = directory / f"{plan_id}.json"
    if not _NAME.match(plan_id) or not path.is_file():
        raise NotThere(f"There is no plan {plan_id[:40]}.", "Plans are kept for an hour: make a new one.")
    change = msgspec.json.decode(path.read_bytes(), type=Change)
    if now - change.at > KEPT:
        raise Refused(f"The plan {plan_id} is older than an hour.", "Make a new one.", code="too_old")
    return change


def forget_old(directory: Path, now: datetime) -> None:
    """Removes plans that can no longer be applied."""
    for path in directory.glob("*.json") if directory.is_dir() else ():
        if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds():
            path.unlink(missing_ok=True)
