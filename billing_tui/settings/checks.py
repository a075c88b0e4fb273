"""Whether a profile's values can be meant: known statuses, addresses that are safe to call, paths that lead somewhere.

Pure: a profile goes in, complaints come out, with key paths as if profile and mode were one table.
"""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from urllib.parse import urlsplit

from billing_tui.model.profile import Profile
from billing_tui.model.text import clean, listed, quoted
from billing_tui.settings.toml_file import Complaint, nearest

STATUSES = ("active", "trialing", "past_due", "unpaid", "canceled", "incomplete", "incomplete_expired", "paused")
CLERK_FIELDS = ("customer_id", "subscription_id", "price_id", "status", "period_end")

_MOST = 1_000_000
_PLAN_PATHS = ("product.metadata.", "price.metadata.", "price.lookup_key", "price.nickname", "product.name")
_USER_PATHS = ("subscription.metadata.", "customer.metadata.", "session.metadata.", "session.client_reference_id")
_EVENT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)+")
_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(\.[a-z0-9_]+)?")
_METADATA = re.compile(r"(public|private|unsafe)_metadata(\.[^.\s]+)+")


def profile_complaints(profile: Profile) -> Iterator[Complaint]:
    """Everything about the profile that cannot be meant, its database table excepted."""
    yield from _words("tiers", profile.tiers)
    yield from _words("paid_statuses", profile.paid_statuses)
    yield from _each("paid_statuses", profile.paid_statuses, STATUSES, "is not one of Stripe's statuses.")
    yield from _paths("plan_from", profile.plan_from, _PLAN_PATHS)
    yield from _paths("user_id_from", profile.user_id_from, _USER_PATHS)
    yield from _events(profile)
    for limit in ("stripe_requests_per_second", "stripe_reads_per_day"):
        if not 1 <= getattr(profile.limits, limit) <= _MOST:
            yield Complaint(("limits", limit), f"must be at least 1, and at most {_MOST}.")
    for key, tier in profile.prices.items():
        yield from tier_complaints(("prices", key), tier, profile.tiers)
    yield from _addresses(profile)
    yield from _clerk(profile)
    if profile.stripe_account and not re.fullmatch(r"acct_[A-Za-z0-9]+", profile.stripe_account):
        yield Complaint(("stripe_account",), "is not an account id.", "One begins with acct_, or leave it empty.")


def tier_complaints(keys: tuple[str, ...], tier: str, tiers: Sequence[str]) -> Iterator[Complaint]:
    """A word that should name a tier of this profile and does not."""
    if tier not in tiers:
        yield Complaint(keys, f"names {quoted(clean(tier))}, which is not among the tiers.", nearest(tier, tuple(tiers)))


def _words(key: str, words: Sequence[str]) -> Iterator[Complaint]:
    """A list that must not be empty, nor hold a word twice or one that nobody can see."""
    if not words:
        yield Complaint((key,), "must not be empty.")
    for index, word in enumerate(words):
        if not word.strip() or word != clean(word).strip():
            yield Complaint((key, index), "is blank, or has blanks or control characters around it.")
        elif word in words[:index]:
            yield Complaint((key, index), f"is {quoted(word)}, which is in the list already.")


def _each(key: str, words: Sequence[str], known: tuple[str, ...], what: str) -> Iterator[Complaint]:
    for index, word in enumerate(words):
        if word not in known:
            yield Complaint((key, index), f"{what[:-1]}: {quoted(clean(word))}.", nearest(word, known))


def _paths(key: str, paths: Sequence[str], shapes: tuple[str, ...]) -> Iterator[Complaint]:
    """A path is one of the shapes; a shape that ends in a dot wants a metadata key after it."""
    for index, path in enumerate(paths):
        fits = (path == shape or (shape.endswith(".") and path.startswith(shape)) for shape in shapes)
        if path in shapes and not path.endswith("."):
            continue
        if not any(fits) or path.endswith(".") or path != clean(path).strip():
            offer = listed([shape + "<key>" if shape.endswith(".") else shape for shape in shapes])
            yield Complaint((key, index), f"leads nowhere: {quoted(clean(path))}.", f"Possible are {offer}.")


def _events(profile: Profile) -> Iterator[Complaint]:
    for index, event in enumerate(profile.required_events):
        if not _EVENT.fullmatch(event):
            what = f"is not an event type: {quoted(clean(event))}."
            yield Complaint(("required_events", index), what, "One looks like customer.subscription.updated.")
    if profile.code_api_version and not _VERSION.fullmatch(profile.code_api_version):
        hint = "One looks like 2025-03-31.basil; leave it empty when it is not known."
        yield Complaint(("code_api_version",), "is not an API version.", hint)


def _addresses(profile: Profile) -> Iterator[Complaint]:
    for key in ("webhook_url", "stripe_api_base", "clerk_api_base"):
        url: str = getattr(profile, key)
        if url or key != "webhook_url":
            why = url_fault(url)
            if not why and key != "webhook_url" and re.search(r"[?#@]", url):
                why = "must be an address alone, without a login, a query or a fragment."
            if why:
                yield Complaint((key,), why, "For example https://api.example.com.")


def url_fault(url: str) -> str:
    """Why a request must not be sent to this address; empty when it may be."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return "is not an address."
    if url != clean(url) or " " in url or parts.scheme not in ("http", "https") or not host:
        return "must be an http or https address."
    if parts.scheme == "http" and not is_loopback(host):
        return "must be https: plain http is for this machine's own addresses alone."
    return ""


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _clerk(profile: Profile) -> Iterator[Complaint]:
    written: dict[str, str] = {}
    plan = {"clerk_plan_field": profile.clerk_plan_field} if profile.clerk_plan_field else {}
    for name, field in {**plan, **profile.clerk_fields}.items():
        keys = (name,) if name == "clerk_plan_field" else ("clerk_fields", name)
        if name not in (*CLERK_FIELDS, "clerk_plan_field"):
            yield Complaint(keys, "is not a known key.", nearest(name, CLERK_FIELDS))
        elif not _METADATA.fullmatch(field):
            hint = "It begins with public_metadata., private_metadata. or unsafe_metadata., and a name follows."
            yield Complaint(keys, f"is not a field of Clerk's metadata: {quoted(clean(field))}.", hint)
        elif field in written:
            yield Complaint(keys, f"is the same field as {written[field]}.")
        written[field] = name
    if profile.clerk_jwt_template != clean(profile.clerk_jwt_template).strip():
        yield Complaint(("clerk_jwt_template",), "has blanks or control characters around it.")
