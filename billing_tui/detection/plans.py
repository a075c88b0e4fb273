"""Which tiers are sold and where the catalogue says so: metadata of products and prices first, then lookup keys, then names."""

import re
from collections.abc import Collection, Sequence

from billing_tui.detection.findings import Found, counted, some
from billing_tui.model.plans import look_up
from billing_tui.model.stripe import Price, Product

PLAN_KEYS = ("plan", "planKey", "plan_key", "planId", "plan_id", "planName", "plan_name", "tier", "claimId")
_PATHS = (*(f"product.metadata.{key}" for key in PLAN_KEYS), *(f"price.metadata.{key}" for key in PLAN_KEYS))
# A place that fewer prices use is more likely a slip than a habit of the app's.
_WORTH = 0.2
_FREE = ("free", "hobby", "none", "basic")
_MONTHS = {"day": 1 / 30, "week": 7 / 30, "month": 1.0, "year": 12.0}
_CADENCE = re.compile(
    r"[\s_\-.:]+(?:monthly|yearly|annually|annual|month|year|mo|yr|plan|subscription|usd|eur|gbp|v\d+|\d{4})$", re.IGNORECASE
)


def detect_plans(prices: Sequence[Price], words: Collection[str]) -> list[Found]:
    """`tiers`, `plan_from` and, where no one place holds a tier, `prices`.

    `words` are what the app itself calls its plans, in Clerk or in its database.
    """
    sold = _sold(prices)
    if not sold:
        return []
    paths = sorted(_PATHS, key=lambda path: -len(_read(path, sold)))
    best = _read(paths[0], sold)
    if best:
        return _by_metadata(paths, sold, words)
    keys = _read("price.lookup_key", sold)
    names = _read("product.name", sold)
    if len(keys) * 2 >= len(sold):
        return _by_text("price.lookup_key", keys, sold, words)
    return _by_text("product.name", names, sold, words) if names else []


def _by_metadata(paths: list[str], sold: Sequence[Price], words: Collection[str]) -> list[Found]:
    """The place that covers most, and after it those that say the same words where it says nothing."""
    written = _read(paths[0], sold)
    best = _spelled(written, words)
    chain, covered = [paths[0]], set(best)
    for path in [*paths[1:], "price.lookup_key"]:
        more = {price_id: value for price_id, value in _read(path, sold).items() if price_id not in covered}
        if len(more) >= _WORTH * len(sold) and set(more.values()) <= set(best.values()):
            chain.append(path)
            covered |= set(more)
    evidence = f"{paths[0]} {counted(len(best), len(sold), 'prices')}: {some(best.values())}"
    odd = sorted({value for price_id, value in written.items() if value != best[price_id]})
    told = f"{evidence}; misspelt as {some(odd)}" if odd else evidence
    return [
        _tiers(best, sold, words, told),
        Found("plan_from", tuple(chain), evidence),
    ]


def _spelled(read: dict[str, str], words: Collection[str]) -> dict[str, str]:
    """The same tiers where one is written in two cases: as the app writes it, else as most prices do."""
    values = list(read.values())
    spelling: dict[str, str] = {}
    for value in sorted(set(values), key=lambda value: (value not in words, -values.count(value))):
        spelling.setdefault(value.lower(), value)
    return {price_id: spelling[value.lower()] for price_id, value in read.items()}


def _by_text(path: str, texts: dict[str, str], sold: Sequence[Price], words: Collection[str]) -> list[Found]:
    """Tiers from lookup keys or names: the very texts where the app knows them, else what they have in common."""
    evidence = f"no metadata says; {path} {counted(len(texts), len(sold), 'prices')}: {some(texts.values())}"
    if set(texts.values()) <= set(words):
        return [_tiers(texts, sold, words, evidence), Found("plan_from", (path,), evidence)]
    mapped = {price_id: _word(text, words) for price_id, text in texts.items()}
    if mapped == texts:
        return [_tiers(mapped, sold, words, evidence, sure=False), Found("plan_from", (path,), evidence, sure=False)]
    return [_tiers(mapped, sold, words, evidence, sure=False), Found("prices", mapped, evidence, sure=False)]


def _tiers(read: dict[str, str], sold: Sequence[Price], words: Collection[str], evidence: str, *, sure: bool = True) -> Found:
    """Every tier, cheapest first, behind the one that nobody pays for."""
    cost: dict[str, float] = {}
    for price in sold:
        if price.id in read:
            tier = read[price.id]
            cost[tier] = min(cost.get(tier, float("inf")), _monthly(price))
    ordered = sorted(cost, key=lambda tier: cost[tier])
    known = {word.lower(): word for word in words if word not in ordered}
    free = next((known[word] for word in _FREE if word in known), "free")
    gratis = bool(ordered) and (cost[ordered[0]] == 0 or ordered[0].lower() == "free")
    tiers = tuple(ordered) if gratis else (free, *(tier for tier in ordered if tier != free))
    told = "" if gratis else f"; {free} for those who pay nothing"
    return Found("tiers", tiers, evidence + told, sure=sure and (gratis or free in words))


def _sold(prices: Sequence[Price]) -> list[Price]:
    """What is for sale as a subscription; what once was, where nothing is."""
    recurring = [price for price in prices if price.recurring]
    active = [price for price in recurring if price.active and (product := _product(price)) is not None and product.active]
    return active or recurring


def _read(path: str, sold: Sequence[Price]) -> dict[str, str]:
    found = {price.id: look_up(path, price, _product(price)) for price in sold}
    return {price_id: value.strip() for price_id, value in found.items() if value and value.strip()}


def _product(price: Price) -> Product | None:
    return price.product if isinstance(price.product, Product) else None


def _monthly(price: Price) -> float:
    every = price.recurring
    months = _MONTHS.get(every.interval, 1.0) * every.interval_count if every else 1.0
    return (price.unit_amount if price.unit_amount is not None else 10**9) / months


def _word(text: str, words: Collection[str]) -> str:
    """What the app calls it, where one of its words is in the text; else the text without how often it is paid."""
    parts = re.split(r"[\s_\-.:]+", text.lower())
    for word in words:
        if word.lower() in parts:
            return word
    stem = text
    while (shorter := _CADENCE.sub("", stem)) and shorter != stem:
        stem = shorter
    return re.sub(r"\s+", "-", stem.strip().lower()) or text
