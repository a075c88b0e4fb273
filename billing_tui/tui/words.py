"""The glyph, the word and the colour for each thing a diagnosis can say; a colour never stands without its word."""

from datetime import datetime
from typing import NamedTuple

from billing_tui.diagnosis.words import ALL_WELL, HOP_WORDS
from billing_tui.model.change import StepState
from billing_tui.model.diagnosis import Diagnosis, HopState
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK


class Mark(NamedTuple):
    """How a state is drawn."""

    glyph: str
    word: str
    style: str


HOPS: dict[HopState, Mark] = {
    "good": Mark("✓", HOP_WORDS["good"], GOOD),
    "bad": Mark("✗", HOP_WORDS["bad"], BAD),
    "unknown": Mark("?", HOP_WORDS["unknown"], DIM),
    "pending": Mark("…", HOP_WORDS["pending"], DIM),
    "off": Mark("–", HOP_WORDS["off"], GREY),
}

STEPS: dict[StepState, Mark] = {
    "planned": Mark("○", "planned", DIM),
    "applied": Mark("●", "applied", ATTENTION),
    "verified": Mark("✓", "verified", GOOD),
    "unchanged": Mark("=", "unchanged", DIM),
    "failed": Mark("✗", "failed", BAD),
    "skipped": Mark("–", "skipped", ATTENTION),
    "unknown": Mark("?", "unknown", BAD),
}

MOODS: dict[str, Mark] = {
    "plain": Mark("", "", INK),
    "good": Mark("✓ ", "", GOOD),
    "attention": Mark("! ", "", ATTENTION),
    "bad": Mark("✗ ", "", BAD),
}


def verdict_mark(diagnosis: Diagnosis) -> Mark:
    """Whether somebody must act, at a glance."""
    verdict = diagnosis.verdict
    if verdict.primary is None:
        return Mark("?", "no verdict", ATTENTION)
    if verdict.primary == ALL_WELL:
        return Mark("✓", "all well", GOOD)
    return Mark("✗", "ours to mend", BAD) if verdict.ours else Mark("!", "not ours", ATTENTION)


def clock(moment: datetime) -> str:
    """The time of day where the reader sits."""
    return moment.astimezone().strftime("%H:%M:%S")


def stamp(moment: datetime, now: datetime) -> str:
    """A time of day, or for another day the day and the minute."""
    here, today = moment.astimezone(), now.astimezone()
    if here.date() == today.date():
        return here.strftime("%H:%M:%S")
    return here.strftime("%-d %b %H:%M" if here.year == today.year else "%-d %b %Y")
