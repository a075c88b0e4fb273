"""What can be done about it: one row for each remedy, what is not available greyed with its reason."""

import re

from rich.cells import cell_len

from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.model.text import short
from billing_tui.tui.draw import cut, row, tinted
from billing_tui.tui.privacy import Mask
from billing_tui.tui.theme import DIM, GOOD, GREY, INK, LINK, MONEY
from billing_tui.tui.widgets.rows import Row

_IDS = re.compile(r"\b[a-z]{2,5}_[A-Za-z0-9]{12,}\b")
READ_ONLY = "this profile is read-only"


def why_not(remedy: Remedy, *, read_only: bool) -> str:
    """Why it cannot be done now; "" when it can."""
    if not remedy.allowed:
        return remedy.why_not or "not available here"
    return READ_ONLY if read_only and remedy.key and remedy.automatic else ""


def remedy_rows(found: Diagnosis, mask: Mask, width: int, *, read_only: bool) -> tuple[Row, ...]:
    """The rows in the order in which to do them; without a key of its own a remedy is numbered."""
    number, rows = 0, []
    for position, remedy in enumerate(found.remedies):
        number += not remedy.key
        rows.append(
            _row(found, remedy, remedy.key or f"{number}.", mask, width, why_not(remedy, read_only=read_only), str(position))
        )
    return tuple(rows)


def _row(found: Diagnosis, remedy: Remedy, key: str, mask: Mask, width: int, reason: str, names: str) -> Row:
    label = f"{key:<3}"
    title = _IDS.sub(lambda found: short(found.group()), mask(remedy.title))
    if reason:
        title = cut(title, width - 3)
        room = width - 3 - cell_len(title)
        said = (cut(f"   {mask(reason)}", room), DIM) if room > 12 else None
        return Row(row((label, GREY), (title, GREY), said), names)
    title = cut(title, width - 3)
    tints = [(rf"\b{found.expected_plan}\b", f"bold {GOOD}")] if found.expected_plan else []
    content = row((label, f"bold {LINK}" if remedy.key else DIM)) + tinted(title, INK, tints)
    if remedy.command and not remedy.key:
        room = width - content.cell_length - 3
        if room >= len(remedy.command) + 9:
            content += row(("   " + remedy.command, MONEY), ("   y copy", DIM))
        elif room >= 6:
            content += row(("   y copy", DIM))
    return Row(content, names)
