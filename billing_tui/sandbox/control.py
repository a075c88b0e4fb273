"""`/_sandbox`: how tests look behind the scenes and move them. The tool itself never calls it."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from billing_tui.sandbox.delivery import Courier
from billing_tui.sandbox.options import MODES, Mode
from billing_tui.sandbox.stages import RULES, stage
from billing_tui.sandbox.stripe.account import ApiKey
from billing_tui.sandbox.watch import KINDS, Outage, Watch
from billing_tui.sandbox.world import World

SERVICES = ("stripe", "clerk", "app")


class BadControlError(ValueError):
    """A control request that makes no sense; its text is the answer."""


class Controls:
    """The control endpoints of one running sandbox."""

    def __init__(self, world: World, courier: Courier, watch: Callable[[], Watch]) -> None:
        self._world = world
        self._courier = courier
        self._watch = watch

    def routes(self) -> list[Route]:
        """To be mounted at `/_sandbox`."""
        table: dict[tuple[str, str], Callable[[dict[str, Any]], Awaitable[Any]]] = {
            ("GET", "/requests"): self._requests,
            ("DELETE", "/requests"): self._forget,
            ("POST", "/keys"): self._key,
            ("POST", "/outage"): self._outage,
            ("POST", "/stage"): self._stage,
            ("POST", "/settle"): self._settle,
        }
        return [Route(path, _endpoint(handler), methods=[method]) for (method, path), handler in table.items()]

    async def _requests(self, _: dict[str, Any]) -> list[dict[str, Any]]:
        return [asdict(seen) for seen in self._watch().seen]

    async def _forget(self, _: dict[str, Any]) -> dict[str, Any]:
        self._watch().seen.clear()
        return {}

    async def _key(self, sent: dict[str, Any]) -> dict[str, Any]:
        mode = _mode(sent)
        account = self._world.stripe(mode)
        value = f"rk_{mode}_51{account.number.removeprefix('acct_1')[:14]}{account.ids.token(80)}"
        permissions = frozenset(name.removeprefix("rak_") for name in sent.get("permissions") or ())
        account.keys[value] = ApiKey(value, permissions, expired=bool(sent.get("expired")))
        return {"key": value}

    async def _outage(self, sent: dict[str, Any]) -> dict[str, Any]:
        service, kind = sent.get("service"), sent.get("kind")
        if service not in SERVICES or kind not in {None, *KINDS}:
            raise BadControlError(f"service is one of {SERVICES}, kind one of {KINDS} or null")
        mode, prefix = _mode(sent) if sent.get("mode") else None, str(sent.get("path_prefix") or "")
        watch = self._watch()
        watch.outages = [old for old in watch.outages if old.service != service or (mode and old.mode != mode)]
        if kind is not None:
            watch.outages.append(Outage(service, kind, mode, prefix, bool(sent.get("writes"))))
        return {}

    async def _stage(self, sent: dict[str, Any]) -> dict[str, Any]:
        if sent.get("rule") not in RULES:
            raise BadControlError(f"rule is one of {', '.join(RULES)}")
        return asdict(stage(self._world, _mode(sent), sent["rule"], sent.get("email")))

    async def _settle(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"settled": await self._courier.settled()}


def _mode(sent: dict[str, Any]) -> Mode:
    wanted = sent.get("mode")
    for mode in MODES:
        if mode == wanted:
            return mode
    raise BadControlError("mode is test or live")


def _endpoint(handler: Callable[[dict[str, Any]], Awaitable[Any]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            sent = json.loads(await request.body() or b"{}")
            return JSONResponse(await handler(sent))
        except BadControlError as refusal:
            return JSONResponse({"error": str(refusal)}, 400)

    return endpoint
