"""What a filter word may become while it is being typed: a column's name, then values that the cache really holds."""

import sqlite3

from billing_tui.cache.filters import STATUSES, keys_of
from billing_tui.cache.rows import Kind
from billing_tui.cache.sent import STATES as STATES_OF_DELIVERY

_MOST = 12
_TIMES = ("<7d", "<30d", ">30d", ">90d")
_FIXED = {
    "status": STATUSES,
    "created": _TIMES,
    "ended": ("yes", "no", *_TIMES),
    "period": ("<7d", "<30d"),
    "ends": ("yes", "no", "<7d", "<30d"),
    "trial": ("yes", "no", "<7d"),
    "paused": ("yes", "no"),
    "paying": ("yes", "no"),
    "delinquent": ("yes", "no"),
    "clock": ("yes", "no"),
    "drift": ("yes", "no", "unknown"),
    "items": (">1",),
    "pending": (">0",),
    "state": STATES_OF_DELIVERY,
    "interval": ("month", "year", "week", "day"),
}
_HELD = {
    "plan": "select distinct tier from prices where tier is not null order by rank",
    "currency": "select distinct currency from prices order by 1",
    "price": "select id from prices where active order by created desc limit 200",
    "type": "select distinct type from events order by 1 limit 500",
}


def complete(database: sqlite3.Connection, kind: Kind, word: str) -> list[str]:
    """Whole words, best first; none where the word is text."""
    key, colon, begun = word.partition(":")
    keys = keys_of(kind)
    if not colon:
        return [f"{name}:" for name in keys if name.startswith(key.lower())] if key else []
    if key not in keys:
        return []
    values = _FIXED[key] if key in _FIXED else [row[0] for row in database.execute(_HELD[key])] if key in _HELD else ()
    fitting = [value for value in values if value.lower().startswith(begun.lower()) and value.lower() != begun.lower()]
    return [f'{key}:"{value}"' if " " in value else f"{key}:{value}" for value in fitting[:_MOST]]
