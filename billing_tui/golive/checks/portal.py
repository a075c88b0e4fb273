"""The customer portal in live mode: there, with what customers need, and with live mode's own prices."""

from collections.abc import Iterable

from billing_tui.golive.check import Found, by_hand, check, failed, live_check, passed, unknown
from billing_tui.golive.facts import Both, Side
from billing_tui.golive.fixes import copy_portal
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.problem import Problem
from billing_tui.model.stripe import Portal
from billing_tui.model.text import plural

_FEATURES = {"subscription_cancel": "cancel", "payment_method_update": "change the card", "invoice_history": "see invoices"}
_UPDATE = "subscription_update"
_DASHBOARD = "Set it up in Stripe's Dashboard, Settings, Billing, Customer portal."


def default_portal(side: Side | Problem) -> Portal | None:
    """The configuration that counts where nobody names one; None where there is none, or none to be seen."""
    portals = () if isinstance(side, Problem) or isinstance(side.portals, Gap) else side.portals
    return next((portal for portal in portals if portal.is_default and portal.active), None)


def _live_portal(both: Both) -> Portal | Found:
    if isinstance(both.live, Problem):
        return unknown(both.live)
    if isinstance(both.live.portals, Gap):
        return unknown(both.live.portals)
    held = default_portal(both.live)
    if held:
        return held
    fix = copy_portal("Make it as test mode has it.") if default_portal(both.test) else Fix(title=_DASHBOARD)
    return failed("Live mode has no customer portal yet.", fix=fix)


def _allowing(both: Both, names: Iterable[str]) -> Fix:
    """What test mode allows can be allowed in live mode too; the rest is for a person."""
    example = default_portal(both.test)
    wanted = [name for name in names if example and example.features.get(name, {}).get("enabled")]
    return copy_portal("Allow it as test mode does.", wanted) if wanted else Fix(title=_DASHBOARD)


@check("GL-26", "The customer portal is set up", "high")
def portal_active(both: Both) -> Found:
    held = _live_portal(both)
    if isinstance(held, Found):
        return held
    fact = Fact(source="stripe.portal", id=held.id, says="Is the default one.")
    off = [name for name in _FEATURES if not held.features.get(name, {}).get("enabled")]
    if off:
        said = " or ".join(_FEATURES[name] for name in off)
        return failed(f"In the live portal customers can't {said}.", fact, fix=_allowing(both, off))
    return passed("Customers can cancel, change the card and see invoices.", fact)


@live_check("GL-27", "The app's portal configuration is live mode's", "high")
def portal_id(live: Side) -> Found:
    return by_hand(f"If the app names a portal configuration (bpc_…), it must be one of {live.mode} mode's.")


@check("GL-28", "The portal allows the upgrade", "warning")
def portal_prices(both: Both) -> Found:
    held = _live_portal(both)
    if isinstance(held, Found) or isinstance(both.live, Problem):
        return unknown("there is no portal") if isinstance(held, Portal) or held.state == "fail" else held
    update, prices = held.features.get(_UPDATE, {}), both.live.prices
    fix = _allowing(both, [_UPDATE])
    if not update.get("enabled"):
        return failed("In the live portal customers can't change their plan.", fix=fix)
    if isinstance(prices, Gap):
        return unknown(prices)
    offered = [price for product in update.get("products") or [] for price in product.get("prices", [])]
    strange = [price for price in offered if price not in prices]
    if not offered:
        return failed("The live portal offers no plan to change to.", fix=fix)
    if strange:
        return failed(
            f"The live portal offers {plural(len(strange), 'price')} that live mode does not have.",
            *(Fact(source="stripe.price", id=price, says="Is not there.") for price in strange),
            fix=fix,
        )
    return passed(f"The live portal offers {plural(len(offered), 'price')} to change to.")
