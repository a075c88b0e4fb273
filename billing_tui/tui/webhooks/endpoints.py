"""The top of the Webhooks screen: each endpoint with its health, and how long the app took to be told. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from billing_tui.cache.delivery_times import DeliveryTimes
from billing_tui.cache.health import Health
from billing_tui.cache.pending import Hour
from billing_tui.cache.rows import Heard, Sent
from billing_tui.diagnosis.addresses import same_address
from billing_tui.diagnosis.deliveries import RETRIES
from billing_tui.model.evidence import Configuration, Gap
from billing_tui.model.moment import from_unix, lasting
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import listed, short
from billing_tui.tui.draw import Piece, fit, row
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import gap_rows, said
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp

MOST = 4
"""Endpoints that are shown; an app has one or two."""
_BARS = " ▁▂▃▄▅▆▇█"
_ROOM_FOR_BARS = 31


class Top(Struct, frozen=True, kw_only=True):
    """What is known by now: the endpoints, the day whoever was told, each endpoint's health and the app's delivery times.

    Where no events were read there are no hours, and nothing is said of how anybody does.
    """

    configuration: Configuration | None = None
    hours: Sequence[Hour] = ()
    health: Mapping[str, Health] = {}
    times: DeliveryTimes | None = None


def sent_to(configuration: Configuration | None, profile: Profile) -> Sent | None:
    """The endpoints as a filter asks for them; None while they are not known."""
    held = configuration.endpoints if configuration else None
    if held is None or isinstance(held, Gap):
        return None
    heard = tuple(
        Heard(one.id, one.url, tuple(one.enabled_events or ()), one.created, one.enabled, _is_own(one, profile)) for one in held
    )
    return Sent(heard, int(RETRIES[profile.mode].total_seconds()))


def endpoint_rows(top: Top, profile: Profile, width: int) -> tuple[Row, ...]:
    """The app's own endpoint first: a line, how it does, what is wrong with it."""
    if top.configuration is None:
        return (Row(row(("Reading the endpoints …", DIM)), stops=False), *_everywhere(top.hours, width))
    held = top.configuration.endpoints
    if isinstance(held, Gap):
        return (*gap_rows(held, width), *_everywhere(top.hours, width))
    if not held:
        todo = "Stripe has no endpoint: billing-tui fix endpoint --create makes one."
        return tuple(said(f"✗ {todo}", width, BAD))
    inward = sorted(held, key=lambda one: not _is_own(one, profile))
    rows = [line for one in inward[:MOST] for line in _endpoint(one, top, profile, width)]
    return (*rows, *(said(f"and {len(held) - MOST} more", width) if len(held) > MOST else []))


def _is_own(held: Endpoint, profile: Profile) -> bool:
    return same_address(held.url, profile.webhook_url)


def _endpoint(held: Endpoint, top: Top, profile: Profile, width: int) -> list[Row]:
    own = _is_own(held, profile)
    state: Piece = ("✓ enabled ", GOOD) if held.enabled else ("✗ disabled", BAD)
    version = held.api_version or "default version"
    other = bool(profile.code_api_version) and held.api_version != profile.code_api_version
    tail: list[Piece] = [(f"  {version}", ATTENTION if other else DIM), (f"  {short(held.id)}", DIM)]
    room = max(width - len(state[0]) - 2 - sum(len(text) for text, _ in tail), 12)
    rows = [Row(row(state, ("  ", ""), (fit(held.url, room), INK), *tail), held.id, stops=False)]
    if health := top.health.get(held.id):
        rows.append(_health(held, health, width))
    rows += _times(top.times, width) if own else []
    missing = [name for name in profile.required_events if not held.hears(name)] if own else []
    if missing:
        rows += said(f"! It is not sent {listed(missing)}, which the app needs.", width, ATTENTION, indent=2)
    if other:
        rows += said(f"! The app's code expects {profile.code_api_version}.", width, ATTENTION, indent=2)
    if not own:
        rows += said("not the app's own address" if profile.webhook_url else "webhook_url is not set", width, DIM, indent=2)
    return rows


def _health(held: Endpoint, health: Health, width: int) -> Row:
    """What it has not taken, when it last took something, and the share of a day by the hour."""
    said: list[Piece] = [_undelivered(held, health)]
    if health.perhaps:
        said.append((f", {health.perhaps:,} perhaps", ATTENTION))
    said += [("  last good ", DIM), _good(held, health)]
    if width - 2 - sum(len(text) for text, _ in said) >= _ROOM_FOR_BARS:
        waits = any(hour.lost or hour.perhaps for hour in health.hours)
        bars = "".join(_bar(hour.events, hour.lost + hour.perhaps) for hour in health.hours)
        said = [("24 h ", DIM), (bars, BAD if waits else DIM), ("  ", ""), *said]
    return Row(row(("  ", ""), *said), stops=False)


def _undelivered(held: Endpoint, health: Health) -> Piece:
    if health.lost:
        return (f"{health.lost:,} undelivered", BAD)
    return ("none undelivered", GOOD) if held.enabled else ("nothing is sent there", ATTENTION)


def _good(held: Endpoint, health: Health) -> Piece:
    if health.good is None:
        return ("none seen" if held.enabled else "unknown", DIM)
    return (stamp(from_unix(health.good), datetime.now(UTC)) + ("" if held.enabled else ", as the app says"), INK)


def _everywhere(hours: Sequence[Hour], width: int) -> list[Row]:
    """The last day, as long as nobody can say where events were sent: how much came, and what some endpoint has not taken."""
    if not hours:
        return []
    events, waits = sum(one.events for one in hours), sum(one.waiting for one in hours)
    bars = "".join(_bar(one.events, one.waiting) for one in hours) if width >= 70 else ""
    share: Piece = (f"{waits:,} undelivered", BAD) if waits else ("none undelivered", GOOD)
    pieces: list[Piece] = [("24 h ", DIM), (bars, BAD if waits else DIM), ("  ", ""), share, (f" of {events:,} events", DIM)]
    return [Row(row(("  ", ""), *pieces), stops=False)]


def _times(times: DeliveryTimes | None, width: int) -> list[Row]:
    """How long deliveries took, as far as this tool was there to see."""
    if times is None or not times.count:
        return []
    head: Piece = ("  taken ", DIM)
    if times.median is None:
        few = f"too few seen to say how long deliveries take ({times.count} in 7 days)"
        return [Row(row(head, (fit(few, max(width - len(head[0]), 1)), DIM)), stops=False)]
    p95 = f"95 % within {lasting(times.p95)}" if times.p95 is not None else "95 % not taken yet"
    most = max(times.histogram)
    bars = "".join(_BARS[max(1, round(count / most * 8))] if count else _BARS[0] for count in times.histogram)
    pieces: list[Piece] = [head, (f"half within {lasting(times.median)}, {p95}", INK), (f"  of {times.count:,}", DIM)]
    pieces += [("  ", ""), (f"{bars}▏", LINK), ("10 s 1 min 5 min 1 h 1 d more", DIM)] if width >= 98 else []
    return [Row(row(*pieces, ("  at most" if width >= 70 else "", DIM)), stops=False)]


def _bar(events: int, waiting: int) -> str:
    """The share of an hour's events that was not taken; a dot where nothing came."""
    if not events:
        return "·"
    return _BARS[max(2, round(waiting / events * 8))] if waiting else _BARS[1]
