"""What is made of samples: medians of pairs, percentiles, and how they are written."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that so large a share of them does not exceed."""
    ordered = sorted(samples)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)]


def ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of ratios that were each measured side by side, since a machine is slower at one time than at another."""
    return median(ours / theirs for ours, theirs in pairs)


def middle(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The medians of both sides."""
    return median(ours for ours, _ in pairs), median(theirs for _, theirs in pairs)


def ms(seconds: float) -> str:
    """`0.31 ms`, `4.2 ms`, `136 ms`."""
    value = seconds * 1000
    return f"{value:.2f} ms" if value < 1 else f"{value:.1f} ms" if value < 100 else f"{value:,.0f} ms"
