"""Whether live mode is not as test mode in what no other check compares: metadata, further events, what the portal allows."""

from collections.abc import Iterator

from billing_tui.golive.check import Found, both_check, failed, passed, unknown
from billing_tui.golive.checks.endpoint import USEFUL, own
from billing_tui.golive.checks.portal import default_portal
from billing_tui.golive.facts import Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.stripe import Product
from billing_tui.model.text import listed, plural, quoted

_COPY = "billing-tui golive --copy"
_NIGHTLY = "billing-tui golive --report golive.md"


@both_check("GL-45", "Test and live are set up alike", "warning")
def set_up_alike(test: Side, live: Side) -> Found:
    gaps = [piece for side in (test, live) for piece in (side.configuration.products, side.configuration.endpoints, side.portals)]
    gap = next((piece for piece in gaps if isinstance(piece, Gap)), None)
    if gap:
        return unknown(gap)
    facts = [*_products(test, live), *_endpoints(test, live), *_portals(test, live)]
    if facts:
        return failed(
            f"{plural(len(facts), 'thing')} in live mode {'is' if len(facts) == 1 else 'are'} not as in test mode.",
            *facts,
            fix=Fix(
                title="Copy what live mode lacks, or correct what is wrong; look again every night.", commands=(_COPY, _NIGHTLY)
            ),
        )
    return passed("What the other checks do not compare is alike too: metadata, events, what the portal allows.")


def _products(test: Side, live: Side) -> Iterator[Fact]:
    """Those that stand for each other: of one id, or alone of their name."""
    paths = ["plan", *(path.removeprefix("product.metadata.") for path in live.profile.plan_from)]
    for product in test.products.values():
        twin = live.products.get(product.id) or _alone(product, live)
        if twin is None or not product.active or not twin.active:
            continue
        held, there = product.metadata or {}, twin.metadata or {}
        for key in sorted(held.keys() - set(paths)):
            if held[key] != there.get(key):
                now = quoted(str(there[key])) if key in there else "missing"
                says = f"{product.name}: {key} is {quoted(str(held[key]))} in test mode, and {now} in live mode."
                yield Fact(source="stripe.product", id=twin.id, field=f"metadata.{key}", says=says)


def _alone(product: Product, live: Side) -> Product | None:
    named = [one for one in live.products.values() if one.name == product.name]
    return named[0] if len(named) == 1 else None


def _endpoints(test: Side, live: Side) -> Iterator[Fact]:
    mine, theirs = own(test), own(live)
    if isinstance(mine, Gap) or isinstance(theirs, Gap) or not mine or not theirs:
        return
    known = {*live.profile.required_events, *USEFUL, "*"}
    further = [name for name in mine[0].enabled_events or () if name not in known and not theirs[0].hears(name)]
    if further:
        yield Fact(
            source="stripe.endpoint",
            id=theirs[0].id,
            field="enabled_events",
            says=f"Is not told {listed(further)}, as test mode's is.",
        )
    first, second = mine[0].api_version, theirs[0].api_version
    if first != second and not live.profile.code_api_version:
        says = f"Is sent version {second or 'of the account'}, and test mode's {first or 'that of the account'}."
        yield Fact(source="stripe.endpoint", id=theirs[0].id, field="api_version", value=second, says=says)


def _portals(test: Side, live: Side) -> Iterator[Fact]:
    """Features that are on in test mode alone, but for those that the portal's own checks ask for."""
    mine, theirs = default_portal(test), default_portal(live)
    if mine is None or theirs is None:
        return
    asked = ("subscription_cancel", "payment_method_update", "invoice_history", "subscription_update")
    for name, feature in mine.features.items():
        if feature.get("enabled") and not theirs.features.get(name, {}).get("enabled") and name not in asked:
            yield Fact(source="stripe.portal", id=theirs.id, field=name, says=f"Does not allow {name}, as test mode's does.")
