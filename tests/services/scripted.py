"""A server that answers as a test has written down, and remembers what it was asked."""

import json
from collections import deque
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send


@dataclass(frozen=True)
class Answer:
    """`hang` takes the request and never answers; a dict is sent as JSON, bytes as they are."""

    body: dict[str, object] | bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    hang: bool = False
    kind: str = "application/json"


@dataclass
class Scripted:
    """An ASGI application: the answers in order, the last one again and again."""

    answers: deque[Answer] = field(default_factory=lambda: deque([Answer({})]))
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def say(self, *answers: Answer) -> None:
        self.answers = deque(answers)
        self.asked.clear()
        self.headers.clear()

    @property
    def methods(self) -> list[str]:
        return [method for method, _, _ in self.asked]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive()).get("body", b"")
        self.asked.append((scope["method"], scope["path"], body))
        self.headers.append({name.decode(): value.decode() for name, value in scope["headers"]})
        answer = self.answers.popleft() if len(self.answers) > 1 else self.answers[0]
        if answer.hang:
            message = await receive()
            while message["type"] != "http.disconnect":
                message = await receive()
            return
        content = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        headers = {"content-type": answer.kind, "content-length": str(len(content)), **answer.headers}
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await send({"type": "http.response.start", "status": answer.status, "headers": raw})
        await send({"type": "http.response.body", "body": content})
