"""The remedies with a key beside the re-sync: mend a product, an endpoint or a link, send events again. Pure.

Each carries what is to be planned; the plan itself is made from fresh reads and may still refuse.
"""

from collections.abc import Iterator

from billing_tui.diagnosis.addresses import same_address
from billing_tui.diagnosis.case import Case
from billing_tui.diagnosis.sending import endpoint_trouble
from billing_tui.model.change import Wanted
from billing_tui.model.diagnosis import Remedy
from billing_tui.model.moment import from_unix, rfc3339
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import plural

_PRODUCT = frozenset({"PBF-030", "PBF-031", "PBF-032"})
_UNLINKED = frozenset({"PBF-004", "PBF-005"})


def mendings(case: Case, found: set[str | None]) -> Iterator[Remedy]:
    """Those that a cause calls for, in the order in which to do them."""
    if found & _PRODUCT:
        yield from _product(case)
    if found & _UNLINKED:
        yield from _link(case)
    endpoint = _endpoint(case)
    if endpoint is not None:
        yield from _mended(case, endpoint, found)
        yield from _again(case, endpoint, found)


def _endpoint(case: Case) -> Endpoint | None:
    """The app's own endpoint, or the one that is meant to be."""
    held = case.app_endpoints or case.near_endpoints
    return next((one for one in held if one.enabled), held[0]) if held else None


def _product(case: Case) -> Iterator[Remedy]:
    latest = case.latest
    price = latest.items.data[0].price if latest and latest.items.data else None
    if price and price.product_id:
        yield _remedy("m", "fix-product", "Mend the plan that the product names", case, _fix(f"product {price.product_id}"))


def _link(case: Case) -> Iterator[Remedy]:
    users, customers = {user.id for user in case.users}, case.customers
    if len(users) == 1 and len(customers) == 1:
        wanted = Wanted(action="relink", query=customers[0].id, user=users.pop())
        yield _remedy("l", "relink", f"Link {customers[0].id} to the user who holds this e-mail", case, wanted)


def _mended(case: Case, endpoint: Endpoint, found: set[str | None]) -> Iterator[Remedy]:
    url, options = case.profile.webhook_url, dict[str, str]()
    titles = []
    if "PBF-051" in found and not endpoint.enabled:
        options["enable"], titles = "yes", ["Enable the endpoint"]
    if "PBF-052" in found:
        options["add-events"] = "missing"
        titles.append("add the events that it is not sent" if titles else "Add the events that the endpoint is not sent")
    if found & {"PBF-058", "PBF-059"} and endpoint.url != url and url:
        options["url"] = url
        titles.append("give the endpoint the app's own address" if titles else "Give the endpoint the app's own address")
    if options:
        yield _remedy("w", "fix-endpoint", ", and ".join(titles), case, _fix(f"endpoint {endpoint.id}", options))


def _again(case: Case, endpoint: Endpoint, found: set[str | None]) -> Iterator[Remedy]:
    """Of this ticket, and of everybody since then."""
    if "PBF-053" in found:
        return  # what arrives there is a note again, or another account's
    first = ", once the app is mended" if "PBF-060" in found else ""
    lost = [event for event in case.undelivered if endpoint.hears(event.type) and endpoint.created <= event.created]
    if not lost:
        return
    probes = case.evidence.probes
    why_not = endpoint_trouble(endpoint, probes if same_address(endpoint.url, case.profile.webhook_url) else None)
    ids = " ".join(event.id for event in lost)
    yield _remedy(
        "e", "resend", f"Send {plural(len(lost), 'event')} again{first}", case, Wanted(action="resend", query=ids), why_not
    )
    since = rfc3339(from_unix(min(event.created for event in lost)))
    wanted = Wanted(action="recover", query=since)
    yield _remedy("b", "recover", f"Recover everyone since {since}{first}", case, wanted, why_not)


def _fix(what: str, options: dict[str, str] | None = None) -> Wanted:
    kind, _, name = what.partition(" ")
    return Wanted(action=f"fix {kind}", query=name, options=options or {})


def _remedy(key: str, name: str, title: str, case: Case, wanted: Wanted, why_not: str | None = None) -> Remedy:
    return Remedy(
        key=key,
        name=name,
        title=title,
        allowed=why_not is None,
        why_not=why_not,
        command=f"billing-tui {_words(wanted)} --mode {case.profile.mode} --apply",
        wanted=wanted,
    )


def _words(wanted: Wanted) -> str:
    """The command that makes the same plan."""
    said = "--since " + wanted.query if wanted.action == "recover" else wanted.query
    options = [f"--{name}" + ("" if value == "yes" else f" {value}") for name, value in wanted.options.items()]
    return " ".join(filter(None, (wanted.action, said, wanted.user, *options)))
