"""An event's payload as lines to read: indented, what changed marked with what it was before. Pure."""

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.text import clean
from billing_tui.tui.draw import fit, row
from billing_tui.tui.theme import ATTENTION, DIM, INK
from billing_tui.tui.ticket.table import heading, said
from billing_tui.tui.widgets.rows import Row

MOST = 2000
"""Lines that are shown of a payload."""


def payload_rows(event: dict[str, Any], mask: Mask, width: int) -> tuple[Row, ...]:
    """The object that the event is about, and beside each value that changed the one before."""
    data = event.get("data")
    held = data.get("object") if isinstance(data, dict) else None
    before = data.get("previous_attributes") if isinstance(data, dict) else None
    if not isinstance(held, dict):
        return tuple(said("This event carries no object.", width))
    changes = before if isinstance(before, dict) else {}
    title = heading(clean(str(event.get("type", "")))[:80], width, f"{len(changes)} changed" if changes else "")
    drawn = [_drawn(line, mask, width) for line in islice(_lines(held, changes, 0), MOST + 1)]
    more = said(f"The rest is left out after {MOST} lines.", width) if len(drawn) > MOST else []
    return (title, *drawn[:MOST], *more)


def _lines(held: Any, before: dict[str, Any], depth: int) -> Iterator[tuple[int, str, str, str | None]]:
    """Depth, name, value and, where it changed, the value before."""
    pairs = list(held.items() if isinstance(held, dict) else enumerate(held))
    for name, value in sorted(pairs, key=lambda pair: str(pair[0]) not in before):  # what changed comes first
        was, changed = before.get(str(name)), str(name) in before
        if isinstance(value, dict | list) and value:
            yield depth, str(name), "", None
            yield from _lines(value, was if isinstance(was, dict) else {}, depth + 1)
            if changed and not isinstance(was, dict):
                yield depth, str(name), "", _brief(was)
        else:
            yield depth, str(name), _brief(value), _brief(was) if changed else None


def _brief(value: Any) -> str:
    return clean(json.dumps(value, ensure_ascii=False))[:500]


def _drawn(line: tuple[int, str, str, str | None], mask: Mask, width: int) -> Row:
    depth, name, value, was = line
    start = "  " * min(depth, 12) + clean(name)[:60]
    text = mask(value)
    changed = f"   was {mask(was)}" if was is not None else ""
    style = ATTENTION if was is not None else INK
    named = fit(f"{start}  ", min(len(start) + 2, width))
    return Row(row((named, DIM), (fit(text + changed, max(width - len(named), 1)), style)), value)
