"""An event's payload as a tree to be unfolded: each value, and beside what changed the word and what it was before. Pure.

Only what is unfolded is looked at, and of anything long the beginning: a payload of a megabyte costs what a small one does.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from billing_tui.diagnosis.privacy import Mask
from billing_tui.model.delivery import Delivery, DeliveryLog, cli_command
from billing_tui.model.moment import rfc3339
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean, plural

MOST = 300
"""So many values are shown of one object or list."""
_LONG, _WAS, _NAME = 400, 120, 60
_GONE = object()


@dataclass(frozen=True)
class Twig:
    """A value by its name. One that can be unfolded holds others `within`, and of those `before` what was there."""

    name: str
    text: str
    was: str | None = None
    within: dict[str, Any] | list[Any] | None = None
    before: Mapping[str, Any] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Whether it, or something in it, was another before."""
        return self.was is not None or bool(self.before)


def roots(event: Mapping[str, Any], mask: Mask) -> Iterator[Twig]:
    """What the event is about, with what changed, and then the event itself."""
    data = event.get("data")
    data = data if isinstance(data, dict) else {}
    held, before = data.get("object"), data.get("previous_attributes")
    if isinstance(held, dict):
        yield _twig("object", held, before if isinstance(before, dict) else _GONE, mask)
    else:
        yield Twig("object", "This event carries none.")
    yield _twig("event", {name: value for name, value in event.items() if name != "data"}, _GONE, mask)


def delivered(log: DeliveryLog, mode: Mode, mask: Mask) -> Twig:
    """Where it has got to, and what this tool sent."""
    held = {each.url or each.endpoint or "no endpoint": _delivery(each, mode) for each in log.deliveries}
    states = ", ".join(dict.fromkeys(each.state for each in log.deliveries))
    return replace(_twig("deliveries", held, _GONE, mask), text=states or "none is known")


def _delivery(held: Delivery, mode: Mode) -> dict[str, Any]:
    attempts = [
        {"at": rfc3339(one.at), "via": one.via, "status": one.status, "latency_ms": one.latency_ms, "body": one.body}
        for one in held.attempts
    ]
    again = {"the official CLI": cli_command(held.event, held.endpoint, mode)} if held.endpoint else {}
    return {"state": held.state, "known from": held.source, "says": held.says, "attempts of this tool": attempts, **again}


def twigs(twig: Twig, mask: Mask) -> Iterator[Twig]:
    """What is within one, what changed first; what is too much is counted."""
    within, before = twig.within, twig.before
    pairs = within.items() if isinstance(within, dict) else enumerate(within or ())
    held = {str(name): value for name, value in islice(pairs, MOST)}
    differing = (name for name, was in before.items() if _differs(was, _value(within, name)))
    changed = dict.fromkeys(islice(differing, MOST))
    for name in (*changed, *(name for name in held if name not in changed)):
        yield _twig(name, _value(within, name), before[name] if name in changed else _GONE, mask)
    if len(within or ()) > MOST:
        yield Twig("…", f"{len(within or ()) - MOST:,} more are left out")


def _value(within: dict[str, Any] | list[Any] | None, name: str) -> Any:
    if isinstance(within, dict):
        return within.get(name, _GONE)
    place = int(name) if name.isdecimal() else -1
    return within[place] if within and 0 <= place < len(within) else _GONE


def _differs(was: Any, now: Any) -> bool:
    return now is _GONE or was != now


def _twig(name: str, value: Any, was: Any, mask: Mask) -> Twig:
    named = clean(name[:_NAME])
    said = None if was is _GONE else mask(_brief(was, _WAS))
    if not isinstance(value, dict | list) or not value:
        return Twig(named, "gone" if value is _GONE else mask(_brief(value, _LONG)), said)
    if isinstance(was, dict) and isinstance(value, dict):
        return Twig(named, _count(value), None, value, was)
    if isinstance(was, list) and isinstance(value, list):
        return Twig(named, _count(value), None, value, {str(place): one for place, one in enumerate(was)})
    return Twig(named, _count(value), said, value)


def _count(held: dict[str, Any] | list[Any]) -> str:
    return plural(len(held), "value") if isinstance(held, dict) else plural(len(held), "entry", "entries")


def _brief(value: Any, most: int) -> str:
    """The beginning of a value as JSON; of a long text no more than that is looked at."""
    if isinstance(value, str):
        value = value[:most]
    elif isinstance(value, dict | list):
        return _count(value)
    said = clean(json.dumps(value, ensure_ascii=False))
    return said if len(said) <= most else said[: most - 1] + "…"
