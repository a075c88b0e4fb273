"""Whether an event that is sent again could arrive: what the endpoint's settings and our own probes say of that. Pure."""

from billing_tui.diagnosis.addresses import same_address
from billing_tui.model.evidence import Configuration, Gap, Probes, known
from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Endpoint

_NOWHERE = (404, 405, 410)


def endpoint_trouble(endpoint: Endpoint, probes: Probes | Gap | None) -> str | None:
    """Why nothing would arrive there now; None where nothing speaks against it. `probes` are those of this very address."""
    if not endpoint.enabled:
        return f"{endpoint.id} is disabled: billing-tui fix endpoint {endpoint.id} --enable comes first."
    if probes is None or isinstance(probes, Gap):
        return None
    answer = probes.unsigned if isinstance(probes.valid, Gap) else probes.valid
    if answer.status is None:
        return f"{endpoint.url} does not answer ({answer.error}): mend the app first; meanwhile a re-sync helps."
    refusing = not isinstance(probes.valid, Gap) and not probes.valid.accepted
    if refusing or answer.status >= 500 or 300 <= answer.status < 400 or answer.status in _NOWHERE:
        asked = "a rightly signed" if refusing else "an unsigned"
        said = f"It answers {answer.status} to {asked} request"
        return f"{said}, so nothing would arrive: mend the app first; meanwhile a re-sync helps."
    return None


def own_endpoints(configuration: Configuration | None, profile: Profile) -> tuple[Endpoint, ...]:
    """Those at the app's own address, as far as the endpoints could be read."""
    held: tuple[Endpoint, ...] = known(configuration.endpoints, ()) if configuration else ()
    return tuple(one for one in held if same_address(one.url, profile.webhook_url))


def heard_types(configuration: Configuration | None, profile: Profile) -> tuple[str, ...]:
    """The types that are sent to the app, () for all; what it needs, where its endpoint is not known."""
    heard = {kind for one in own_endpoints(configuration, profile) for kind in one.enabled_events or ()}
    return () if "*" in heard else tuple(sorted(heard)) or tuple(profile.required_events)
