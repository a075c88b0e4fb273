"""The app's HTTP side: the webhook path of each mode, where its host may redirect before the app is ever asked."""

from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from billing_tui.sandbox.app.application import CustomerApp
from billing_tui.sandbox.app.faults import Redirect, Wall
from billing_tui.sandbox.options import MODES, Mode

MAX_BODY = 2 * 1024 * 1024


class Apps(Protocol):
    """Whatever holds one app for each mode."""

    def app(self, mode: Mode) -> CustomerApp: ...


def app_routes(apps: Apps) -> list[Route]:
    """`POST /app/{mode}/webhook/stripe`, as full paths for the root of the application."""

    async def endpoint(request: Request) -> Response:
        mode = next((mode for mode in MODES if mode == request.path_params["mode"]), None)
        if mode is None:
            return PlainTextResponse("Not Found", 404)
        return await _receive(apps.app(mode), request)

    return [
        Route("/app/{mode}/webhook/stripe", endpoint, methods=["POST"]),
        Route("/app/{mode}/webhook/stripe/", endpoint, methods=["POST"]),
    ]


async def _receive(app: CustomerApp, request: Request) -> Response:
    if app.faults.wall:
        return _walled(app.faults.wall)
    slashed = request.url.path.endswith("/")
    if slashed and app.faults.redirect != "slash":
        return PlainTextResponse("Not Found", 404)
    if app.faults.redirect and not slashed:
        return RedirectResponse(_variant(request, app.faults.redirect), 308)
    body = await request.body()
    if len(body) > MAX_BODY:
        return PlainTextResponse("Payload Too Large", 413)
    status, text = await app.receive(body, request.headers.get("stripe-signature", ""))
    return PlainTextResponse(text, status)


def _walled(wall: Wall) -> Response:
    """What answers in the app's place."""
    if wall == "sign-in":
        return PlainTextResponse("", 404, {"x-clerk-auth-status": "signed-out", "x-clerk-auth-reason": "protect-rewrite"})
    if wall == "edge":
        told = {"server": "cloudflare", "cf-mitigated": "challenge", "cf-ray": "8f3a1c2b4d5e6f70-FRA"}
        return HTMLResponse("<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>", 403, told)
    if wall == "no path":
        return PlainTextResponse("Not Found", 404)
    return _HangUp()


class _HangUp(Response):
    """No answer: the connection is closed."""

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"64")]})


def _variant(request: Request, redirect: Redirect) -> str:
    if redirect == "https":
        return str(request.url.replace(scheme="https"))
    if redirect == "www":
        return str(request.url.replace(hostname=f"www.{request.url.hostname}"))
    return f"{request.url}/"
