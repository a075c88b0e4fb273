"""What Clerk answers when it refuses: one exception, one body shape, and the refusals that several routes share."""

import secrets
from typing import Any

import msgspec
from starlette.responses import Response

JSON_HEADERS = {"content-type": "application/json"}


class ClerkRefusalError(Exception):
    """Ends a request with an error body; `param` names the offending parameter, as Clerk's `meta.param_name` does."""

    def __init__(self, status: int, code: str, message: str, long_message: str = "", param: str | None = None) -> None:
        super().__init__(long_message or message)
        self.status = status
        self.headers: dict[str, str] = {}
        self.error: dict[str, Any] = {"message": message, "long_message": long_message or message, "code": code}
        if param is not None:
            self.error["meta"] = {"param_name": param}

    def response(self) -> Response:
        body = {"errors": [self.error], "clerk_trace_id": secrets.token_hex(16)}
        return Response(msgspec.json.encode(body), self.status, JSON_HEADERS | self.headers)


def not_found(kind: str, identifier: str) -> ClerkRefusalError:
    return ClerkRefusalError(404, "resource_not_found", "not found", f"No {kind} was found with id {identifier}.")


def invalid(param: str, why: str) -> ClerkRefusalError:
    return ClerkRefusalError(422, "form_param_value_invalid", "is invalid", why, param)


def unknown_parameter(param: str) -> ClerkRefusalError:
    why = f"{param} is not a valid parameter for this request."
    return ClerkRefusalError(422, "form_param_unknown", "is unknown", why, param)


def too_many(wait: int) -> ClerkRefusalError:
    """`wait` is in whole seconds, as `Retry-After` carries it."""
    refusal = ClerkRefusalError(429, "too_many_requests", "Too many requests", "Too many requests. Please try again in a bit.")
    refusal.headers["retry-after"] = str(wait)
    return refusal
