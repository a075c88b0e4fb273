"""What the app itself says it has of the cache's events: asked of its ledger, and noted beside them."""

import asyncio
import logging
from collections.abc import Callable, Collection
from datetime import datetime
from pathlib import Path

from billing_tui.cache.arrivals import Witness, arrive, unsure
from billing_tui.cache.connections import Connections
from billing_tui.diagnosis.delivery_log import in_ledger
from billing_tui.model.change import Change
from billing_tui.model.evidence import Gap
from billing_tui.model.problem import Problem
from billing_tui.model.profile import Profile
from billing_tui.services.bundle import Services

logger = logging.getLogger(__name__)


async def ask_the_ledger(
    services: Services, profile: Profile, connections: Connections, types: Collection[str], since: datetime
) -> int:
    """How many events the app is newly known to have; none where it keeps no ledger, or that can't be read.

    Raises `OutOfReach` where the cache can't be used.
    """
    if profile.database is None or not profile.database.events_table:
        return 0
    names = await asyncio.to_thread(_unsure, connections, types, int(since.timestamp()))
    held = await in_ledger(services, profile, names)
    return 0 if isinstance(held, Gap) else await asyncio.to_thread(_arrive, connections, held, "ledger")


def note_answers(change: Change, find: Callable[[], Path | None]) -> None:
    """Events that the app took from this tool's own hands are delivered, whatever Stripe goes on counting.

    `find` says which file the cache is, and is asked only where there is something to note. Blocking. Nothing is raised: what
    was written stays written, whatever becomes of the note.
    """
    names = [step.object for step in change.steps if step.attempt and 200 <= (step.attempt.status or 0) < 300]
    try:
        cache = find() if names else None
        if cache is None or not cache.exists():
            return
        connections = Connections(cache)
        try:
            _arrive(connections, names, "direct")
        finally:
            connections.close()
    except Problem as problem:
        logger.warning("What was delivered is not noted: %s", problem.message)


def _unsure(connections: Connections, types: Collection[str], since: int) -> list[str]:
    with connections.reading() as database:
        return unsure(database, types, since)


def _arrive(connections: Connections, names: Collection[str], witness: Witness) -> int:
    with connections.writing() as database:
        return arrive(database, names, witness)
