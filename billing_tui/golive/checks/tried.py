"""Whether somebody has really bought something in live mode, as the journal of guided runs tells."""

from billing_tui.golive.check import Found, by_hand, live_check, passed
from billing_tui.golive.facts import Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.moment import day


@live_check("GL-44", "Somebody has really bought something", "blocker")
def tried_out(live: Side) -> Found:
    if live.tried is None:
        return by_hand("Buy a plan with a coupon of 100 %, and see each hop ticked as it happens.", "billing-tui golive --run")
    fact = Fact(source="journal", field="golive --run", says="Every hop was ticked, and all was taken back.")
    return passed(f"A guided run on {day(live.tried)} went from the checkout to the plan and back.", fact)
