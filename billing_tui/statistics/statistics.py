"""Counting the causes of tickets, and telling what they were; whatever happens to the file, a ticket never notices.

Counting is done in threads, and nobody waits for it but `close`.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from billing_tui.diagnosis.words import ALL_WELL
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Profile
from billing_tui.model.trend import Cause, Trend

if TYPE_CHECKING:
    from billing_tui.statistics.file import Counts

logger = logging.getLogger(__name__)
T = TypeVar("T")

DAYS = 30


class Statistics:
    """One profile's in one mode, in a file that all windows and processes of this machine share."""

    def __init__(self, path: Path, profile: Profile, now: Callable[[], datetime]) -> None:
        self._path = path
        self._where = (profile.name, str(profile.mode))
        self._now = now
        self._counting: set[asyncio.Future[None]] = set()
        self._told = False

    def count(self, held: Diagnosis) -> None:
        """Counts what a ticket has come to, soon; nothing for an answer that is not yet confirmed, or about nobody."""
        from billing_tui.diagnosis.diagnose import found_nobody

        verdict = held.verdict
        if verdict.primary is None or not held.evidence.settled or held.evidence.recalled or found_nobody(held):
            return
        cause, ticket = (verdict.primary, verdict.ours), _ticket(held)
        task = asyncio.ensure_future(asyncio.to_thread(self._count, cause, ticket))
        self._counting.add(task)
        task.add_done_callback(self._counting.discard)

    def trend(self) -> Trend:
        """The causes of the last days; empty where nothing was counted or the file can't be read. Blocking."""
        from billing_tui.diagnosis.rules import RULES
        from billing_tui.statistics.file import counts

        found: Counts = self._kept_going(lambda: counts(self._path, self._today, DAYS, self._where)) or {}
        names = {rule.id: rule.name for rule in RULES}
        late, early = found.pop(ALL_WELL, (0, 0))
        causes = [
            Cause(rule=rule, name=names.get(rule, ""), count=count, before=before)
            for rule, (count, before) in found.items()
            if count
        ]
        causes.sort(key=lambda cause: (-cause.count, cause.rule))
        compared = early > 0 or any(before for _, before in found.values())
        return Trend(days=DAYS, causes=tuple(causes), healthy=late, compared=compared)

    async def close(self) -> None:
        """Waits for what is being counted."""
        if self._counting:
            await asyncio.wait(self._counting)

    @property
    def _today(self) -> date:
        return self._now().astimezone(UTC).date()

    def _count(self, cause: tuple[str, bool], ticket: str) -> None:
        from billing_tui.statistics.file import count_ticket

        self._kept_going(lambda: count_ticket(self._path, self._today, self._where, cause, ticket))

    def _kept_going(self, work: Callable[[], T]) -> T | None:
        """What the work answers, in a new file where this one is damaged; None where there is no doing it."""
        import sqlite3

        from billing_tui.statistics.file import is_damaged, put_aside

        try:
            try:
                return work()
            except sqlite3.DatabaseError as error:
                if not is_damaged(error):
                    raise
                aside = put_aside(self._path)
                logger.warning("The statistics were damaged (%s): put aside as %s, and begun anew.", error, aside.name)
                return work()
        except (sqlite3.Error, OSError, Problem) as error:
            if not self._told:
                logger.warning("The statistics can't be kept: %s", error)
            self._told = True
            return None


def _ticket(held: Diagnosis) -> str:
    """What makes two askings the same ticket: whom they are about, however they were named."""
    subject = held.subject
    return subject.key or next(iter(subject.customer_ids), "") or held.evidence.query.text.casefold()
