"""The Rules tab: what matched and why, what could not be decided and for want of what, and what was ruled out."""

from billing_tui.diagnosis.privacy import Mask
from billing_tui.diagnosis.words import ALL_WELL, CONFIDENCE
from billing_tui.model.diagnosis import Diagnosis, Finding
from billing_tui.model.text import listed
from billing_tui.tui.theme import ATTENTION, BAD, DIM, GOOD, GREY, INK
from billing_tui.tui.ticket.table import Line, heading, parts, said, table
from billing_tui.tui.widgets.rows import Row


def rule_rows(found: Diagnosis, mask: Mask, width: int) -> tuple[Row, ...]:
    """Matches with what they saw, then the unknown ones, then the rest in short."""
    results = {result: [each for each in found.findings if each.result == result] for result in ("match", "unknown", "no")}
    matched = [_matched(each, mask, width) for each in results["match"]] or [said("No rule matches so far.", width)]
    unknown = [heading("Not known", width)] + [row for each in results["unknown"] for row in _unknown(each, mask, width)]
    ruled_out = [Line(((each.id, GREY), (each.name, DIM)), each.id) for each in results["no"]]
    return parts(
        *matched,
        unknown if results["unknown"] else [],
        [heading("Ruled out", width), *table(ruled_out, width)] if ruled_out else [],
    )


def tally(found: Diagnosis, *, brief: bool) -> str:
    """`1 match · 3 unknown · 46 no`."""
    counts = {result: sum(each.result == result for each in found.findings) for result in ("match", "unknown", "no")}
    if brief:
        return f"{counts['match']} · {counts['unknown']} ?"
    return f"{counts['match']} match · {counts['unknown']} unknown · {counts['no']} no"


def _matched(finding: Finding, mask: Mask, width: int) -> list[Row]:
    glyph, style = ("✓", GOOD) if finding.id == ALL_WELL else ("✗", BAD) if finding.ours else ("!", ATTENTION)
    sure = CONFIDENCE.get(finding.confidence or "", "")
    head = Line(((f"{glyph} {finding.id}", f"bold {style}"), (sure, DIM), (finding.name, f"bold {INK}")), finding.id)
    rows = table([head], width)
    for text in filter(None, [finding.headline, finding.detail]):
        rows += said(mask(text), width, INK, indent=2)
    facts = [Line(((fact.source, DIM), (mask(fact.says), DIM)), fact.id or "") for fact in finding.facts]
    return rows + table(facts, width, caps=(26,), indent=2)


def _unknown(finding: Finding, mask: Mask, width: int) -> list[Row]:
    lacks = f"needs {mask(listed(finding.missing))}" if finding.missing else ""
    line = Line(((f"? {finding.id}", ATTENTION), (finding.name, INK), (lacks, DIM)), finding.id)
    return table([line], width, caps=(9, max(width // 2, 24)))
