"""The Database tab: the rows that the ticket leads to, column by column, and what the app's ledger has processed."""

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.database import AppRow
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Gap
from billing_tui.model.text import quoted, short
from billing_tui.tui.draw import Piece
from billing_tui.tui.theme import BAD, DIM, GOOD, INK
from billing_tui.tui.ticket.table import Line, gap_rows, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp


def database_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """Rows, then the ledger."""
    evidence = found.evidence
    if isinstance(evidence.rows, Gap):
        return parts(gap_rows(evidence.rows, width), _ledger(found, width))
    rows = [_row(found, held, mask, width) for held in evidence.rows]
    return parts(*(rows or [said("The database has no row for this ticket.", width)]), _ledger(found, width))


def _row(found: Diagnosis, held: AppRow, mask: Mask, width: int) -> list[Row]:
    table_ = found.evidence.profile.database
    plan_column = table_.plan_column if table_ else ""
    head = Line((((table_.table if table_ else "row"), f"bold {INK}"), (mask(held.key), f"bold {INK}")), held.key)
    columns = [
        Line(((column, DIM), _value(found, held, column == plan_column, value, mask)), value or "")
        for column, value in held.columns.items()
    ]
    if not columns:
        columns = [Line((("plan", DIM), _value(found, held, True, held.raw_plan, mask)))]
    return [*table([head], width), *table(columns, width, caps=(32,), indent=2)]


def _value(found: Diagnosis, held: AppRow, is_plan: bool, value: str | None, mask: Mask) -> Piece:
    blank = value is not None and value != value.strip()
    text = "NULL" if value is None else quoted(value) if is_plan or blank or not value else value
    if not is_plan or found.expected_plan is None:
        return (mask(text), DIM if value is None else INK)
    if held.plan == found.expected_plan:
        return (text, GOOD)
    return (f"{mask(text)}   ✗ should be {quoted(found.expected_plan)}", BAD)


def _ledger(found: Diagnosis, width: int) -> list[Row]:
    held = found.evidence.ledger
    if isinstance(held, Gap):
        return gap_rows(held, width) if held.failed else []
    lines = [
        Line(
            (
                (short(entry.event_id), INK),
                (stamp(entry.processed_at, found.evidence.at) if entry.processed_at else "processed", DIM),
            ),
            entry.event_id,
        )
        for entry in held
    ]
    title = heading("The app's ledger", width)
    return [title, *(table(lines, width, caps=(16,)) or said("knows none of these events", width))]
