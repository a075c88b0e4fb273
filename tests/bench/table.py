"""The one table that a run prints: what was measured against what, and whether the bar is met, in a word."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

HEADS = ("what", "floor or peer, same run", "goal", "measured", "bar")
WIDTHS = (34, 30, 22, 40, 8)


@dataclass(frozen=True)
class Line:
    """One bar. `met` is None where there was nothing to measure against, which `measured` then says."""

    bar: str
    floor: str
    goal: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """In a word."""
        return "-" if self.met is None else "met" if self.met else "NOT MET"


def drawn(lines: Sequence[Line]) -> str:
    """All of them, aligned, long cells folded."""
    rule = "  ".join("-" * width for width in WIDTHS)
    rows = [_folded((line.bar, line.floor, line.goal, line.measured, line.verdict)) for line in lines]
    return "\n".join([_folded(HEADS), rule, *rows])


def _folded(cells: Sequence[str]) -> str:
    folded = [wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS, strict=True)]
    height = max(map(len, folded))
    rows = zip(*(part + [""] * (height - len(part)) for part in folded), strict=True)
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, WIDTHS, strict=True)).rstrip() for row in rows)
