"""The band: mode, account and lock, the one line that nobody may overlook."""

from textual.content import Content
from textual.widget import Widget

from billing_tui.model.band import Band
from billing_tui.model.text import short
from billing_tui.tui.draw import Piece, cut, row
from billing_tui.tui.words import clock


class BandLine(Widget):
    """One line in the colour of the mode, its word first, DEMO before either."""

    DEFAULT_CSS = """
    BandLine { height: 1; width: 1fr; text-wrap: nowrap; text-overflow: clip; color: $band-ink; background: $band-test; }
    BandLine.-live { background: $band-live; color: $band-live-ink; text-style: bold; }
    """

    def __init__(self, band: Band) -> None:
        super().__init__()
        self._band = band
        self.set_class(band.mode == "live", "-live")

    def show(self, band: Band) -> None:
        """Draws the band as it is now; nothing is sent when nothing has changed."""
        if band == self._band:
            return
        self._band = band
        self.set_class(band.mode == "live", "-live")
        self.refresh()

    def render(self) -> Content:
        return band_content(self._band, self.size.width)


def band_content(band: Band, width: int) -> Content:
    """The band for a width: what matters least is left out first, the mode and the lock never."""
    left, right = _places(band), _state(band)
    short_state = _state(band, brief=True)
    for chosen, state in ((left, right), (left[:-1], right), (left[:-1], short_state), (left[:-2], short_state)):
        if _width(chosen) + _width(state) + _width(_chips(band)) + 2 <= width:
            return _joined(_chips(band), chosen, state, width)
    room = max(width - _width(_chips(band)) - _width(short_state) - 4, 0)
    name = [cut(band.account_name or band.profile, room)] if room > 3 else []
    return _joined(_chips(band), name, short_state, width)


def _chips(band: Band) -> list[Piece]:
    demo: list[Piece] = [(" DEMO ", "bold $chip-ink on $chip-demo")] if band.demo else []
    live = band.mode == "live"
    style = "bold $chip-live-ink on $chip-live" if live else "bold $chip-ink on $chip-test"
    return [*demo, (f" {band.mode.upper()} ", style)]


def _places(band: Band) -> list[str]:
    account = "  ".join(filter(None, [band.account_name or band.profile, short(band.account_id)]))
    clerk = f"Clerk {band.clerk}" if band.clerk else ""
    database = band.database if band.database.startswith("db ") or not band.database else f"db {band.database}"
    return [account, *filter(None, [clerk, database])]


def _state(band: Band, *, brief: bool = False) -> list[str]:
    lock = "read-only" if band.read_only else "locked" if band.locked else "unlocked" if band.mode == "live" else ""
    reads = f"{band.reads}/{band.reads_per_day}" if band.reads_per_day else str(band.reads)
    fresh = clock(band.fresh)[:5] if band.fresh else ""
    return [part for part in (lock, reads if brief else f"reads {reads}", fresh) if part]


def _width(parts: list[str] | list[Piece]) -> int:
    return sum(
        Content(part if isinstance(part, str) else part[0]).cell_length + (3 if isinstance(part, str) else 0) for part in parts
    )


def _joined(chips: list[Piece], left: list[str], right: list[str], width: int) -> Content:
    start = row(*chips, (" " + "   ".join(left), ""))
    end = row(("   ".join(right) + " ", "bold" if "unlocked" in right else ""))
    return Content.assemble(start, " " * max(width - start.cell_length - end.cell_length, 1), end)
