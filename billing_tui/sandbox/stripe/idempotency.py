"""What was answered to which idempotency key: replayed to the same request, refused to another."""

from dataclasses import dataclass, field

from billing_tui.sandbox.stripe.errors import StripeError


@dataclass(slots=True)
class Reply:
    """An HTTP response in the making."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Memory:
    """Keys of one account for as long as the sandbox runs."""

    _asked: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _replies: dict[str, tuple[str, Reply]] = field(default_factory=dict)

    def recall(self, key: str, path: str, content: bytes) -> Reply | None:
        """The earlier reply to the same request; refuses a key that came with another request."""
        if key not in self._replies:
            self._asked[key] = path, content
            return None
        first_path, first_content = self._asked[key]
        if path != first_path:
            raise _misused(
                "Keys for idempotent requests can only be used for the same endpoint they were first used for "
                f"('{path}' vs '{first_path}'). Try using a key other than '{key}' if you meant to execute a "
                "different request."
            )
        if content != first_content:
            raise _misused(
                "Keys for idempotent requests can only be used with the same parameters they were first used with. "
                f"Try using a key other than '{key}' if you meant to execute a different request."
            )
        request_id, reply = self._replies[key]
        marks = {"Idempotent-Replayed": "true", "Original-Request": request_id}
        return Reply(reply.status, reply.body, {**reply.headers, **marks})

    def keep(self, key: str, request_id: str, reply: Reply) -> None:
        """Remembers the reply to a key."""
        self._replies[key] = request_id, reply


def _misused(message: str) -> StripeError:
    return StripeError(400, message, kind="idempotency_error")
