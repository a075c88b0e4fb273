"""Clerk's Backend API, asked directly: about ten calls, no field taken for granted, no write repeated blindly."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from billing_tui.model.clerk import Bag, ClerkSession, Domain, Instance, JwtTemplate, Organization, User
from billing_tui.model.problem import KeyRefused, NotThere, OutcomeUnknown, OutOfReach, Problem
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean, loosely
from billing_tui.services.hosts import host_of

if TYPE_CHECKING:
    import httpx

    from billing_tui.services.http import Transport

T = TypeVar("T")

API_VERSION = "2026-05-12"


class _Domains(msgspec.Struct, frozen=True):
    data: tuple[Domain, ...] = ()


class _Organizations(msgspec.Struct, frozen=True):
    data: tuple[Organization, ...] = ()


class _Membership(msgspec.Struct, frozen=True):
    organization: Organization


class _Memberships(msgspec.Struct, frozen=True):
    data: tuple[_Membership, ...] = ()


class _Fault(msgspec.Struct, frozen=True):
    message: str = ""
    long_message: str = ""
    code: str = ""


class _Faults(msgspec.Struct, frozen=True):
    errors: tuple[_Fault, ...] = ()


class Clerk:
    """One instance of Clerk.

    Args:
        key: Its secret key; there is no read-only one, which is why writes are stopped in the transport.
        transport: Every request passes it.
        base: Where the API is, e.g. `https://api.clerk.com`.
        mode: For the sentences of errors.
    """

    def __init__(self, key: str, transport: "Transport", base: str, mode: Mode) -> None:
        self._mode = mode
        self._host = host_of(base)
        headers = {"Authorization": f"Bearer {key}", "Clerk-API-Version": API_VERSION}
        self._http = transport.client(f"{base.rstrip('/')}/v1/", headers)

    async def users(self, emails: Sequence[str]) -> tuple[User, ...]:
        """Those who hold one of the addresses, primary or not."""
        return await self._get("users", tuple[User, ...], email_address=list(emails), limit="5")

    async def user(self, user_id: str) -> User:
        """Raises `NotThere` where this instance has no such user."""
        return await self._get(f"users/{user_id}", User)

    async def everyone(self, after: str, limit: int) -> tuple[User, ...]:
        """A page of all users, the newest first, from the one with this id on; at most 500."""
        more = {"starting_after": after} if after else {}
        return await self._get("users", tuple[User, ...], limit=str(limit), order_by="-created_at", **more)

    async def organizations(self, offset: int, limit: int) -> tuple[Organization, ...]:
        """A page of all organizations, the newest first; at most 500."""
        wanted = {"limit": str(limit), "offset": str(offset), "order_by": "-created_at"}
        return (await self._get("organizations", _Organizations, **wanted)).data

    async def organization(self, organization_id: str) -> Organization:
        """Raises `NotThere` where this instance has no such organization."""
        return await self._get(f"organizations/{organization_id}", Organization)

    async def memberships(self, user_id: str) -> tuple[str, ...]:
        """The ids of the user's organizations; at most 20."""
        found = await self._get(f"users/{user_id}/organization_memberships", _Memberships, limit="20")
        return tuple(held.organization.id for held in found.data)

    async def sessions(self, user_id: str) -> tuple[ClerkSession, ...]:
        """The user's active ones."""
        return await self._get("sessions", tuple[ClerkSession, ...], user_id=user_id, status="active", limit="20")

    async def templates(self) -> tuple[JwtTemplate, ...]:
        return await self._get("jwt_templates", tuple[JwtTemplate, ...])

    async def instance(self) -> Instance:
        return await self._get("instance", Instance)

    async def domains(self) -> tuple[Domain, ...]:
        return (await self._get("domains", _Domains)).data

    async def merge_metadata(self, subject_id: str, bags: Mapping[str, Bag]) -> tuple[User | Organization, str | None]:
        """Deep-merges into a user's or an organization's metadata; None removes a key, other keys survive.

        Returns the subject as it is afterwards and the request id.
        """
        many = "organizations" if subject_id.startswith("org_") else "users"
        response = await self._http.patch(f"{many}/{subject_id}/metadata", json=dict(bags))
        _written(response)
        trace = response.headers.get("x-clerk-trace-id")
        return (self._decode(response, Organization) if many == "organizations" else self._decode(response, User)), trace

    async def session(self, session_id: str) -> ClerkSession:
        return await self._get(f"sessions/{session_id}", ClerkSession)

    async def revoke_session(self, session_id: str) -> str | None:
        """Signs out one session; answers the request id."""
        response = await self._http.post(f"sessions/{session_id}/revoke")
        self._decode(_written(response), ClerkSession)
        trace: str | None = response.headers.get("x-clerk-trace-id")
        return trace

    async def close(self) -> None:
        """Closes every connection; nothing is in flight afterwards."""
        await self._http.aclose()

    async def _get(self, path: str, into: type[T], **params: Any) -> T:
        return self._decode(await self._http.get(path, params=params), into)

    def _decode(self, response: "httpx.Response", into: type[T]) -> T:
        if not response.is_success:
            raise self._problem(response)
        try:
            return msgspec.json.decode(response.content, type=into, dec_hook=loosely)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self._unreadable(clean(str(error))[:120]) from error

    def _problem(self, response: "httpx.Response") -> Problem:
        says = _says(response.content)
        status = response.status_code
        if says is None:
            return self._unreadable(f"HTTP {status}")
        if status in (401, 403):
            hint = f"Copy it again from Clerk's Dashboard (API keys) and set BILLING_TUI_{self._mode.upper()}_CLERK_KEY."
            return KeyRefused(f"Clerk does not accept the {self._mode} key.", hint, code="key_wrong")
        if status == 404:
            return NotThere(says or "Clerk has no such object.")
        if status == 429:
            return OutOfReach(
                "Clerk is answering too many requests for this instance.",
                "Wait ten seconds, then try again.",
                code="rate_limited",
            )
        if status < 500:
            return OutOfReach(f"Clerk refused the request: {says}", code="refused_by_clerk")
        return OutOfReach(f"Clerk keeps failing (HTTP {status}).", "Look at Clerk's status page, then try again.")

    def _unreadable(self, detail: str) -> OutOfReach:
        return OutOfReach(
            f"{self._host} answered something that is not Clerk's API ({detail}).",
            "Check clerk_api_base in the configuration, and whether a proxy answers in Clerk's place.",
            code="unreadable",
        )


def _written(response: "httpx.Response") -> "httpx.Response":
    """The answer to a write, unless it leaves open what was done. Raises `OutcomeUnknown`."""
    if response.status_code >= 500:
        raise OutcomeUnknown(f"Clerk failed while writing (HTTP {response.status_code}).", "Look again before repeating it.")
    return response


def _says(body: bytes) -> str | None:
    """What Clerk's error says, or None where the body is no error of Clerk's."""
    try:
        faults = msgspec.json.decode(body, type=_Faults).errors
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
    return clean(faults[0].long_message or faults[0].message)[:300] if faults else ""
