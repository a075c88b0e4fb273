"""Stripe's refusals: status, type, code and the words that people and programs look for."""

from typing import Any

DOCS = "https://stripe.com/docs"


class StripeError(Exception):
    """Becomes an error body; `headers` are added to the response."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind
        self.code = code
        self.param = param
        self.headers = headers or {}

    def body(self, log_url: str | None) -> dict[str, Any]:
        """The `error` object, with only the fields that apply."""
        error: dict[str, Any] = {"message": self.message, "type": self.kind}
        if self.code is not None:
            error["code"] = self.code
            error["doc_url"] = f"{DOCS}/error-codes/{self.code.replace('_', '-')}"
        if self.param is not None:
            error["param"] = self.param
        if log_url is not None:
            error["request_log_url"] = log_url
        return {"error": error}


def invalid(message: str, *, code: str | None = None, param: str | None = None) -> StripeError:
    """A bad request."""
    return StripeError(400, message, code=code, param=param)


def unknown_parameter(name: str) -> StripeError:
    """A parameter that the endpoint does not have."""
    return invalid(f"Received unknown parameter: {name}", code="parameter_unknown", param=name)


def missing_parameter(name: str) -> StripeError:
    """A parameter that the endpoint must have."""
    return invalid(f"Missing required param: {name}.", code="parameter_missing", param=name)


def bad_integer(name: str, value: object) -> StripeError:
    """Text where a whole number belongs."""
    return invalid(f"Invalid integer: {value}", code="parameter_invalid_integer", param=name)


def resource_missing(thing: str, key: str, hint: str = "", *, param: str = "id", status: int = 404) -> StripeError:
    """No such object; 404 for the id in the path, 400 for one in a parameter."""
    return StripeError(status, f"No such {thing}: '{key}'{hint}", code="resource_missing", param=param)


def unknown_url(method: str, path: str) -> StripeError:
    """No such endpoint."""
    return StripeError(
        404,
        f"Unrecognized request URL ({method}: {path}). Please see {DOCS} or we can help at https://support.stripe.com/.",
    )


def rate_limited() -> StripeError:
    """Too many requests on this account."""
    return StripeError(
        429,
        f"Request rate limit exceeded. Learn more about rate limits here {DOCS}/rate-limits.",
        code="rate_limit",
        headers={"Stripe-Rate-Limited-Reason": "global-rate"},
    )
