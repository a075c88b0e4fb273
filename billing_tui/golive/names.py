"""The names under which an app reads its secrets and price ids: those that its host knows, else the usual ones. Pure.

Output of `wrangler secret list` (JSON), `vercel env ls` and `fly secrets list` (tables), and `.env` files are all read leniently:
whatever looks like the name of a variable counts, and no value is ever looked at, let alone kept.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from msgspec import Struct

from billing_tui.model.plans import PlanRead

_NAME = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")
_LINE = re.compile(r"^[\s│|*>+-]*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)(?=\s|$|[│|:=])")
_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07")
_MOST, _LONGEST = 500, 80


class Host(Struct, frozen=True):
    """What a host knows, by name; `source` is who told it."""

    source: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """A secret: the slot in which this tool keeps it, what it is, its usual name, and how else it may be called."""

    slot: str
    what: str
    usual: str
    pattern: re.Pattern[str]


SECRETS = (
    Kind(
        *("webhook_secret", "Stripe's signing secret", "STRIPE_WEBHOOK_SECRET"),
        re.compile(r"STRIPE.*(WEBHOOK|SIGNING|WHSEC)|WEBHOOK.*STRIPE|^WHSEC"),
    ),
    Kind(
        *("stripe_key", "Stripe's secret key", "STRIPE_SECRET_KEY"),
        re.compile(r"^(?!.*PUBLI).*STRIPE(?!.*(WEBHOOK|PRICE|PRODUCT|SIGNING)).*(SECRET|KEY|SK)"),
    ),
    Kind(
        *("clerk_key", "Clerk's secret key", "CLERK_SECRET_KEY"),
        re.compile(r"^(?!.*PUBLI).*CLERK(?!.*(WEBHOOK|SIGNING|JWT)).*(SECRET|KEY|SK)"),
    ),
)
_PRICE = re.compile(r"PRICE")
_YEARLY, _MONTHLY = re.compile(r"YEAR|ANNUAL"), re.compile(r"MONTH")


def names_in(text: str) -> tuple[str, ...]:
    """The names that a host's output, or a file of settings, tells; each once, in their order."""
    clean = _CONTROL.sub("", text)
    found = _in_json(clean)
    if found is None:
        found = [match[1] for line in clean.splitlines() if (match := _LINE.match(line)) and _NAME.fullmatch(match[1].upper())]
        found = [name for name in found if name == name.upper()]
    return tuple(dict.fromkeys(name for name in found if len(name) <= _LONGEST))[:_MOST]


def _in_json(text: str) -> list[str] | None:
    """A list of objects with a name or a key each, or an object of names; None for what is no JSON."""
    start = min((place for place in (text.find("["), text.find("{")) if place >= 0), default=-1)
    if start < 0:
        return None
    try:
        held, _ = json.JSONDecoder().raw_decode(text[start:])
    except ValueError:
        return None
    rows = held.get("envs", held) if isinstance(held, dict) else held
    if isinstance(rows, dict):
        return [str(name) for name in rows]
    named = [row.get("name") or row.get("key") or row.get("Name") for row in rows if isinstance(row, dict)]
    return [name for name in named if isinstance(name, str)]


def kinds_of(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The names that stand for each secret, by slot."""
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        kind = next((kind for kind in SECRETS if kind.pattern.search(name)), None)
        if kind:
            found[kind.slot] = (*found.get(kind.slot, ()), name)
    return found


def price_names(reads: Sequence[PlanRead], host: Iterable[str]) -> dict[str, str]:
    """For each price that leads to a tier, the name under which the app reads its id: one of the host's, else a sensible one."""
    known = [name for name in host if _PRICE.search(name)]
    sold = [read for read in reads if read.tier]
    found: dict[str, str] = {}
    for read in sold:
        alone = sum(other.tier == read.tier for other in sold) == 1
        name = next((name for name in known if name not in found.values() and _stands_for(name, read, alone=alone)), "")
        found[read.price.id] = name or _sensible(read, found.values())
    return found


def _stands_for(name: str, read: PlanRead, *, alone: bool) -> bool:
    if _word(read.tier or "") not in name:
        return False
    yearly, monthly = bool(_YEARLY.search(name)), bool(_MONTHLY.search(name))
    interval = read.price.recurring.interval if read.price.recurring else ""
    if not yearly and not monthly:
        return alone or interval == "month"
    return yearly == (interval == "year") and monthly == (interval == "month")


def _sensible(read: PlanRead, taken: Iterable[str]) -> str:
    recurring = read.price.recurring
    often = "" if recurring is None else f"_{_INTERVALS.get(recurring.interval, recurring.interval.upper())}"
    name = f"STRIPE_PRICE_{_word(read.tier or '')}{often}"
    more = [f"{name}_{read.price.currency.upper()}", *(f"{name}_{number}" for number in range(2, 100))]
    return next(one for one in (name, *more) if one not in set(taken))


_INTERVALS = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}


def _word(text: str) -> str:
    return re.sub(r"[^A-Z0-9]+", "_", text.upper()).strip("_")
