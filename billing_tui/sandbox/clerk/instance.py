"""One Clerk instance: who exists in it and what is stored about them, and the helpers that put people there.

Objects are plain dicts in wire shape. Writing over the wire is in `routes`; this file seeds and looks up.
"""

import random
import string
import time
from collections.abc import Callable, Iterable
from typing import Any

from billing_tui.sandbox.clerk import shapes
from billing_tui.sandbox.clerk.errors import not_found
from billing_tui.sandbox.clerk.limits import SlidingLimit
from billing_tui.sandbox.clerk.shapes import Json, millis
from billing_tui.sandbox.options import Mode

ALPHABET = string.digits + string.ascii_letters
DEVELOPMENT_RATE, PRODUCTION_RATE, WRITE_RATE = 100, 1000, 10


class ClerkInstance:
    """The development ("test") or production ("live") instance behind one secret key."""

    def __init__(
        self, mode: Mode, secret_key: str, seed: int = 1, *, now: Callable[[], float] = time.time, domain: str = ""
    ) -> None:
        self.mode = mode
        self.secret_key = secret_key
        self.now = now
        self._random = random.Random(f"clerk-{mode}-{seed}")
        development = mode == "test"
        self.requests = SlidingLimit(DEVELOPMENT_RATE if development else PRODUCTION_RATE, time.monotonic)
        self.writes = SlidingLimit(WRITE_RATE, time.monotonic)
        self.users: dict[str, Json] = {}
        self.organizations: dict[str, Json] = {}
        self.memberships: list[Json] = []
        self.sessions: dict[str, Json] = {}
        self.jwt_templates: dict[str, Json] = {}
        self.organizations_enabled = True
        self.instance = shapes.instance(self.new_id("ins"), "development" if development else "production")
        name = domain or ("calm-otter-41.clerk.accounts.dev" if development else "plainsong.example")
        self.domains = [shapes.domain(self.new_id("dmn"), name, development=development)]

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_3" + "".join(self._random.choices(ALPHABET, k=26))

    def add_user(
        self,
        *,
        email: str | None = None,
        other_emails: Iterable[str] = (),
        created_at: float | None = None,
        last_sign_in_at: float | None = None,
        last_active_at: float | None = None,
        verified: bool = True,
        user_id: str | None = None,
        **facts: Any,
    ) -> Json:
        """Adds a user and returns it as stored. Times are Unix seconds; e-mails are kept in lower case, as Clerk does.

        `facts` are wire fields: first_name, last_name, public_metadata, private_metadata, external_id, banned, …
        """
        at = round((self.now() if created_at is None else created_at) * 1000)
        addresses = ([email] if email else []) + list(other_emails)
        emails = [shapes.email_address(self.new_id("idn"), address.lower(), at, verified=verified) for address in addresses]
        seen = {"last_sign_in_at": millis(last_sign_in_at), "last_active_at": millis(last_active_at)}
        user = shapes.user(user_id or self.new_id("user"), at, emails, seen | facts)
        self.users[user["id"]] = user
        return user

    def add_organization(
        self,
        *,
        name: str,
        slug: str | None = None,
        created_at: float | None = None,
        organization_id: str | None = None,
        **facts: Any,
    ) -> Json:
        at = round((self.now() if created_at is None else created_at) * 1000)
        slug = slug or "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        organization = shapes.organization(organization_id or self.new_id("org"), name, slug, at, facts)
        self.organizations[organization["id"]] = organization
        return organization

    def add_membership(
        self, organization_id: str, user_id: str, *, role: str = "org:member", created_at: float | None = None
    ) -> Json:
        at = round((self.now() if created_at is None else created_at) * 1000)
        organization, user = self.organizations[organization_id], self.users[user_id]
        membership = shapes.membership(self.new_id("orgmem"), organization, user, role, at)
        self.memberships.append(membership)
        return membership

    def add_session(
        self,
        user_id: str,
        *,
        created_at: float | None = None,
        last_active_at: float | None = None,
        client_id: str | None = None,
        **facts: Any,
    ) -> Json:
        """An active session unless `facts` says otherwise; `last_active_at` defaults to its start."""
        created = self.now() if created_at is None else created_at
        active = created if last_active_at is None else last_active_at
        session = shapes.session(self.new_id("sess"), client_id or self.new_id("client"), user_id, created, active, facts)
        self.sessions[session["id"]] = session
        return session

    def add_jwt_template(self, *, name: str, claims: Json, lifetime: int = 60, created_at: float | None = None) -> Json:
        at = round((self.now() if created_at is None else created_at) * 1000)
        template = shapes.jwt_template(self.new_id("jtmp"), name, claims, lifetime, at)
        self.jwt_templates[template["id"]] = template
        return template

    def user(self, user_id: str) -> Json:
        if user_id not in self.users:
            raise not_found("user", user_id)
        return self.users[user_id]

    def user_by_email(self, email: str) -> Json | None:
        """For seeding: the first user that holds the address, in whatever case."""
        wanted = email.lower()
        for user in self.users.values():
            if any(e["email_address"] == wanted for e in user["email_addresses"]):
                return user
        return None

    def organization(self, id_or_slug: str) -> Json:
        if id_or_slug in self.organizations:
            return self.organizations[id_or_slug]
        for organization in self.organizations.values():
            if organization["slug"] == id_or_slug:
                return organization
        raise not_found("organization", id_or_slug)

    def touch(self, owner: Json) -> None:
        """Moves `updated_at`: always forward, even for two writes within one millisecond."""
        owner["updated_at"] = max(round(self.now() * 1000), owner["updated_at"] + 1)

    def delete_user(self, user_id: str) -> None:
        del self.users[self.user(user_id)["id"]]
        self.memberships = [m for m in self.memberships if m["public_user_data"]["user_id"] != user_id]
        self.sessions = {k: s for k, s in self.sessions.items() if s["user_id"] != user_id}
