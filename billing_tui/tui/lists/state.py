"""The line under the filter: how many rows of how many, in which order and from when; or what the word may become. Pure."""

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from billing_tui.model.problem import Problem
from billing_tui.tui.draw import Piece, cut, fold, row
from billing_tui.tui.theme import ATTENTION, DIM, GREY, INK, LINK


@dataclass(frozen=True)
class Standing:
    """What is known of a list. `shown` is None until it has been counted, `total` until the cache has said it."""

    shown: int | None = None
    total: int | None = None
    synced: datetime | None = None
    marks: int = 0
    problem: Problem | None = None
    unread: Problem | None = None
    """Why the key could not read them."""
    offers: tuple[str, ...] = ()


def state_content(held: Standing, order: str, width: int, *, typing: bool) -> Content:
    """One line of a width. `order` is what the rows are sorted by."""
    if typing and held.offers:
        return _offers(held.offers, width)
    problem = held.problem or (held.unread if held.total else None)
    if problem:
        words = " ".join(filter(None, [problem.message, problem.hint]))
        return row(("! ", ATTENTION), (cut(words, width - 2), INK))
    return row((cut(_counted(held, order), width), GREY if typing else DIM))


def _counted(held: Standing, order: str) -> str:
    if held.total is None or not (held.total or held.synced):
        return ""
    several = held.shown is not None and held.shown != held.total
    count = f"{held.shown:,} of {held.total:,}" if several else f"{held.total:,}"
    parts = [
        "counting …" if held.shown is None else count,
        f"sorted by {order}" if order else "newest first",
        f"{held.marks:,} marked" if held.marks else "",
        f"from the cache of {fresh(held.synced)}" if held.synced else "from a sync that is not finished",
    ]
    return " · ".join(filter(None, parts))


def fresh(moment: datetime) -> str:
    """A clock time, with the day where it is another one."""
    here = moment.astimezone()
    return f"{here:%H:%M}" if here.date() == datetime.now().astimezone().date() else f"{here:%-d %b %H:%M}"


def _offers(words: tuple[str, ...], width: int) -> Content:
    pieces: list[Piece] = [("tab ", f"bold {LINK}")]
    left = width - 4
    for number, word in enumerate(words):
        if len(word) + 2 > left:
            break
        pieces.append((word + "  ", INK if number == 0 else DIM))
        left -= len(word) + 2
    return row(*pieces)


def empty_lines(held: Standing, what: str, mode: str, width: int, *, syncing: bool) -> list[str]:
    """What stands in place of rows where there are none: why, and which key would change that."""
    if held.total is None or held.shown is None:
        return []
    if syncing:
        text = f"The first {what} appear as they come."
    elif held.total:
        text = f"None of {held.total:,} {what} match. Press / to change the words."
    elif held.unread:
        text = f"{held.unread.message} {held.unread.hint}"
    elif held.synced:
        text = f"This account has no {what} in {mode} mode. Press ctrl+r to look again."
    else:
        text = (
            f"No {what} yet: this account has not been read into the cache. Press ctrl+r to read it from Stripe; "
            "one request brings 100 of them, you see how it goes, and esc stops it, keeping what was done."
        )
    return ["", *fold(text, min(width, 78))]
