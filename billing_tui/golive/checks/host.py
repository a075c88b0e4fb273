"""Whether the app's secrets stand where it runs, told by their names alone, which the host's own command lists."""

from billing_tui.golive.check import Found, by_hand, check, failed, passed
from billing_tui.golive.facts import Both
from billing_tui.golive.names import SECRETS, kinds_of
from billing_tui.model.diagnosis import Fact
from billing_tui.model.golive import Fix
from billing_tui.model.problem import Problem
from billing_tui.model.text import listed, plural


@check("GL-23", "The secrets are set where the app runs", "blocker")
def secrets_set(both: Both) -> Found:
    host = both.host
    if host is None:
        return by_hand(
            "Compare the names that the host knows with those that the app reads.",
            "wrangler secret list | billing-tui golive --host-secrets -",
            "vercel env ls production | billing-tui golive --host-secrets -",
        )
    found = kinds_of(host.names)
    clerk = isinstance(both.live, Problem) or bool(both.live.profile.clerk_plan_field)
    missing = [kind for kind in SECRETS if kind.slot not in found and (clerk or kind.slot != "clerk_key")]
    if missing:
        return failed(
            f"Where the app runs there is no {listed([kind.what for kind in missing])}, by the names that {host.source} tells.",
            *(Fact(source="host", field=kind.usual, says=f"No name looks like {kind.what}.") for kind in missing),
            fix=Fix(title="Set them, from the safe straight into the host.", commands=("billing-tui golive --handover",)),
        )
    facts = [Fact(source="host", field=name, says=f"Is {kind.what}.") for kind in SECRETS for name in found.get(kind.slot, ())]
    return passed(f"{plural(len(facts), 'name')} of what the app needs stand where it runs, {host.source} tells.", *facts)
