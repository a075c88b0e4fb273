"""Take Stripe's ids that live mode does not know out of rows of the app's database, and nothing else of those rows."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.resync import row_steps
from billing_tui.changes.several import bulk_cap
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.database import AppRow
from billing_tui.model.problem import NotThere, Refused
from billing_tui.model.profile import DatabaseTable
from billing_tui.model.text import plural


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """`query` holds the rows' keys. A row whose customer Stripe does know is left alone.

    Raises:
        Refused: The profile has no database.
        KeyRefused, OutOfReach: Stripe or the database could not be asked.
    """
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    database, table = desk.database, desk.profile.database
    if database is None or table is None:
        raise Refused("The profile has no database.")
    keys = list(dict.fromkeys(wanted.query.split()))[: bulk_cap(wanted)]
    draft = structs.replace(draft, subject=keys[0] if keys else "", targets=("database",), confirm=(keys or [""])[0][-4:])
    if draft.refused:
        return draft
    found = await asyncio.gather(*(database.rows_by(key=key) for key in keys))
    rows = [row for page, key in zip(found, keys, strict=True) for row in page if row.key == key]
    known = await asyncio.gather(*(_known(desk, row) for row in rows))
    stale = [row for row, there in zip(rows, known, strict=True) if not there]
    steps = tuple(step for row in stale for step in _steps(table, row, stamp))
    if not steps:
        return structs.replace(draft, refused="Every customer that these rows name is there in this mode: nothing is written.")
    return structs.replace(
        draft,
        title=f"Take ids that {desk.profile.mode} mode does not have out of {plural(len(stale), 'row')}",
        because="Stripe was asked for each of them just now.",
        steps=steps,
        warnings=("The plan in these rows stays as it is: golive GL-35 tells who has one that nobody pays for.",),
    )


async def _known(desk: Desk, row: AppRow) -> bool:
    """Whether Stripe knows the row's customer, or the row names none."""
    if not row.customer_id:
        return True
    try:
        await desk.stripe.customer(row.customer_id)
    except NotThere:
        return False
    return True


def _steps(table: DatabaseTable, row: AppRow, stamp: datetime) -> Iterator[Step]:
    columns = (table.customer_id_column, table.subscription_id_column)
    wanted: dict[str, str | None] = {column: None for column in columns if column and column != table.key_column}
    for step in row_steps(table, row, wanted, stamp):
        yield structs.replace(step, whose=row.email or row.key)
