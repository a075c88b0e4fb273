"""The top of the Webhooks screen: each endpoint with its health, and the last day by the hour. And the log's columns. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from billing_tui.cache.delivery_times import DeliveryTimes
from billing_tui.cache.pending import Hour
from billing_tui.cache.rows import EventRow, Heard, Sent
from billing_tui.model.evidence import Configuration, Gap
from billing_tui.model.moment import from_unix, lasting
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import listed, short
from billing_tui.tui.draw import Piece, fit, row
from billing_tui.tui.lists.look import Look
from billing_tui.tui.table.columns import Column
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, INK, LINK
from billing_tui.tui.ticket.table import gap_rows, said
from billing_tui.tui.widgets.rows import Row
from billing_tui.tui.words import stamp

MOST = 4
"""Endpoints that are shown; an app has one or two."""
_BARS = " ▁▂▃▄▅▆▇█"
# How long Stripe goes on trying by itself.
_RETRIES = {"live": timedelta(days=3), "test": timedelta(hours=6)}


def endpoint_rows(
    configuration: Configuration | None, profile: Profile, hours: Sequence[Hour], times: DeliveryTimes | None, width: int
) -> tuple[Row, ...]:
    """A line for each endpoint, what is wrong with it under it, then the day, and how long deliveries took."""
    if configuration is None:
        return (Row(row(("Reading the endpoints …", DIM)), stops=False),)
    held = configuration.endpoints
    if isinstance(held, Gap):
        return tuple(gap_rows(held, width))
    if not held:
        todo = "Stripe has no endpoint: billing-tui fix endpoint --create makes one."
        return tuple(said(f"✗ {todo}", width, BAD))
    rows = [line for one in held[:MOST] for line in _endpoint(one, profile, width)]
    if len(held) > MOST:
        rows += said(f"and {len(held) - MOST} more", width)
    return (*rows, _day(hours, width), *_times(times, width))


def _endpoint(held: Endpoint, profile: Profile, width: int) -> list[Row]:
    own = held.url == profile.webhook_url
    state: Piece = ("✓ enabled ", GOOD) if held.enabled else ("✗ disabled", BAD)
    version = held.api_version or "default version"
    other = bool(profile.code_api_version) and held.api_version != profile.code_api_version
    tail: list[Piece] = [(f"  {version}", ATTENTION if other else DIM), (f"  {short(held.id)}", DIM)]
    room = max(width - len(state[0]) - 2 - sum(len(text) for text, _ in tail), 12)
    rows = [Row(row(state, ("  ", ""), (fit(held.url, room), INK), *tail), held.id, stops=False)]
    missing = [name for name in profile.required_events if not held.hears(name)] if own else []
    if missing:
        rows += said(f"! It is not sent {listed(missing)}, which the app needs.", width, ATTENTION, indent=2)
    if other:
        rows += said(f"! The app's code expects {profile.code_api_version}.", width, ATTENTION, indent=2)
    if not own:
        rows += said("not the app's own address" if profile.webhook_url else "webhook_url is not set", width, DIM, indent=2)
    return rows


def _day(hours: Sequence[Hour], width: int) -> Row:
    """The last day: how much came, and the share that waits, by the hour."""
    events, waits = sum(one.events for one in hours), sum(one.waiting for one in hours)
    bars = "".join(_bar(one) for one in hours) if width >= 70 else ""
    share: Piece = (f"{waits} outstanding", BAD) if waits else ("none outstanding", GOOD)
    spark: Piece = (f"  {bars}", BAD if waits else DIM)
    pieces = [("last 24 h  ", DIM), (f"{events} events, ", INK), share, spark, (" by the hour" if bars else "", DIM)]
    return Row(row(*pieces), stops=False)


def _times(times: DeliveryTimes | None, width: int) -> list[Row]:
    """How long deliveries took, as far as this tool was there to see."""
    if times is None or not times.count:
        return []
    head: Piece = ("taken      ", DIM)
    if times.median is None:
        few = f"too few seen to say how long deliveries take ({times.count} in 7 days)"
        return [Row(row(head, (fit(few, max(width - 11, 1)), DIM)), stops=False)]
    p95 = f"95 % within {lasting(times.p95)}" if times.p95 is not None else "95 % not taken yet"
    most = max(times.histogram)
    bars = "".join(_BARS[max(1, round(count / most * 8))] if count else _BARS[0] for count in times.histogram)
    pieces: list[Piece] = [head, (f"half within {lasting(times.median)}, {p95}", INK), (f"  of {times.count:,}", DIM)]
    pieces += [("  ", ""), (f"{bars}▏", LINK), ("10 s 1 min 5 min 1 h 1 d more", DIM)] if width >= 98 else []
    return [Row(row(*pieces, ("  at most" if width >= 70 else "", DIM)), stops=False)]


def _bar(hour: Hour) -> str:
    """The share of an hour's events that some endpoint has not taken; a dot where nothing came."""
    if not hour.events:
        return "·"
    return _BARS[max(1, round(hour.waiting / hour.events * 8))] if hour.waiting else _BARS[1]


def sent_to(configuration: Configuration | None, profile: Profile) -> Sent | None:
    """The endpoints as a filter asks for them; None while they are not known."""
    held = configuration.endpoints if configuration else None
    if held is None or isinstance(held, Gap):
        return None
    heard = tuple(
        Heard(one.id, one.url, tuple(one.enabled_events or ()), one.created, one.enabled, one.url == profile.webhook_url)
        for one in held
    )
    return Sent(heard, int(_RETRIES[profile.mode].total_seconds()))


def state_of(held: EventRow, configuration: Configuration | None, profile: Profile, now: datetime) -> Piece:
    """What can be said of an event's delivery to the app's own endpoint; what can't be told is not known."""
    endpoints = configuration.endpoints if configuration else ()
    known = () if isinstance(endpoints, Gap) else endpoints
    own = [one for one in known if one.url == profile.webhook_url]
    if own and not any(one.hears(held.type) and one.created <= held.created for one in own):
        return ("· not subscribed", DIM)
    if not held.pending:
        return ("✓ delivered", GOOD) if own else ("? unknown", DIM)
    if now - from_unix(held.created) < _RETRIES[profile.mode] and (not own or any(one.enabled for one in own)):
        return ("… pending", ATTENTION)
    return ("✗ failed", BAD)


def event_columns(look: Look, room: int, configuration: Configuration | None, profile: Profile) -> Sequence[Column[EventRow]]:
    """State, type, when, whose, and the id."""
    now = datetime.now(UTC)
    state = Column[EventRow]("STATE", lambda held: state_of(held, configuration, profile, now), 16, 0, "pending")
    kind = Column[EventRow]("TYPE", lambda held: (held.type, INK), 30, 2, "type")
    when = Column[EventRow]("WHEN", lambda held: (stamp(from_unix(held.created), now), DIM), 13, 0, "created", falls=True)
    who = Column[EventRow]("WHOSE", lambda held: (look.who(held.email) or short(held.customer_id), INK), 18, 1, "customer")
    if room < 70:
        return (state, kind, when)
    if room < 98:
        return (state, kind, when, who)
    name = Column[EventRow]("EVENT", lambda held: (short(held.id), DIM), 13, 0, "id")
    return (state, kind, when, who, name)
