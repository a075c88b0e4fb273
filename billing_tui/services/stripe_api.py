"""Stripe, through its own package: version, idempotency, encoding and errors are the package's; transport and structs ours.

`stripe` takes 240 ms to import and its objects 25 ms a page to build, so it is imported when a service is opened, and answers are
decoded from their bytes. How to ask is in here; what there is to ask for is in `stripe`.
"""

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec

from billing_tui.model.problem import KeyRefused, NotThere, OutcomeUnknown, OutOfReach, Problem
from billing_tui.model.profile import Mode
from billing_tui.model.text import clean, loosely
from billing_tui.services.hosts import host_of

if TYPE_CHECKING:
    import httpx
    import stripe

    from billing_tui.services.http import Pacing, Transport

T = TypeVar("T")

_CANNOT_EXPAND = "cannot_expand"
_OTHER_MODE = re.compile(r"similar object exists in (live|test) mode")
_PERMISSION = re.compile(r"\brak_\w+")
_ACCOUNT = re.compile(r"\bacct_\w+")

# Rows of the Dashboard's "Edit restricted key" page, by the slug that an error names.
_DASHBOARD_ROWS = {
    "customer": "Customers",
    "subscription": "Subscriptions",
    "invoice": "Invoices",
    "product": "Products",
    "plan": "Prices",
    "price": "Prices",
    "checkout_session": "Checkout Sessions",
    "event": "Events",
    "webhook": "Webhook Endpoints",
    "payment_intent": "PaymentIntents",
    "charge": "Charges and Refunds",
    "coupon": "Coupons",
    "promotion_code": "Promotion Codes",
    "customer_portal": "Customer portal",
    "billing_portal": "Customer portal",
    "balance": "Balance",
}


class StripeApi:
    """One account in one mode.

    Args:
        key: A secret or restricted key.
        transport: Every request passes it.
        base: Where the API is, e.g. `https://api.stripe.com`.
        mode: For the sentences of errors.
    """

    def __init__(self, key: str, transport: "Transport", base: str, mode: Mode) -> None:
        import stripe

        # The package would write a file, print to the terminal and send timings of requests.
        stripe.enable_telemetry = False
        self._stripe = stripe
        self._mode = mode
        self._http = transport.client()
        self._transport = transport
        self._host = host_of(base)
        self._client = stripe.StripeClient(
            key, http_client=_http_client(self._http), base_addresses={"api": base.rstrip("/")}, max_network_retries=0
        )

    @property
    def reads(self) -> int:
        """How many reads this has sent."""
        return self._transport.reads

    @property
    def pace(self) -> "Pacing":
        """What decides when its requests may go out."""
        return self._transport.pace

    async def get(self, path: str, into: type[T], **params: Any) -> T:
        """What a GET answers, as `into`.

        Raises:
            KeyRefused: The key is wrong, expired, or lacks a permission.
            NotThere: There is no such object; `other_mode` where there is one there.
            OutOfReach: No answer, or one that makes no sense.
        """
        return self.decode(await self.body(path, **params), into)

    async def body(self, path: str, **params: Any) -> bytes:
        """What a GET answers, as it came, for `decode` in another thread. Raises what `get` does, but for the last."""
        try:
            body, _ = await self._ask("get", path, params)
        except OutOfReach as problem:
            if problem.code != _CANNOT_EXPAND or "expand" not in params:
                raise
            # What is expanded saves a request; without it the answer is poorer, not wrong.
            body, _ = await self._ask("get", path, {name: value for name, value in params.items() if name != "expand"})
        return body

    async def raw(self, path: str) -> bytes:
        """What a GET answers to the byte, nothing cleaned: to be sent on, never to be shown. Raises what `get` does."""
        try:
            answer = await self._client.raw_request_async("get", path)
        except self._stripe.StripeError as error:
            raise self._problem(error) from error
        headers = answer.headers
        return headers.untouched if isinstance(headers, _Carried) else answer.body.encode()

    async def write(
        self, method: Literal["post", "delete"], path: str, params: Mapping[str, Any], *, idempotency_key: str
    ) -> tuple[dict[str, Any], str | None]:
        """What a write answers, and its request id. Stripe gives the same answer to the same key for a day.

        Raises:
            OutcomeUnknown: It was sent, and no answer came that says whether it was done.
            KeyRefused, NotThere, OutOfReach: As `get`; nothing was done then.
        """
        sent = {**params, "idempotency_key": idempotency_key} if method == "post" else params
        try:
            body, request_id = await self._ask(method, path, sent)
        except OutOfReach as problem:
            if not _undecided(problem):
                raise
            raise OutcomeUnknown(problem.message, "The write may have happened: look again before repeating it.") from problem
        return self.decode(body, dict[str, Any]), request_id

    async def _ask(self, method: str, path: str, params: Mapping[str, Any]) -> tuple[bytes, str | None]:
        try:
            answer = await self._client.raw_request_async(method, path, **params)
        except self._stripe.StripeError as error:
            raise self._problem(error) from error
        headers = answer.headers
        body = headers.body if isinstance(headers, _Carried) else answer.body.encode()
        return body, answer.request_id

    def decode(self, body: bytes, into: type[T]) -> T:
        """An answer as `into`. Raises `OutOfReach` for one that makes no sense."""
        try:
            return msgspec.json.decode(body, type=into, dec_hook=loosely)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise self._unreadable(f"({clean(str(error))[:120]})") from error

    def _unreadable(self, detail: str = "") -> OutOfReach:
        return OutOfReach(
            f"{self._host} answered something that is not Stripe's API {detail}".strip() + ".",
            "Check stripe_api_base in the configuration, and whether a proxy answers in Stripe's place.",
            code="unreadable",
        )

    def _problem(self, error: "stripe.StripeError") -> Problem:
        says = clean(str(error.user_message or error))[:300]
        status = error.http_status
        if status is not None and error.error is None:
            return self._unreadable(f"(HTTP {status})")
        if status == 401:
            return self._unauthorized(error)
        if status == 403:
            return self._forbidden(says)
        if status in (400, 404) and _names_nothing(error, status):
            found = _OTHER_MODE.search(says)
            return NotThere(says, other_mode=found.group(1) if found else "")
        if status == 429:
            return OutOfReach(
                "Stripe is answering too many requests for this account.",
                "Wait a minute, then try again.",
                code="rate_limited",
            )
        if status is not None and status < 500 and status != 409:
            code = _CANNOT_EXPAND if "expand" in says else "refused_by_stripe"
            return OutOfReach(f"Stripe refused the request: {says}", code=code)
        return OutOfReach(f"Stripe keeps failing (HTTP {status}): {says}", "Look at Stripe's status page, then try again.")

    def _unauthorized(self, error: "stripe.StripeError") -> KeyRefused:
        held = error.error
        hint = f"Make a new one in Stripe's Dashboard (Developers, API keys) and set BILLING_TUI_{self._mode.upper()}_STRIPE_KEY."
        if held is not None and getattr(held, "code", None) == "api_key_expired":
            return KeyRefused(f"The {self._mode} key for Stripe has expired.", hint, code="key_expired")
        return KeyRefused(f"Stripe does not accept the {self._mode} key.", hint, code="key_wrong")

    def _forbidden(self, says: str) -> KeyRefused:
        slug = _PERMISSION.search(says)
        row = dashboard_row(slug.group()) if slug else ""
        account = _ACCOUNT.search(says)
        what = f"Stripe's restricted key lacks the permission {row}." if row else "Stripe's restricted key may not read this."
        hint = (
            f"Edit the key in Stripe's Dashboard (Developers, API keys) and allow {row}."
            if row
            else "Edit the key's permissions in Stripe's Dashboard."
        )
        return KeyRefused(what, hint, code="permission", permission=row, account=account.group() if account else "")

    async def close(self) -> None:
        """Closes every connection; nothing is in flight afterwards."""
        await self._http.aclose()


def dashboard_row(slug: str) -> str:
    """`rak_subscription_read` as the Dashboard names it: `Subscriptions: Read`."""
    name, _, access = slug.removeprefix("rak_").rpartition("_")
    row = _DASHBOARD_ROWS.get(name) or name.replace("_", " ").capitalize()
    return f"{row}: {access.capitalize()}"


def _names_nothing(error: "stripe.StripeError", status: int) -> bool:
    """Whether the answer is that there is no such object: 404 for one asked for, 400 for one named in a filter."""
    held = error.error
    if status == 400:
        return held is not None and getattr(held, "code", None) == "resource_missing"
    return (
        held is not None
        and getattr(held, "code", None) in ("resource_missing", None)
        and "Unrecognized request URL" not in str(error)
    )


def _undecided(problem: OutOfReach) -> bool:
    """Whether a write that ended so may have happened: the server failed in the middle, or a proxy spoke in its place."""
    status = getattr(problem.__cause__, "http_status", None) or 0
    return problem.code == "unreadable" or status >= 500 or status == 409


class _Carried:
    """An answer's headers carry its bytes past the package's own decoding."""

    body: bytes = b""
    untouched: bytes = b""


def _http_client(http: "httpx.AsyncClient") -> "stripe.HTTPClient":
    import httpx
    import stripe

    class Carrying(_Carried, httpx.Headers):
        pass

    class Through(stripe.HTTPClient):
        """Stripe's package, sending through the one transport."""

        name = "httpx"

        async def request_async(
            self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
        ) -> tuple[bytes, int, Mapping[str, str]]:
            response = await http.request(method, url, headers=dict(headers), content=post_data)
            carried = Carrying(response.headers)
            if not response.is_success or response.content.lstrip()[:1] != b"{":
                return response.content, response.status_code, carried
            carried.body = response.content
            carried.untouched = response.extensions.get("untouched", response.content)
            return b"null", response.status_code, carried

        async def close_async(self) -> None:
            await http.aclose()

    return Through()
