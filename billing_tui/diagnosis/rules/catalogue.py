"""Causes in the catalogue: what was bought does not say which tier it is, in the words that the app reads."""

from collections.abc import Iterator, Mapping

from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.rule import Judgement, match, no, rule, unknown
from billing_tui.model.diagnosis import Fact, Layer
from billing_tui.model.plans import PlanRead, look_up
from billing_tui.model.text import listed, quoted, short

# Keys under which others keep a plan, compared without case, blanks, dashes and underscores.
_ALIASES = frozenset(
    {"plan", "tier", "plankey", "planname", "planid", "plantype", "claimid", "subscription", "subscriptiontier", "level"}
)


@rule("PBF-024", "Price unknown to the app", Layer.CATALOGUE)
def price_unknown(case: Case) -> Judgement:
    read = _unread(case)
    if isinstance(read, Judgement):
        return read
    if read.path or not _mapped(case) or next(_astray(case, read), None):
        return no()
    archived = "" if read.price.active else ", an old one that is no longer sold"
    return match(
        "high" if case.profile.prices else "medium",
        f"The app does not know the price that they pay ({short(read.price.id)}{archived}).",
        Fact(
            source="stripe.price",
            id=read.price.id,
            field="active",
            value=read.price.active,
            says="Is on none of the app's lists.",
        ),
        detail="A handler must keep the plan that somebody has when it meets a price that it does not know.",
    )


def _mapped(case: Case) -> bool:
    """Whether the app tells plans by the price itself: by a list of ids, or by lookup keys alone."""
    return bool(case.profile.prices) or all(
        path.startswith("price.") and "metadata" not in path for path in case.profile.plan_from
    )


@rule("PBF-030", "Plan key missing on the product", Layer.CATALOGUE)
def key_missing(case: Case) -> Judgement:
    read = _unread(case)
    if isinstance(read, Judgement):
        return read
    if read.path or _mapped(case) or next(_astray(case, read), None):
        return no()
    looked = listed([quoted(path) for path in case.profile.plan_from])
    return match(
        "high",
        f"{_name(read)} does not say which plan it is, so nobody who buys it is upgraded.",
        Fact(source="stripe.product", id=read.price.product_id, says=f"Nothing that is a plan stands at {looked}."),
        Fact(
            source="stripe.price", id=read.price.id, field="lookup_key", value=read.price.lookup_key, says="Is the price bought."
        ),
    )


@rule("PBF-031", "Wrong key name or wrong object", Layer.CATALOGUE)
def key_misnamed(case: Case) -> Judgement:
    read = _unread(case)
    if isinstance(read, Judgement):
        return read
    found = None if read.path else next(_astray(case, read), None)
    if found is None:
        return no()
    where, key, value = found
    wanted = case.profile.plan_from[0]
    return match(
        "high",
        f"{_name(read)} has its plan where the app does not look: {quoted(key)} of the {where}, not {quoted(wanted)}.",
        Fact(
            source=f"stripe.{where}",
            id=read.price.id if where == "price" else read.price.product_id,
            field=f"metadata.{key}",
            value=value,
            says=f"Holds {quoted(value)}.",
        ),
    )


@rule("PBF-032", "Plan value not canonical", Layer.CATALOGUE)
def value_not_canonical(case: Case) -> Judgement:
    read = _unread(case)
    if isinstance(read, Judgement):
        return read
    if not read.path or read.value is None:
        return no()
    meant = near_tier(read.value, case.profile.tiers)
    tail = f"which the app does not take for {quoted(meant)}" if meant else "which is no plan of the app's"
    return match(
        "high" if meant else "medium",
        f"{_name(read)} says its plan is {quoted(read.value)}, {tail}.",
        Fact(
            source="stripe.product" if read.path.startswith("product") else "stripe.price",
            id=read.price.product_id if read.path.startswith("product") else read.price.id,
            field=read.path.split(".", 1)[1],
            value=read.value,
            says=f"Holds {quoted(read.value)}; the plans are {listed([quoted(tier) for tier in case.profile.tiers])}.",
        ),
    )


def _unread(case: Case) -> PlanRead | Judgement:
    """The price of the deciding subscription that leads to no tier, or the answer where there is none."""
    if case.stripe_gap:
        return unknown(case.stripe_gap)
    if case.best is None:
        return no()
    if case.catalogue_gap:
        return unknown(case.catalogue_gap)
    plan = case.plan_of(case.best)
    if plan.tier is not None:
        return no()
    # A value that is no tier tells more than a place without one.
    reads = sorted(plan.items, key=lambda read: not read.path)
    if not reads:
        return no()
    if reads[0].product is None and any(path.startswith("product.") for path in case.profile.plan_from):
        return unknown(f"the product {reads[0].price.product_id}")
    return reads[0]


def _astray(case: Case, read: PlanRead) -> Iterator[tuple[str, str, str]]:
    """Plans at places where the app does not look: object, key, value."""
    bags: dict[str, Mapping[str, str] | None] = {
        "product": read.product.metadata if read.product else None,
        "price": read.price.metadata,
    }
    for where, bag in bags.items():
        for key, value in (bag or {}).items():
            path = f"{where}.metadata.{key}"
            asked = path in case.profile.plan_from and look_up(path, read.price, read.product) is not None
            means_plan = _bare(key) in _ALIASES or _is_key(case, key)
            if means_plan and not asked and near_tier(str(value), case.profile.tiers):
                yield where, key, str(value)


def _is_key(case: Case, key: str) -> bool:
    return any(path.endswith(f".metadata.{key}") for path in case.profile.plan_from)


def _bare(key: str) -> str:
    return key.casefold().translate(str.maketrans("", "", " _-."))


def near_tier(value: str, tiers: tuple[str, ...]) -> str | None:
    """The tier that somebody meant by `Pro`, `pro ` or `Pro Plan`; None where that can't be told."""
    folded = value.casefold().strip().removesuffix(" plan").removesuffix(" tier").strip()
    return next((tier for tier in tiers if tier.casefold() == folded), None)


def _name(read: PlanRead) -> str:
    return f"The product {quoted(read.product.name)}" if read.product and read.product.name else "The product that was bought"
