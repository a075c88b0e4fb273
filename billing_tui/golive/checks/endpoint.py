"""The webhook endpoint of live mode: there, enabled, subscribed to what the app needs, and alone."""

from urllib.parse import urlsplit

from billing_tui.diagnosis.addresses import near_address, same_address
from billing_tui.golive.check import Found, both_check, failed, live_check, passed, unknown, unsaid
from billing_tui.golive.facts import Side
from billing_tui.golive.fixes import disable_endpoints, make_endpoint, mend_endpoint
from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Gap
from billing_tui.model.golive import Fix
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import listed, plural

USEFUL = (
    "invoice.payment_failed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "charge.refunded",
)
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_PREVIEW = (".vercel.app", ".netlify.app", ".ngrok.io", ".ngrok-free.app", ".trycloudflare.com", ".loca.lt")


def own(side: Side) -> list[Endpoint] | Gap:
    """The endpoints at the configured address, enabled ones first; those at a slightly wrong one where there is none at it."""
    held = side.configuration.endpoints
    if isinstance(held, Gap):
        return held
    exact = [endpoint for endpoint in held if same_address(endpoint.url, side.profile.webhook_url)]
    near = [endpoint for endpoint in held if near_address(endpoint.url, side.profile.webhook_url)]
    return sorted(exact or near, key=lambda endpoint: not endpoint.enabled)


@live_check("GL-11", "The app has an endpoint in live mode", "blocker")
def endpoint_there(live: Side) -> Found:
    url, held = live.profile.webhook_url, own(live)
    if not url:
        return unknown("webhook_url is not configured for live mode")
    if isinstance(held, Gap):
        return unknown(held)
    create = make_endpoint("Make the endpoint in live mode.", {*live.profile.required_events, *USEFUL})
    if not held:
        elsewhere = live.configuration.endpoints
        facts = [
            Fact(source="stripe.endpoint", id=each.id, field="url", value=each.url, says="Is another address.")
            for each in ([] if isinstance(elsewhere, Gap) else elsewhere)
        ]
        return failed(f"Live mode tells {url} nothing: there is no endpoint for it.", *facts, fix=create)
    first = held[0]
    fact = Fact(source="stripe.endpoint", id=first.id, field="url", value=first.url, says="Is the endpoint.")
    if not same_address(first.url, url):
        fix = mend_endpoint("Correct its address.", first.id, {"url": url})
        return failed(f"The endpoint's address is not quite {url}.", fact, fix=fix)
    wrong = _unfit(url, demo=live.profile.demo)
    if wrong:
        return failed(
            f"The endpoint's address {wrong}.", fact, fix=Fix(title="Deploy the app to its production address and use that.")
        )
    return passed(f"Stripe's live mode tells {url}.", fact)


def _unfit(url: str, *, demo: bool) -> str:
    parts = urlsplit(url)
    host = parts.hostname or ""
    if host in _LOOPBACK:
        # Stripe itself could never reach it; a Stripe on this machine can.
        return "" if demo or parts.scheme == "http" else "is this machine, which Stripe can't reach"
    if parts.scheme != "https":
        return "is not https"
    return "is a preview deployment's, or a tunnel's" if host.endswith(_PREVIEW) else ""


@live_check("GL-12", "The endpoint is enabled", "blocker")
def endpoint_enabled(live: Side) -> Found:
    held = own(live)
    if isinstance(held, Gap) or not held:
        return unknown(held if isinstance(held, Gap) else "there is no endpoint")
    if held[0].enabled:
        return passed("The endpoint is enabled.")
    fact = Fact(source="stripe.endpoint", id=held[0].id, field="status", value=held[0].status, says="Stripe sends it nothing.")
    fix = mend_endpoint("Enable it.", held[0].id, {"enable": "yes"})
    return failed("The endpoint is disabled.", fact, fix=fix)


@live_check("GL-13", "The needed events are selected", "blocker")
def events_selected(live: Side) -> Found:
    return _hears(live, live.profile.required_events, "The app needs", "Everything that the app needs is selected.")


@live_check("GL-14", "The useful events are selected", "warning")
def events_useful(live: Side) -> Found:
    return _hears(live, USEFUL, "It would be good to hear of", "Failed, late and refunded payments are told too.")


def _hears(live: Side, wanted: tuple[str, ...], why: str, well: str) -> Found:
    held = own(live)
    if isinstance(held, Gap) or not held:
        return unknown(held if isinstance(held, Gap) else "there is no endpoint")
    missing = [each for each in wanted if not held[0].hears(each)]
    if not missing:
        return passed(well)
    return failed(
        f"{why} {listed(missing)}, which the endpoint is not told of.",
        *(
            Fact(source="stripe.endpoint", id=held[0].id, field="enabled_events", value=each, says=f"{each} is not selected.")
            for each in missing
        ),
        fix=mend_endpoint("Select them too.", held[0].id, {"add-events": ",".join(missing)}),
    )


@live_check("GL-15", "Not every event there is", "warning")
def not_everything(live: Side) -> Found:
    held = own(live)
    if isinstance(held, Gap) or not held:
        return unknown(held if isinstance(held, Gap) else "there is no endpoint")
    if "*" in (held[0].enabled_events or ()):
        fact = Fact(source="stripe.endpoint", id=held[0].id, field="enabled_events", value="*", says="Every event is sent to it.")
        wanted = ",".join(sorted({*live.profile.required_events, *USEFUL}))
        fix = mend_endpoint("Select what the app handles.", held[0].id, {"only-events": wanted})
        return failed("The endpoint is told everything, which loads the app for nothing.", fact, fix=fix)
    return passed("The endpoint is told what was selected alone.")


@live_check("GL-16", "The endpoint speaks the code's API version", "high")
def version(live: Side) -> Found:
    held, wanted = own(live), live.profile.code_api_version
    if isinstance(held, Gap) or not held:
        return unknown(held if isinstance(held, Gap) else "there is no endpoint")
    if not wanted:
        return unsaid(
            "code_api_version is not configured, so nothing says which version the app's code was written for",
            f"Say it in the configuration, under [profiles.{live.profile.name}]; this is what the endpoint is sent:",
            f'code_api_version = "{held[0].api_version or ""}"',
        )
    spoken = held[0].api_version
    fact = Fact(
        source="stripe.endpoint", id=held[0].id, field="api_version", value=spoken, says="Is the version of what it is sent."
    )
    if spoken != wanted:
        fix = Fix(title=f"Make a new endpoint with the version {wanted}: it can't be changed on this one.")
        return failed(
            f"The endpoint is sent version {spoken or 'of the account'}, and the code was written for {wanted}.", fact, fix=fix
        )
    return passed(f"The endpoint is sent version {wanted}, for which the code was written.", fact)


@both_check("GL-22", "One endpoint for the app", "high")
def alone(test: Side, live: Side) -> Found:
    held, others = own(live), test.configuration.endpoints
    if isinstance(held, Gap) or isinstance(others, Gap):
        return unknown(held if isinstance(held, Gap) else others if isinstance(others, Gap) else "")
    enabled = [endpoint for endpoint in held if endpoint.enabled]
    facts = [
        Fact(source="stripe.endpoint", id=each.id, field="url", value=each.url, says="Is enabled for the same address.")
        for each in enabled[1:]
    ]
    url = live.profile.webhook_url
    strays = [each for each in others if each.enabled and url and url != test.profile.webhook_url and near_address(each.url, url)]
    facts += [
        Fact(source="stripe.endpoint", id=each.id, field="url", value=each.url, says="Sends test events to production.")
        for each in strays
    ]
    if facts:
        return failed(
            f"{plural(len(facts), 'endpoint')} too many for the app's address.",
            *facts,
            fix=disable_endpoints("Disable the others.", [one.id for one in enabled[1:]], [one.id for one in strays]),
        )
    return passed("One endpoint serves the app, and no test endpoint points at it.")
