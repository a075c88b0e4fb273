"""The words for what a diagnosis says, the same on a screen, on a terminal and in a document. Pure."""

from billing_tui.model.diagnosis import Diagnosis, HopState

ALL_WELL = "PBF-099"
CONFIDENCE = {"high": "sure", "medium": "likely", "low": "possible"}
HOP_WORDS: dict[HopState, str] = {
    "good": "good",
    "bad": "bad",
    "unknown": "not known",
    "pending": "asked, no answer yet",
    "off": "not configured or not asked",
}


def verdict_note(diagnosis: Diagnosis) -> str:
    """`PBF-054 · sure`, and `so far` until every layer is in."""
    verdict = diagnosis.verdict
    words = [verdict.primary or "", CONFIDENCE.get(verdict.confidence or "", "")]
    return " · ".join(filter(None, [*words, "" if diagnosis.evidence.settled else "so far"]))
