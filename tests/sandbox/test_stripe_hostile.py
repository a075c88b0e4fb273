"""Nothing that a client can send makes the sandbox's Stripe fail: every bad value has an answer of its own."""

from urllib.parse import quote

import pytest

from billing_tui.sandbox.options import SandboxOptions
from billing_tui.sandbox.server import RunningSandbox, start
from billing_tui.sandbox.stripe.errors import StripeError
from billing_tui.sandbox.stripe.form import decode
from billing_tui.sandbox.stripe.routes import ROUTES, Route
from tests.peers.wire import Wire

VALUES = (
    *("=", "=abc", "=-1", "=99999999999999999999", "[]=a", "[a]=b", "[a][b]=c", "[0][price][a]=b", "[gte]=x", "=%00"),
    *("[gte][a]=1", "=%ff", "[email][a]=1", "[enabled][a]=1", "[behavior][x]=1", "[0]=%E2%80%AE", "=[/b]"),
)
KINDS = {
    "configurations": "billing_portal.configuration",
    "event_destinations": "webhook_endpoint",
    "sessions": "checkout.session",
}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1&a=2", {"a": "2"}),
        ("a[b][c]=1&a[b][d]=2", {"a": {"b": {"c": "1", "d": "2"}}}),
        ("expand[]=x&expand[]=y", {"expand": ["x", "y"]}),
        ("i[1][p]=b&i[0][p]=a", {"i": [{"p": "a"}, {"p": "b"}]}),
        ("customer_details[email]=a%2Bb%40c", {"customer_details": {"email": "a+b@c"}}),
        ("m[k]=", {"m": {"k": ""}}),
        ("", {}),
    ],
)
def test_forms_are_read_as_stripe_reads_them(text: str, tree: object) -> None:
    assert decode(text) == tree


@pytest.mark.parametrize("text", ["a" + "[b]" * 20 + "=1", "a=%ff", "&".join(f"k{n}=1" for n in range(2000))])
def test_forms_that_go_too_far_are_refused(text: str) -> None:
    with pytest.raises(StripeError):
        decode(text)


def path_of(shop: RunningSandbox, route: Route) -> str:
    """The route's path with the id of an object that exists, where there is one."""
    account, parts = shop.world.stripe("test"), route.path.split("/")
    for place, part in enumerate(parts):
        if part == "*":
            name = parts[place - 1]
            rows = list(account.table(KINDS.get(name, name.removesuffix("s"))))
            parts[place] = rows[0]["id"] if rows else "none"
    return "/".join(parts)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_parameter_of_any_endpoint_breaks_it(method: str) -> None:
    shop = start(SandboxOptions(customers=8, stages=()))
    wire = Wire(shop.base, shop.ready["stripe"]["test_key"])
    broken = []
    for route in [route for route in ROUTES if route.method == method and not route.path.startswith("/v2")]:
        path = path_of(shop, route)
        for text in (name + value for name in sorted(route.params) for value in VALUES):
            answer = _sent(wire, method, path, text)
            if answer >= 500:
                broken.append((path, text))
    wire.close()
    shop.stop()
    assert broken == []


def _sent(wire: Wire, method: str, path: str, text: str) -> int:
    if method == "GET":
        return wire.send(method, f"{path}?{text}").status_code
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return wire._http.post(path, content=text, headers=form).status_code


@pytest.mark.parametrize("key", ["../x", "cus_\x00", "cus_" + "x" * 5000, "cus_\u202e", "[/b]"])
def test_strange_ids_are_just_not_found(stripe: Wire, key: str) -> None:
    answer = stripe.send("GET", f"/v1/customers/{quote(key, safe='')}")
    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
