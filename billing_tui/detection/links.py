"""How a Stripe customer names its user: which places really carry an id, and whether users or organizations hold the plan."""

import re
from collections.abc import Sequence

from billing_tui.detection.findings import Found, counted, some
from billing_tui.diagnosis.links import ALIASES, Carriers, Link, links
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Customer, Session, Subscription

_CLERK = re.compile(r"(user|org)_[A-Za-z0-9]{10,}")
_UUID = re.compile(r"[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_ROOTS = ("subscription", "customer", "session")
_WORTH, _MOST = 0.05, 0.5
_MANY = {"subscription": "subscriptions", "customer": "customers", "session": "checkout sessions"}


def detect_links(carriers: Carriers) -> list[Found]:
    """`user_id_from`, and `scope` where it is an organization's id."""
    held = {path: found for path in _paths(carriers) if (found := _read(path, carriers))}
    worth = {path: found for path, found in held.items() if len(found) >= _WORTH * _total(path, carriers)}
    if not worth:
        return []
    share = {path: len(found) / _total(path, carriers) for path, found in worth.items()}
    order = sorted(
        worth, key=lambda path: (-_rank(worth[path]), share[path] < _MOST, _ROOTS.index(path.partition(".")[0]), -share[path])
    )
    kind = kind_of([link.value for link in worth[order[0]]])
    chain = [path for path in order if kind_of([link.value for link in worth[path]]) == kind]
    first = chain[0]
    root = first.partition(".")[0]
    values = [link.value for link in worth[first]]
    evidence = f"{first} {counted(len(values), _total(first, carriers), _MANY[root])}: {some(values, 2)}"
    proposal = Found("user_id_from", tuple(chain), evidence, sure=kind in ("user", "org", "uuid"))
    return [proposal, Found("scope", "organization", evidence)] if kind == "org" else [proposal]


def link_values(carriers: Carriers, paths: Sequence[str]) -> set[str]:
    """Every id that stands at those places."""
    return {link.value for path in paths for link in _read(path, carriers)}


def kind_of(values: Sequence[str]) -> str:
    """What most of the ids are: `user` or `org` of Clerk's, `uuid`, `number`, or `other`."""
    kinds = [_kind(value) for value in values]
    return max(dict.fromkeys(kinds), key=kinds.count) if kinds else "other"


def _kind(value: str) -> str:
    if found := _CLERK.fullmatch(value):
        return found[1]
    return "uuid" if _UUID.fullmatch(value) else "number" if value.isdecimal() else "other"


def _rank(found: Sequence[Link]) -> int:
    return {"user": 3, "org": 2, "uuid": 1}.get(kind_of([link.value for link in found]), 0)


def _paths(carriers: Carriers) -> list[str]:
    """The names that are met in the wild, and whatever else holds an id of Clerk's."""
    known = [f"{root}.metadata.{key}" for root in _ROOTS for key in ALIASES]
    more = [
        f"{root}.metadata.{key}"
        for root in _ROOTS
        for one in _objects(root, carriers)
        for key, value in (one.metadata or {}).items()
        if isinstance(value, str) and _CLERK.fullmatch(value) and key.strip() == key and key
    ]
    return list(dict.fromkeys(["session.client_reference_id", *known, *more]))


def _read(path: str, carriers: Carriers) -> tuple[Link, ...]:
    return links(carriers, Profile(name="any", mode="test", user_id_from=(path,)))


def _total(path: str, carriers: Carriers) -> int:
    return max(1, len(_objects(path.partition(".")[0], carriers)))


def _objects(root: str, carriers: Carriers) -> Sequence[Customer | Subscription | Session]:
    held: dict[str, Sequence[Customer | Subscription | Session]] = {
        "subscription": carriers.subscriptions,
        "customer": carriers.customers,
        "session": carriers.sessions,
    }
    return held[root]
