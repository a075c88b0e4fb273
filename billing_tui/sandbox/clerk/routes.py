"""Clerk's Backend API as Starlette routes, to be mounted where `{base}/v1/users` shall answer.

The bearer key alone chooses the instance. Every answer, refusals included, has the shape of Clerk's specification.
"""

from collections.abc import Callable
from typing import Any, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from billing_tui.sandbox.clerk import organizations, users
from billing_tui.sandbox.clerk.errors import JSON_HEADERS, ClerkRefusalError, invalid, not_found, too_many
from billing_tui.sandbox.clerk.instance import ClerkInstance
from billing_tui.sandbox.clerk.metadata import written
from billing_tui.sandbox.clerk.query import page
from billing_tui.sandbox.clerk.shapes import Json
from billing_tui.sandbox.options import MODES, Mode

VERSIONS = ("2021-02-05", "2024-10-01", "2025-03-12", "2025-04-10", "2025-11-10", "2026-05-12")
SESSION_STATUSES = ("abandoned", "active", "ended", "expired", "removed", "replaced", "revoked")
USER_BAGS = ("public_metadata", "private_metadata", "unsafe_metadata")
ORGANIZATION_BAGS = ("public_metadata", "private_metadata")
KEY_INVALID = "The provided Clerk Secret Key is invalid. Make sure that your Clerk Secret Key is correct."

Handler = Callable[[ClerkInstance, Request, Any], Any]


class Clerks(Protocol):
    """Whatever holds one instance for each mode."""

    def clerk(self, mode: Mode) -> ClerkInstance: ...


def clerk_routes(clerks: Clerks) -> list[Route]:
    """Routes below `/v1`, and a last one that answers every other path with Clerk's own 404."""

    def route(path: str, handler: Handler, *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await _answer(clerks, request, handler)
            except ClerkRefusalError as refusal:
                return refusal.response()

        return Route(path, endpoint, methods=list(methods))

    return [route(*entry) for entry in ROUTES]


async def _answer(clerks: Clerks, request: Request, handler: Handler) -> Response:
    clerk = _instance(clerks, request)
    _check_version(request)
    wait = clerk.requests.wait("")
    if wait:
        raise too_many(wait)
    raw = await request.body()
    try:
        body = msgspec.json.decode(raw) if raw else {}
    except msgspec.DecodeError:
        why = "The request body is invalid. Please consult the API documentation for more information."
        raise ClerkRefusalError(400, "request_body_invalid", "Request body invalid", why) from None
    return Response(msgspec.json.encode(handler(clerk, request, body)), headers=JSON_HEADERS)


def _instance(clerks: Clerks, request: Request) -> ClerkInstance:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        why = 'Invalid Authorization header format. Must be "Bearer <YOUR_API_KEY>"'
        raise ClerkRefusalError(401, "authorization_header_format_invalid", "Invalid Authorization header format", why)
    for mode in MODES:
        clerk = clerks.clerk(mode)
        if clerk.secret_key == key:
            return clerk
    raise ClerkRefusalError(401, "clerk_key_invalid", KEY_INVALID)


def _check_version(request: Request) -> None:
    named = [request.headers.get("clerk-api-version"), request.query_params.get("__clerk_api_version")]
    given = [version for version in named if version is not None]
    if len(given) > 1:
        raise ClerkRefusalError(400, "api_version_ambiguous", "The API version was given both as header and as query.")
    if given and given[0] not in VERSIONS:
        raise ClerkRefusalError(400, "api_version_invalid", f"{given[0]} is not a valid API version.")


def nowhere(_clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    raise ClerkRefusalError(404, "resource_not_found", "not found", f"No route matches {request.method} here.")


def _selected(clerk: ClerkInstance, request: Request) -> list[Json]:
    return users.selected(
        clerk.users.values(), request.query_params, lambda user_id: organizations.organizations_of(clerk, user_id)
    )


def list_users(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    return users.listed(_selected(clerk, request), request.query_params)


def count_users(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    return {"object": "total_count", "total_count": len(_selected(clerk, request))}


def get_user(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    return clerk.user(request.path_params["id"])


def delete_user(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    clerk.delete_user(request.path_params["id"])
    return {"object": "user", "id": request.path_params["id"], "deleted": True}


def write_user_metadata(clerk: ClerkInstance, request: Request, body: Any) -> Any:
    return _write_metadata(clerk, clerk.user(request.path_params["id"]), request, body, USER_BAGS)


def user_memberships(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    _need_organizations(clerk)
    return organizations.list_memberships_of(clerk, request.path_params["id"], request.query_params)


def list_organizations(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    _need_organizations(clerk)
    return organizations.list_organizations(clerk, request.query_params)


def get_organization(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    _need_organizations(clerk)
    organization = clerk.organization(request.path_params["id"])
    return organizations.organization_answer(clerk, organization, request.query_params)


def write_organization_metadata(clerk: ClerkInstance, request: Request, body: Any) -> Any:
    _need_organizations(clerk)
    owner = clerk.organization(request.path_params["id"])
    return _write_metadata(clerk, owner, request, body, ORGANIZATION_BAGS)


def organization_members(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    _need_organizations(clerk)
    owner = clerk.organization(request.path_params["id"])
    return organizations.list_members(clerk, owner["id"], request.query_params)


def _need_organizations(clerk: ClerkInstance) -> None:
    if not clerk.organizations_enabled:
        why = "The organizations feature is not enabled for this instance."
        raise ClerkRefusalError(403, "organization_not_enabled_in_instance", "access denied", why)


def _write_metadata(clerk: ClerkInstance, owner: Json, request: Request, body: Any, bags: tuple[str, ...]) -> Json:
    wait = clerk.writes.wait(owner["id"])
    if wait:
        raise too_many(wait)
    owner.update(written(owner, body, bags, merge=request.method == "PATCH"))
    clerk.touch(owner)
    return owner


def list_sessions(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    params = request.query_params
    user_id, client_id, status = params.get("user_id"), params.get("client_id"), params.get("status")
    if not user_id and not client_id:
        why = "At least one of user_id or client_id must be given."
        raise ClerkRefusalError(422, "form_param_missing", "is missing", why, "user_id")
    if status is not None and status not in SESSION_STATUSES:
        raise invalid("status", f"status must be one of {', '.join(SESSION_STATUSES)}.")
    rows = [
        session
        for session in sorted(clerk.sessions.values(), key=lambda s: s["created_at"], reverse=True)
        if (not user_id or session["user_id"] == user_id)
        and (not client_id or session["client_id"] == client_id)
        and (status is None or session["status"] == status)
    ]
    return page(rows, params)


def get_session(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    if request.path_params["id"] not in clerk.sessions:
        raise not_found("session", request.path_params["id"])
    return clerk.sessions[request.path_params["id"]]


def revoke_session(clerk: ClerkInstance, request: Request, body: Any) -> Any:
    session: Json = get_session(clerk, request, body)
    if session["status"] == "active":
        session["status"] = "revoked"
        clerk.touch(session)
    return session


def list_jwt_templates(clerk: ClerkInstance, _request: Request, _body: Any) -> Any:
    return list(clerk.jwt_templates.values())


def get_jwt_template(clerk: ClerkInstance, request: Request, _body: Any) -> Any:
    if request.path_params["id"] not in clerk.jwt_templates:
        raise not_found("JWT template", request.path_params["id"])
    return clerk.jwt_templates[request.path_params["id"]]


def get_instance(clerk: ClerkInstance, _request: Request, _body: Any) -> Any:
    return clerk.instance


def list_domains(clerk: ClerkInstance, _request: Request, _body: Any) -> Any:
    return {"data": clerk.domains, "total_count": len(clerk.domains)}


ROUTES: tuple[tuple[Any, ...], ...] = (
    ("/v1/users", list_users, "GET"),
    ("/v1/users/count", count_users, "GET"),
    ("/v1/users/{id}", get_user, "GET"),
    ("/v1/users/{id}", delete_user, "DELETE"),
    ("/v1/users/{id}/metadata", write_user_metadata, "PATCH", "PUT"),
    ("/v1/users/{id}/organization_memberships", user_memberships, "GET"),
    ("/v1/organizations", list_organizations, "GET"),
    ("/v1/organizations/{id}", get_organization, "GET"),
    ("/v1/organizations/{id}/metadata", write_organization_metadata, "PATCH", "PUT"),
    ("/v1/organizations/{id}/memberships", organization_members, "GET"),
    ("/v1/sessions", list_sessions, "GET"),
    ("/v1/sessions/{id}", get_session, "GET"),
    ("/v1/sessions/{id}/revoke", revoke_session, "POST"),
    ("/v1/jwt_templates", list_jwt_templates, "GET"),
    ("/v1/jwt_templates/{id}", get_jwt_template, "GET"),
    ("/v1/instance", get_instance, "GET"),
    ("/v1/domains", list_domains, "GET"),
    ("/{path:path}", nowhere, "GET", "POST", "PATCH", "PUT", "DELETE"),
)
