"""Mend a webhook endpoint: its address, its events, whether it is enabled. A new address is asked first; none is deleted."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import structs

from billing_tui.changes.desk import Desk
from billing_tui.changes.receipt import NEW
from billing_tui.changes.stripe_params import params_of, stripe_step
from billing_tui.model.change import Change, Step, Wanted
from billing_tui.model.evidence import Gap, Probes
from billing_tui.model.problem import BadUsage
from billing_tui.model.stripe import Endpoint
from billing_tui.model.text import listed, quoted

_WRITTEN = ("url", "add-events", "only-events", "enable", "disable")
_NOT_THERE = (404, 405, 410)


async def plan(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """Options: `url`; `add-events`, comma-separated, "missing" for those that the profile requires; `only-events`, likewise;
    `enable`, `disable`.

    Raises:
        BadUsage: No option says what to do, or two say opposite things.
        NotThere: Stripe has no such endpoint.
    """
    options = wanted.options
    if not set(options) & set(_WRITTEN):
        raise BadUsage("Nothing is said of what to mend.", "Give --url, --add-events, --enable or --disable.")
    if options.get("add-events") and options.get("only-events"):
        raise BadUsage("--add-events and --only-events contradict each other.", "Leave one of them out.")
    if options.get("enable") and options.get("disable"):
        raise BadUsage("--enable and --disable contradict each other.", "Leave one of them out.")
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    held = await desk.stripe.endpoint(wanted.query)
    draft = structs.replace(draft, subject=held.id, targets=("stripe",), confirm=held.id[-4:])
    url = options.get("url", "").strip()
    probes = await asked_at(desk, url) if url and url != held.url else None
    refused = draft.refused or refusal(desk, url, probes)
    if refused:
        return structs.replace(draft, refused=refused)
    return structs.replace(
        draft,
        title=f"Mend the endpoint {held.id}",
        because=f"It is {held.status or 'enabled'}, at {held.url}.",
        steps=tuple(_steps(desk, held, options)),
        warnings=tuple(_warnings(desk, held, options, probes)),
    )


async def plan_new(desk: Desk, wanted: Wanted, plan_id: str, stamp: datetime) -> Change:
    """A new endpoint; options `url` and `add-events`, without them the profile's `webhook_url` and `required_events`.

    Raises:
        BadUsage: There is no address to give it.
    """
    profile = desk.profile
    url = wanted.options.get("url", "").strip() or profile.webhook_url
    if not url:
        raise BadUsage("It is not said where it is to deliver to.", "Give --url, or set webhook_url in the profile.")
    draft = desk.draft(wanted, plan_id, stamp, await desk.account())
    held = (await desk.stripe.endpoints()).data
    draft = structs.replace(draft, subject=url, targets=("stripe",), confirm=url[-4:])
    there = next((one for one in held if one.url == url), None)
    probes = await asked_at(desk, url)
    refused = draft.refused or refusal(desk, url, probes)
    if there:
        refused = refused or f"{there.id} delivers to {url} already: billing-tui fix endpoint {there.id} mends it."
    if refused:
        return structs.replace(draft, refused=refused)
    named = _names(wanted.options.get("add-events", ""))
    events = tuple(profile.required_events) if not named or named == ("missing",) else named
    return structs.replace(
        draft,
        title=f"Make an endpoint at {url}",
        because="Stripe has none at this address." if not held else f"None of {len(held)} is at this address.",
        steps=tuple(making(url, events, profile.code_api_version)),
        warnings=("Its signing secret is new: the app refuses what comes until it has it.",),
    )


def making(url: str, events: tuple[str, ...], version: str) -> Iterator[Step]:
    """The steps that make one."""
    wanted = {"url": url, "enabled_events": ", ".join(sorted(events)), **({"api_version": version} if version else {})}
    for field, value in wanted.items():
        yield Step(
            target="stripe",
            object=NEW,
            field=field,
            before=None,
            after=value,
            call="POST /v1/webhook_endpoints",
            params=params_of(field, value),
        )


async def asked_at(desk: Desk, url: str) -> Probes | None:
    """What answers at the new address; None where there is nothing to ask it with."""
    if url == desk.profile.webhook_url:
        probes = await desk.shared.probes()
        return None if isinstance(probes, Gap) else probes
    if desk.services.endpoint_at is None:
        return None
    endpoint = desk.services.endpoint_at(url)
    try:
        return await endpoint.probe()
    finally:
        await endpoint.close()


def refusal(desk: Desk, url: str, probes: Probes | None) -> str | None:
    """Why no endpoint may have this address; None where it may."""
    if url and not url.startswith(("https://", "http://")):
        return f"{quoted(url)} is no address."
    if url.startswith("http://") and desk.profile.mode == "live" and probes is None:
        return "In live mode Stripe delivers over https alone."
    if probes is None:
        return None
    answer = probes.unsigned
    if answer.status is None:
        return f"Nothing answers at {url} ({answer.error}): deliveries would be lost there."
    if 300 <= answer.status < 400:
        target = answer.headers.get("location", "")
        return (
            f"{url} redirects{f' to {target}' if target else ''}, and Stripe follows no redirects: take the address it leads to."
        )
    if answer.status in _NOT_THERE:
        return f"{url} answers {answer.status}: the app has no webhook there."
    return None


def _steps(desk: Desk, held: Endpoint, options: dict[str, str]) -> Iterator[Step]:
    if options.get("url"):
        yield stripe_step("webhook_endpoints", held.id, "url", held.url, options["url"].strip())
    if options.get("add-events"):
        heard = tuple(held.enabled_events or ())
        added = tuple(desk.profile.required_events) if options["add-events"] == "missing" else _names(options["add-events"])
        after = heard if "*" in heard else (*heard, *(name for name in added if name not in heard))
        yield stripe_step("webhook_endpoints", held.id, "enabled_events", ", ".join(sorted(heard)), ", ".join(sorted(after)))
    if options.get("only-events"):
        heard, chosen = tuple(held.enabled_events or ()), _names(options["only-events"])
        chosen = tuple(desk.profile.required_events) if chosen == ("missing",) else chosen
        yield stripe_step("webhook_endpoints", held.id, "enabled_events", ", ".join(sorted(heard)), ", ".join(sorted(chosen)))
    if options.get("enable") or options.get("disable"):
        status = "enabled" if options.get("enable") else "disabled"
        yield stripe_step("webhook_endpoints", held.id, "status", held.status or "enabled", status)


def _names(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (name.strip() for name in text.split(","))))


def _warnings(desk: Desk, held: Endpoint, options: dict[str, str], probes: Probes | None) -> Iterator[str]:
    if probes is not None and not isinstance(probes.valid, Gap) and not probes.valid.accepted:
        told = probes.valid.status or probes.valid.error
        yield f"What is there does not accept the signing secret that this tool holds: it answered {told}."
    if probes is None and options.get("url") and options["url"] != held.url:
        yield "The new address could not be asked, so it is not known who answers there."
    if options.get("disable"):
        yield "From then on Stripe sends it nothing, and what happens meanwhile is not delivered later by itself."
    if options.get("enable"):
        yield "What happened while it was disabled is not delivered by itself: billing-tui recover sends it again."
    missing = [name for name in desk.profile.required_events if not held.hears(name)]
    if options.get("only-events"):
        yield "What else it was told until now, it is told no longer."
    elif missing and not options.get("add-events"):
        yield f"It is not sent {listed(missing)}, which the app needs: --add-events missing adds them."
