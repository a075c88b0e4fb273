"""The head of a ticket: whose it is, the verdict, and the sentence that sums it up."""

import re

from rich.cells import cell_len
from textual.content import Content

from billing_tui.diagnosis.privacy import Mask
from billing_tui.diagnosis.words import verdict_note
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import age_of
from billing_tui.model.problem import Problem
from billing_tui.model.text import short
from billing_tui.tui.draw import cut, ends, fold, indented, lines, row, tinted
from billing_tui.tui.theme import BAD, DIM, GOOD, INK, MONEY
from billing_tui.tui.visits import Visit
from billing_tui.tui.words import clock, stamp, verdict_mark

_AMOUNT = r"(?:[$€£¥]|\b[A-Z]{2}\$|\b[A-Z]{3} )\d[\d,]*(?:\.\d+)?"


def header(visit: Visit, mask: Mask, width: int) -> Content:
    """Who, by every name we have for them, and when that was read."""
    found = visit.diagnosis
    subject = found.subject if found else None
    who = subject.emails[0] if subject and subject.emails else visit.text
    ids = [subject.user_id, subject.organization_id, *subject.customer_ids[:2]] if subject else []
    named = [short(each) for each in ids if each and each != who]
    fresh = _freshness(visit)
    name = cut(mask(who), max(width - fresh.cell_length - 2, 20))
    room = width - fresh.cell_length - 2 - cell_len(name)
    while named and sum(len(each) + 3 for each in named) > room:
        named.pop()
    return ends(row((name, f"bold {INK}"), *(("   " + each, DIM) for each in named)), fresh, width)


def _freshness(visit: Visit) -> Content:
    evidence = visit.diagnosis.evidence if visit.diagnosis else None
    cached = age_of(evidence) if evidence else None
    if visit.asking:
        return row((f"from the cache of {stamp(cached, evidence.at)}, " if cached and evidence else "", DIM), ("asking …", DIM))
    if evidence is None:
        return Content()
    live = "confirmed live" if cached else "live"
    return row((f"{live} at {clock(evidence.at)}", GOOD))


def verdict(visit: Visit, mask: Mask, width: int) -> Content:
    """The cause in one sentence, how sure it is, and what it rests on."""
    drawn: list[Content] = []
    if visit.problem:
        drawn += _problem(visit.problem, mask, width)
    if visit.diagnosis:
        drawn += _verdict(visit.diagnosis, mask, width)
    elif visit.asking:
        drawn += [row(("… ", DIM), ("Asking Stripe, Clerk and the database", f"bold {INK}"))]
    return lines(drawn)


def _verdict(found: Diagnosis, mask: Mask, width: int) -> list[Content]:
    mark, note = verdict_mark(found), verdict_note(found)
    texts = fold(mask(found.verdict.headline), width - 2, lines=2)
    drawn = [row((f"{mark.glyph} ", f"bold {mark.style}"), (texts[0], f"bold {INK}"))]
    drawn += indented(texts[1:], 2, f"bold {INK}")
    noted = row(("   " + note, DIM))
    beside = drawn[-1].cell_length + noted.cell_length <= width
    if beside:
        drawn[-1] = Content.assemble(drawn[-1], noted)
    return drawn + _sum(found, mask, width, "" if beside else note + " · ")


def _sum(found: Diagnosis, mask: Mask, width: int, note: str) -> list[Content]:
    """What it rests on; begins with the note that found no room beside the headline."""
    said = mask(" ".join(dict.fromkeys(filter(None, [found.summary, found.verdict.detail]))))
    tints = [(_AMOUNT, MONEY)]
    if found.expected_plan and found.verdict.ours:
        others = [tier for tier in found.evidence.profile.tiers if tier != found.expected_plan]
        tints += [
            (rf"\b{re.escape(tier)}\b", GOOD if tier == found.expected_plan else BAD) for tier in (found.expected_plan, *others)
        ]
    drawn = [Content.assemble("  ", tinted(text, INK, tints)) for text in fold(note + said, width - 2, lines=3) if text]
    if note and drawn:
        drawn[0] = drawn[0].stylize(DIM, 2, 2 + len(note))
    also = [*found.verdict.also, *found.verdict.symptoms]
    more = row(("   also " + " ".join(also), DIM)) if also else Content()
    if drawn and drawn[-1].cell_length + more.cell_length <= width:
        drawn[-1] = Content.assemble(drawn[-1], more)
    return drawn


def _problem(problem: Problem, mask: Mask, width: int) -> list[Content]:
    first, *more = fold(mask(problem.message), width - 2, lines=3)
    drawn = [row(("✗ ", f"bold {BAD}"), (first, f"bold {INK}")), *indented(more, 2, f"bold {INK}")]
    return drawn + (indented(fold(mask(problem.hint), width - 2, lines=3), 2, DIM) if problem.hint else [])
