"""Clerk's objects, as much of each as the tool reads. Times are Unix milliseconds as on the wire.

Fields may be missing: Clerk's own SDK fails on a successful answer that lacks one, which is why this does not.
"""

from typing import Any

from msgspec import Struct

from billing_tui.model.text import Loose

Bag = dict[str, Any]


class Verification(Struct, frozen=True, kw_only=True):
    status: str | None = None


class EmailAddress(Struct, frozen=True, kw_only=True):
    id: str | None = None
    email_address: str = ""
    verification: Verification | None = None


class _Subject(Struct, frozen=True, kw_only=True):
    id: str
    created_at: int | None = None
    updated_at: int | None = None
    public_metadata: Bag | None = None
    private_metadata: Bag | None = None

    def field(self, path: str) -> object:
        """The value at `public_metadata.plan`, or at any deeper path; None where there is none."""
        bag, *keys = path.split(".")
        value: object = getattr(self, bag, None)
        for key in keys:
            value = value.get(key) if isinstance(value, dict) else None
        return value


class User(_Subject, frozen=True, kw_only=True):
    first_name: Loose | None = None
    last_name: Loose | None = None
    external_id: str | None = None
    unsafe_metadata: Bag | None = None
    primary_email_address_id: str | None = None
    email_addresses: tuple[EmailAddress, ...] = ()
    last_sign_in_at: int | None = None
    banned: bool = False
    locked: bool = False

    @property
    def emails(self) -> tuple[str, ...]:
        """Every address, the primary one first."""
        first = self.primary_email_address_id
        ordered = sorted(self.email_addresses, key=lambda held: held.id != first)
        return tuple(held.email_address for held in ordered)


class Organization(_Subject, frozen=True, kw_only=True):
    name: Loose = Loose()
    slug: str | None = None


class ClerkSession(Struct, frozen=True, kw_only=True):
    id: str
    user_id: str = ""
    status: str = ""
    created_at: int | None = None
    last_active_at: int | None = None
    last_active_organization_id: str | None = None


class JwtTemplate(Struct, frozen=True, kw_only=True):
    """`lifetime` is in seconds."""

    id: str = ""
    name: str = ""
    lifetime: int = 60
    claims: Any = None


class Instance(Struct, frozen=True, kw_only=True):
    id: str = ""
    environment_type: str = ""


class Domain(Struct, frozen=True, kw_only=True):
    id: str = ""
    name: str = ""
