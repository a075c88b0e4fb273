"""The sandbox as one ASGI application: Stripe at the root, Clerk, the app and the controls beside it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount

from billing_tui.sandbox.app import app_routes
from billing_tui.sandbox.app.shop import shop_routes
from billing_tui.sandbox.clerk import clerk_routes
from billing_tui.sandbox.control import Controls
from billing_tui.sandbox.delivery import Courier
from billing_tui.sandbox.options import MODES, Mode
from billing_tui.sandbox.stripe.api import StripeApi
from billing_tui.sandbox.stripe.errors import StripeError
from billing_tui.sandbox.stripe.keys import presented
from billing_tui.sandbox.watch import Delay, Service, Watch
from billing_tui.sandbox.world import World

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Front:
    """Sends Stripe's requests straight to Stripe; everything else goes through Starlette's routing."""

    def __init__(self, stripe: StripeApi, rest: Starlette) -> None:
        self._stripe = stripe
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        stripe = scope["type"] == "http" and scope["path"].startswith(("/v1/", "/v2/"))
        await (self._stripe if stripe else self._rest)(scope, receive, send)


def application(world: World, courier: Courier) -> Watch:
    """The whole application, watched."""
    stripe = StripeApi(world.stripes, rate_limit=world.options.rate_limit)
    controls = Controls(world, courier, lambda: watch)
    rest = Starlette(
        routes=[
            *app_routes(world),
            *shop_routes(world),
            Mount("/clerk", routes=clerk_routes(world)),
            Mount("/_sandbox", routes=controls.routes()),
        ]
    )
    front = Delay(Front(stripe, rest), world.options.latency_ms / 1000)
    watch = Watch(front, lambda service, path, authorization: mode_of(world, service, path, authorization))
    return watch


def mode_of(world: World, service: Service, path: str, authorization: str) -> Mode | None:
    """The mode that a request concerns; None when its key belongs to nobody."""
    if service == "app":
        return next((mode for mode in MODES if path.startswith(f"/app/{mode}/")), None)
    try:
        key = presented(authorization)
    except StripeError:
        return None
    if service == "clerk":
        return next((mode for mode in MODES if key == world.clerk_keys[mode]), None)
    return next((mode for mode in MODES if key == world.stripe(mode).secret_key or key in world.stripe(mode).keys), None)
