"""The strip: the stations from the payment to the token, and where the chain is broken."""

from textual.content import Content

from billing_tui.model.diagnosis import Hop
from billing_tui.tui.draw import Piece, cut, lines, row
from billing_tui.tui.theme import BAD, DIM, FAINT, GREY, INK
from billing_tui.tui.words import HOPS

_NAMES = {
    "payment": ("Payment", "Pay"),
    "subscription": ("Subscription", "Sub"),
    "event": ("Event", "Event"),
    "delivery": ("Delivery", "Delivery"),
    "handler": ("Handler", "App"),
    "clerk": ("Clerk", "Clerk"),
    "database": ("Database", "Db"),
    "token": ("Token", "Token"),
}
_STYLES = ((0, "──", 24), (0, "─", 14), (1, "──", 14), (1, "─", 10), (1, "─", 6), (1, "", 8), (1, "", 0))
"""From roomy to narrow: which name, how long a line between, and how much of a value."""


def strip(hops: tuple[Hop, ...], width: int) -> Content:
    """Two lines: after the app's handler the way forks to Clerk, and to the database below it."""
    drawn = [_strip(hops, *style) for style in _STYLES]
    fitting = (each for each in drawn if max(content.cell_length for content in each) <= width)
    return lines(next(fitting, drawn[-1]))


def _strip(hops: tuple[Hop, ...], name: int, line: str, room: int) -> list[Content]:
    trunk = [hop for hop in hops if hop.name not in ("clerk", "database", "token")]
    leaves = {hop.name: hop for hop in hops if hop.name in ("clerk", "database", "token")}
    above: list[Piece] = []
    for number, hop in enumerate(trunk):
        above += _line(line, hop.state) if number else []
        above += _hop(hop, name, room)
    clerk, database, token = leaves.get("clerk"), leaves.get("database"), leaves.get("token")
    first = clerk or database
    if first is None:
        return [row(*above)]
    fork = row(*above).cell_length
    above += [
        (f" {line}", FAINT),
        ("┬" if clerk and database else "─", FAINT),
        ("─ " if line else " ", FAINT),
        *_hop(first, name, room),
    ]
    above += [*_line(line, token.state), *_hop(token, name, room)] if token else []
    below = (
        row((" " * (fork + 1 + len(line)), ""), ("└─ " if line else "└ ", FAINT), *_hop(database, name, room))
        if clerk and database
        else None
    )
    return [row(*above), below] if below else [row(*above)]


def _hop(hop: Hop, name: int, room: int) -> list[Piece]:
    mark = HOPS[hop.state]
    seen: list[Piece] = [(f" {hop.at.astimezone():%H:%M}", DIM)] if hop.at and room > 10 else []
    label = _NAMES.get(hop.name, (hop.name, hop.name))[name]
    value = cut(hop.value, room)
    if hop.broken:
        return [(f"{label} {mark.glyph}" + (f" {value}" if value else ""), f"bold {BAD}"), *seen]
    lit = DIM if hop.state in ("unknown", "pending") else GREY if hop.state == "off" else INK
    return [(f"{label} ", lit), (mark.glyph + (f" {value}" if value else ""), mark.style), *seen]


def _line(line: str, state: str) -> list[Piece]:
    if not line:
        return [(" ", "")]
    return [(f" {line} " if state in ("good", "bad") else f" {'╌' * len(line)} ", FAINT)]
