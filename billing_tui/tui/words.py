"""The glyph, the word and the colour for each thing a diagnosis can say; a colour never stands without its word."""

from datetime import datetime
from typing import NamedTuple

from billing_tui.model.change import StepState
from billing_tui.model.diagnosis import Diagnosis, HopState
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK

CONFIDENCE = {"high": "sure", "medium": "likely", "low": "possible"}
ALL_WELL = "PBF-099"


class Mark(NamedTuple):
    """How a state is drawn."""

    glyph: str
    word: str
    style: str


HOPS: dict[HopState, Mark] = {
    "good": Mark("✓", "good", GOOD),
    "bad": Mark("✗", "bad", BAD),
    "unknown": Mark("?", "not known", DIM),
    "pending": Mark("…", "asked, no answer yet", DIM),
    "off": Mark("–", "not configured or not asked", GREY),
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


def verdict_note(diagnosis: Diagnosis) -> str:
    """`PBF-054 · sure`, and `so far` until every layer is in."""
    verdict = diagnosis.verdict
    words = [verdict.primary or "", CONFIDENCE.get(verdict.confidence or "", "")]
    return " · ".join(filter(None, [*words, "" if diagnosis.evidence.settled else "so far"]))


def clock(moment: datetime) -> str:
    """The time of day where the reader sits."""
    return moment.astimezone().strftime("%H:%M:%S")


def stamp(moment: datetime, now: datetime) -> str:
    """A time of day, or for another day the day and the minute."""
    here, today = moment.astimezone(), now.astimezone()
    if here.date() == today.date():
        return here.strftime("%H:%M:%S")
    return here.strftime("%-d %b %H:%M" if here.year == today.year else "%-d %b %Y")
