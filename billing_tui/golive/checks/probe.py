"""What the app's live endpoint answers to four requests of ours: who stands before it, and whether it checks signatures."""

from billing_tui.golive.check import Found, failed, live_check, passed, unknown
from billing_tui.golive.facts import Side
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap, Probe, Probes
from billing_tui.model.golive import Fix

_SLOW, _TOO_SLOW = 1000, 5000


def _answers(live: Side) -> Probes | Found:
    """The probes, or why there are none."""
    probes = live.probes
    if isinstance(probes, Gap):
        return unknown(probes if probes.message else f"webhook_url is not configured for {live.mode} mode")
    if probes.unsigned.status is None:
        return unknown(f"the endpoint did not answer ({probes.unsigned.error})")
    return probes


def _fact(probe: Probe, says: str) -> Fact:
    return Fact(source="probe", id=None, field=probe.name, value=probe.status, says=says)


@live_check("GL-17", "Nothing stands before the endpoint", "blocker")
def nothing_before(live: Side) -> Found:
    probes = live.probes
    if not isinstance(probes, Gap) and probes.unsigned.status is None:
        return failed(
            f"The endpoint does not answer: {probes.unsigned.error}",
            fix=Fix(title="Look at its DNS, its certificate and whether it runs."),
        )
    held = _answers(live)
    if isinstance(held, Found):
        return held
    first = held.unsigned
    wall = _wall(first)
    if wall:
        return failed(
            f"The endpoint can't be reached by Stripe: {wall}.",
            _fact(first, f"Answered {first.status}."),
            fix=Fix(title="Let Stripe's POST through to exactly this path."),
        )
    return passed("Our requests reach the app itself.", _fact(first, f"Answered {first.status}."))


def _wall(probe: Probe) -> str:
    headers, status = probe.headers, probe.status or 0
    if 300 <= status < 400:
        return f"it redirects to {headers.get('location', 'elsewhere')}"
    if any(name.startswith("x-clerk-auth") for name in headers) and status >= 400:
        return "the app's own sign-in stands before it"
    if headers.get("cf-mitigated"):
        return "Cloudflare challenges whoever comes"
    if status == 401 and "x-vercel-id" in headers and "text/html" in headers.get("content-type", ""):
        return "Vercel's deployment protection stands before it"
    if status in (404, 405):
        return f"nothing takes a POST there ({status})"
    return f"it answers {status}" if status >= 500 else ""


@live_check("GL-18", "The right signature is accepted", "blocker")
def accepted(live: Side) -> Found:
    held = _answers(live)
    if isinstance(held, Found):
        return held
    if isinstance(held.valid, Gap):
        return unknown(held.valid)
    if _wall(held.unsigned):
        return unknown("our requests do not reach the app")
    if held.valid.accepted:
        return passed(
            f"The app accepts what is signed with the {live.mode} secret.", _fact(held.valid, f"Answered {held.valid.status}.")
        )
    return failed(
        f"The app refuses what is signed with the {live.mode} secret.",
        _fact(held.valid, f"Answered {held.valid.status}."),
        fix=Fix(
            title=f"Set the {live.mode} endpoint's signing secret in the app.",
            commands=("wrangler secret put STRIPE_WEBHOOK_SECRET", "vercel env add STRIPE_WEBHOOK_SECRET production"),
        ),
    )


@live_check("GL-19", "A wrong signature is refused", "blocker")
def refused(live: Side) -> Found:
    held = _answers(live)
    if isinstance(held, Found):
        return held
    through = [probe for probe in (held.unsigned, held.wrong_key) if probe.accepted]
    if through:
        return failed(
            "The app takes events that Stripe did not sign: anybody can give themselves a plan.",
            *(_fact(probe, f"Answered {probe.status}.") for probe in through),
            fix=Fix(title="Verify the signature before anything else."),
        )
    return passed("The app refuses what is not signed, or signed by somebody else.")


@live_check("GL-20", "An old signature is refused", "warning")
def replay_refused(live: Side) -> Found:
    held = _answers(live)
    if isinstance(held, Found):
        return held
    if isinstance(held.old, Gap):
        return unknown(held.old)
    if held.old.accepted:
        return failed(
            "The app takes an event signed an hour ago: a caught one could be sent again.",
            _fact(held.old, f"Answered {held.old.status}."),
            fix=Fix(title="Check the signature's time, as Stripe's packages do."),
        )
    return passed("The app refuses an event signed an hour ago.")


@live_check("GL-21", "The endpoint answers fast", "warning")
def fast(live: Side) -> Found:
    held = _answers(live)
    if isinstance(held, Found):
        return held
    answered = [probe for probe in (held.unsigned, held.valid, held.wrong_key, held.old) if isinstance(probe, Probe)]
    slowest = max(answered, key=lambda probe: probe.latency)
    fact = Fact(source="probe", field=slowest.name, value=slowest.latency, says="Milliseconds, the slowest of our requests.")
    if slowest.latency > _SLOW:
        return failed(
            f"The endpoint took {slowest.latency / 1000:.1f} s to answer.",
            fact,
            severity="high" if slowest.latency > _TOO_SLOW else "warning",
            fix=Fix(title="Answer at once and do the work afterwards, from a durable queue."),
        )
    return passed(f"The endpoint answers within {max(slowest.latency, 1)} ms.", fact)


@live_check("GL-32", "The webhook's route needs no sign-in", "blocker")
def public_route(live: Side) -> Found:
    held = _answers(live)
    if isinstance(held, Found):
        return held
    clerk = {name: value for name, value in held.unsigned.headers.items() if name.startswith("x-clerk-auth")}
    if clerk and (held.unsigned.status or 0) in (301, 302, 303, 307, 308, 401, 403, 404):
        return failed(
            "The app's middleware asks Stripe to sign in.",
            *(Fact(source="probe", field=name, value=value, says="Was answered.") for name, value in clerk.items()),
            fix=Fix(title="Make the webhook's path a public route in the middleware."),
        )
    return passed("The route is open to whoever signs rightly.")


PROBED = (nothing_before, accepted, refused, replay_refused, fast, public_route)
"""Those that the probes alone decide."""
