"""How a Stripe customer names its subject: the profile's chain of places, and the names that others use for it."""

from collections.abc import Iterable

from msgspec import Struct

from billing_tui.model.profile import Profile
from billing_tui.model.stripe import Customer, Session, Subscription

# Keys met in the wild for the same thing; a link under one of these while the profile reads another is a finding.
ALIASES = (
    "clerkUserId", "clerk_user_id", "clerkId", "clerk_id", "userId", "user_id", "supabaseUUID", "supabase_user_id",
    "firebaseUid", "firebaseUserId", "organizationId", "organization_id", "orgId", "org_id", "teamId", "team_id", "workspaceId",
    "workspace_id", "referenceId", "djstripe_subscriber",
)  # fmt: skip


class Link(Struct, frozen=True):
    """One place that names a subject: `customer.metadata.clerkUserId` of cus_… says user_…."""

    path: str
    object_id: str
    value: str


class Carriers(Struct, frozen=True):
    """The objects that may carry a link."""

    customers: tuple[Customer, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()
    sessions: tuple[Session, ...] = ()


def links(carriers: Carriers, profile: Profile) -> tuple[Link, ...]:
    """Every link at a place where the app looks, in the profile's order."""
    return tuple(link for path in profile.user_id_from for link in _at(path, carriers))


def strays(carriers: Carriers, profile: Profile) -> tuple[Link, ...]:
    """Values that look like links at places where the app does not look."""
    roots = ("customer", "subscription", "session")
    paths = [f"{root}.metadata.{key}" for root in roots for key in ALIASES]
    paths.append("session.client_reference_id")
    return tuple(link for path in paths if path not in profile.user_id_from for link in _at(path, carriers))


def metadata_keys(profile: Profile, root: str) -> list[str]:
    """The metadata keys of one kind of object at which the app looks for the link."""
    return [path.split(".", 2)[2] for path in profile.user_id_from if path.startswith(f"{root}.metadata.")]


def searchable(profile: Profile) -> bool:
    """Whether the app keeps its links where Stripe's search finds them."""
    return bool(metadata_keys(profile, "customer") or metadata_keys(profile, "subscription"))


def _at(path: str, carriers: Carriers) -> Iterable[Link]:
    root, _, rest = path.partition(".")
    held: dict[str, tuple[Customer | Subscription | Session, ...]] = {
        "customer": carriers.customers,
        "subscription": carriers.subscriptions,
        "session": carriers.sessions,
    }
    for carrier in held.get(root, ()):
        if rest == "client_reference_id":
            value = carrier.client_reference_id if isinstance(carrier, Session) else None
        else:
            value = (carrier.metadata or {}).get(rest.removeprefix("metadata."))
        if isinstance(value, str) and value.strip():
            yield Link(path, carrier.id, value)
