"""The customer portal in live mode: there, with what customers need, and with live mode's own prices."""

from billing_tui.golive.check import Found, by_hand, failed, live_check, passed, unknown
from billing_tui.golive.facts import Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.stripe import Portal
from billing_tui.model.text import plural

_FEATURES = {"subscription_cancel": "cancel", "payment_method_update": "change the card", "invoice_history": "see invoices"}
_DASHBOARD = "Set it up in Stripe's Dashboard, Settings, Billing, Customer portal."


def _default(live: Side) -> Portal | Found:
    if isinstance(live.portals, Gap):
        return unknown(live.portals)
    held = next((portal for portal in live.portals if portal.is_default and portal.active), None)
    return held or failed("Live mode has no customer portal yet.", fix=Fix(title=_DASHBOARD))


@live_check("GL-26", "The customer portal is set up", "high")
def portal_active(live: Side) -> Found:
    held = _default(live)
    if isinstance(held, Found):
        return held
    off = [does for name, does in _FEATURES.items() if not held.features.get(name, {}).get("enabled")]
    if off:
        return failed(
            f"In the live portal customers can't {' or '.join(off)}.",
            Fact(source="stripe.portal", id=held.id, says="Is the default one."),
            fix=Fix(title=_DASHBOARD),
        )
    return passed(
        "Customers can cancel, change the card and see invoices.",
        Fact(source="stripe.portal", id=held.id, says="Is the default one."),
    )


@live_check("GL-27", "The app's portal configuration is live mode's", "high")
def portal_id(live: Side) -> Found:
    return by_hand(f"If the app names a portal configuration (bpc_…), it must be one of {live.mode} mode's.")


@live_check("GL-28", "The portal allows the upgrade", "warning")
def portal_prices(live: Side) -> Found:
    held = _default(live)
    if isinstance(held, Found):
        return unknown("there is no portal") if held.state == "fail" else held
    update = held.features.get("subscription_update", {})
    if not update.get("enabled"):
        return failed("In the live portal customers can't change their plan.", fix=Fix(title=_DASHBOARD))
    offered = [price for product in update.get("products") or [] for price in product.get("prices", [])]
    if isinstance(live.prices, Gap):
        return unknown(live.prices)
    prices = live.prices
    strange = [price for price in offered if price not in prices]
    if not offered:
        return failed("The live portal offers no plan to change to.", fix=Fix(title=_DASHBOARD))
    if strange:
        return failed(
            f"The live portal offers {plural(len(strange), 'price')} that live mode does not have.",
            *(Fact(source="stripe.price", id=price, says="Is not there.") for price in strange),
        )
    return passed(f"The live portal offers {plural(len(offered), 'price')} to change to.")
