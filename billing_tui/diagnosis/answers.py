"""Who answered one of our probes: the app, its own sign-in wall, the edge before it, a redirect, or nobody. Pure."""

from billing_tui.model.diagnosis import Fact
from billing_tui.model.evidence import Probe, Probes

REDIRECTS = (301, 302, 303, 307, 308)
REFUSALS = (400, 401, 403)
# A correctly held secret with broken code around it says one of these.
_BROKEN_CODE = ("raw body", "_raw_ request body", "subtlecrypto", "tolerance", "parsed javascript object")
_SIGN_IN = ("sign-in", "signin", "sign_in", "login", "log-in", "accounts.", "/auth")
_ACCESS = "cdn-cgi/access"
_EDGE = (401, 403, 429, 503)


def signs_in(probe: Probe) -> bool:
    """The app's own middleware asks whoever comes to sign in."""
    status = probe.status or 0
    if any(name.startswith("x-clerk-auth") for name in probe.headers):
        return status in REDIRECTS or status in (401, 403, 404)
    target = probe.headers.get("location", "").casefold()
    if status in REDIRECTS:
        return _ACCESS not in target and any(word in target for word in _SIGN_IN)
    page = "html" in probe.headers.get("content-type", "") and not edge(probe)
    return page and status in (401, 403) and any(word in probe.body.casefold() for word in ("sign in", "signin", "log in"))


def edge(probe: Probe) -> bool:
    """Something before the app stopped it: Cloudflare, Vercel's protection, a firewall."""
    status, headers, body = probe.status or 0, probe.headers, probe.body.casefold()
    if status in REDIRECTS:
        return _ACCESS in headers.get("location", "")
    if status not in _EDGE:
        return False
    if "cf-mitigated" in headers or "authentication required" in body:
        return True
    html = "html" in headers.get("content-type", "")
    return html and ("cf-ray" in headers or "x-vercel-id" in headers or headers.get("server", "").casefold() == "cloudflare")


def walled(probe: Probe) -> bool:
    """Whether somebody in front of the handler answered."""
    return signs_in(probe) or edge(probe)


def broken_code(probe: Probe) -> bool:
    """Whether the app says that its own checking of signatures does not work, rather than that the secret is wrong."""
    said = probe.body.casefold()
    return any(word in said for word in _BROKEN_CODE)


def answers(probes: Probes) -> tuple[Fact, ...]:
    """What the unsigned and the rightly signed probe were answered."""
    asked = [probes.unsigned] + ([probes.valid] if isinstance(probes.valid, Probe) else [])
    facts = []
    for probe in asked:
        what = f"{probe.status} in {probe.latency} ms" if probe.status else probe.error
        said = f": {probe.body[:120]}" if probe.body else ""
        facts.append(
            Fact(
                source="probe",
                id=probe.name,
                field="status",
                value=probe.status,
                says=f"Our {probe.name} probe was answered {what}{said}",
            )
        )
    return tuple(facts)
