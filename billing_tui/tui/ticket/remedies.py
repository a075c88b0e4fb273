"""What can be done about it: one row for each remedy, what is not available greyed with its reason."""

import re

from rich.cells import cell_len
from textual.content import Content

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.diagnosis import Diagnosis, Remedy
from billing_tui.model.text import short
from billing_tui.tui.draw import cut, fold, row, tinted
from billing_tui.tui.theme import DIM, GOOD, GREY, INK, LINK, MONEY
from billing_tui.tui.widgets.rows import Row

_IDS = re.compile(r"\b[a-z]{2,5}_[A-Za-z0-9]{12,}\b")
_KEY = 2
_HERE = {"m": "M", "g": "+"}
READ_ONLY = "this profile is read-only"


def why_not(remedy: Remedy, *, read_only: bool) -> str:
    """Why it cannot be done now; "" when it can."""
    if not remedy.allowed:
        return remedy.why_not or "not available here"
    return READ_ONLY if read_only and remedy.key and remedy.automatic else ""


def pressed(remedy: Remedy) -> str:
    """The key that does it on this screen, where `m` and `g` mean something else everywhere; "" where none does."""
    return _HERE.get(remedy.key or "", remedy.key or "")


def remedy_rows(found: Diagnosis, mask: Mask, width: int, *, read_only: bool) -> tuple[Row, ...]:
    """The rows in the order in which to do them; without a key of its own a remedy is numbered."""
    number, rows = 0, list[Row]()
    for position, remedy in enumerate(found.remedies):
        number += not remedy.key
        key, names = pressed(remedy) or f"{number}.", str(position)
        reason = mask(why_not(remedy, read_only=read_only))
        title = _IDS.sub(lambda found: short(found.group()), mask(remedy.title))
        drawn = _greyed(title, reason, width - _KEY - 1) if reason else _offered(found, remedy, title, width - _KEY - 1)
        style = GREY if reason else f"bold {LINK}" if remedy.key else DIM
        rows.append(Row(row((f"{key:<{_KEY}}", style), (" ", "")) + drawn[0], names))
        rows += [Row(row((" " * (_KEY + 1), "")) + more, names, stops=False) for more in drawn[1:]]
    return tuple(rows)


def _greyed(title: str, reason: str, width: int) -> list[Content]:
    """The reason stands beside the title where it fits, else under it."""
    if cell_len(title) + 3 + cell_len(reason) <= width:
        return [row((title, GREY), ("   " + reason, DIM))]
    return [row((cut(title, width), GREY)), *(row((text, DIM)) for text in fold(reason, width, lines=2))]


def _offered(found: Diagnosis, remedy: Remedy, title: str, width: int) -> list[Content]:
    tints = [(rf"\b{re.escape(found.expected_plan)}\b", f"bold {GOOD}")] if found.expected_plan else []
    drawn = [tinted(text, INK, tints) for text in fold(title, width, lines=2)]
    if remedy.command and not remedy.key:
        room = width - drawn[-1].cell_length - 3
        if room >= cell_len(remedy.command) + 9:
            drawn[-1] += row(("   " + remedy.command, MONEY), ("   y copy", DIM))
        elif room >= 6:
            drawn[-1] += row(("   y copy", DIM))
    return drawn
