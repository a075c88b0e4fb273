"""Complete wire objects of Clerk's Backend API 2026-05-12, built from the few facts that a story needs.

Times come in as Unix seconds, like everywhere in the sandbox, and leave as Clerk's milliseconds. No state in here.
"""

from typing import Any

Json = dict[str, Any]
SESSION_LIFE_SECONDS = 7 * 86400
ADMIN_PERMISSIONS = ["org:sys_profile:manage", "org:sys_memberships:read", "org:sys_memberships:manage"]


def millis(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds * 1000)


def email_address(identifier: str, address: str, at: int, *, verified: bool) -> Json:
    verification = {
        "object": "verification_otp",
        "status": "verified" if verified else "unverified",
        "strategy": "email_code",
        "attempts": 1 if verified else 0,
        "expire_at": at + 600_000,
    }
    return {
        "id": identifier,
        "object": "email_address",
        "email_address": address,
        "reserved": False,
        "verification": verification,
        "linked_to": [],
        "matches_sso_connection": False,
        "created_at": at,
        "updated_at": at,
    }


def user(identifier: str, at: int, emails: list[Json], facts: Json) -> Json:
    """`facts` overrides any of the plain fields that a fresh, never signed-in user starts with."""
    image = f"https://img.clerk.example/{identifier}"
    fresh: Json = {
        "id": identifier,
        "object": "user",
        "primary_email_address_id": emails[0]["id"] if emails else None,
        **dict.fromkeys(("external_id", "primary_phone_number_id", "primary_web3_wallet_id", "username")),
        **dict.fromkeys(("first_name", "last_name", "locale", "last_sign_in_at", "last_active_at")),
        "profile_image_url": image,
        "image_url": image,
        "has_image": False,
        "public_metadata": {},
        "private_metadata": {},
        "unsafe_metadata": {},
        "email_addresses": emails,
        **{name: [] for name in ("phone_numbers", "web3_wallets", "passkeys")},
        **{name: [] for name in ("external_accounts", "saml_accounts", "enterprise_accounts")},
        "updated_at": at,
        "created_at": at,
    }
    return fresh | _account_state() | facts


def _account_state() -> Json:
    return {
        "password_enabled": True,
        "two_factor_enabled": False,
        "totp_enabled": False,
        "backup_code_enabled": False,
        "mfa_enabled_at": None,
        "mfa_disabled_at": None,
        "password_last_updated_at": None,
        "banned": False,
        "locked": False,
        "deprovisioned": False,
        "lockout_expires_in_seconds": None,
        "verification_attempts_remaining": 100,
        "delete_self_enabled": True,
        "create_organization_enabled": True,
        "create_organizations_limit": None,
        "legal_accepted_at": None,
        "bypass_client_trust": False,
    }


def organization(identifier: str, name: str, slug: str, at: int, facts: Json) -> Json:
    fresh: Json = {
        "object": "organization",
        "id": identifier,
        "name": name,
        "slug": slug,
        "image_url": f"https://img.clerk.example/{identifier}",
        "has_image": False,
        "pending_invitations_count": 0,
        "max_allowed_memberships": 50,
        "admin_delete_enabled": True,
        "public_metadata": {},
        "private_metadata": {},
        "created_at": at,
        "updated_at": at,
        "last_active_at": at,
        "role_set_key": "role_set:default",
    }
    return fresh | facts


def membership(identifier: str, of: Json, member: Json, role: str, at: int) -> Json:
    """The stored form: `organization` is filled in anew for each answer, since the organization changes."""
    return {
        "object": "organization_membership",
        "id": identifier,
        "role": role,
        "role_name": role.removeprefix("org:").capitalize(),
        "permissions": ADMIN_PERMISSIONS if role == "org:admin" else ["org:sys_memberships:read"],
        "public_metadata": {},
        "private_metadata": {},
        "organization": of,
        "public_user_data": public_user_data(member),
        "created_at": at,
        "updated_at": at,
    }


def public_user_data(member: Json) -> Json:
    emails = member["email_addresses"]
    return {
        "user_id": member["id"],
        "first_name": member["first_name"],
        "last_name": member["last_name"],
        "profile_image_url": member["profile_image_url"],
        "image_url": member["image_url"],
        "has_image": member["has_image"],
        "identifier": emails[0]["email_address"] if emails else None,
        "username": member["username"],
        "banned": member["banned"],
        "deprovisioned": member["deprovisioned"],
    }


def session(identifier: str, client: str, user_id: str, created: float, active: float, facts: Json) -> Json:
    fresh: Json = {
        "object": "session",
        "id": identifier,
        "user_id": user_id,
        "client_id": client,
        "actor": None,
        "status": "active",
        "last_active_organization_id": None,
        "last_active_at": millis(active),
        "latest_activity": _activity(identifier),
        "expire_at": millis(created + SESSION_LIFE_SECONDS),
        "abandon_at": millis(created + 4 * SESSION_LIFE_SECONDS),
        "updated_at": millis(active),
        "created_at": millis(created),
        "tasks": None,
    }
    return fresh | facts


def _activity(session_id: str) -> Json:
    return {
        "object": "session_activity",
        "id": f"sess_activity_{session_id.removeprefix('sess_')}",
        "device_type": "Macintosh",
        "is_mobile": False,
        "browser_name": "Firefox",
        "browser_version": "144.0",
        "ip_address": "192.0.2.17",
        "city": "Graz",
        "country": "AT",
    }


def jwt_template(identifier: str, name: str, claims: Json, lifetime: int, at: int) -> Json:
    return {
        "object": "jwt_template",
        "id": identifier,
        "name": name,
        "claims": claims,
        "lifetime": lifetime,
        "allowed_clock_skew": 5,
        "custom_signing_key": False,
        "signing_algorithm": "RS256",
        "created_at": at,
        "updated_at": at,
    }


def instance(identifier: str, environment: str) -> Json:
    return {
        "object": "instance",
        "id": identifier,
        "environment_type": environment,
        "allowed_origins": None,
        "workspace_id": None,
    }


def domain(identifier: str, name: str, *, development: bool) -> Json:
    return {
        "object": "domain",
        "id": identifier,
        "name": name,
        "is_satellite": False,
        "frontend_api_url": f"https://{name}" if development else f"https://clerk.{name}",
        "accounts_portal_url": f"https://accounts.{name}",
        "proxy_url": None,
        "development_origin": "http://localhost:3000" if development else "",
        "cname_targets": None
        if development
        else [{"host": f"clerk.{name}", "value": "frontend-api.clerk.services", "required": True}],
    }
