"""The one way out: what it stops, what it repeats, what it never repeats, and what it makes of an answer."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from billing_tui.model.problem import BadUsage, OutcomeUnknown, OutOfReach, Refused
from billing_tui.services.hosts import is_loopback
from billing_tui.services.http import Transport
from billing_tui.services.purpose import Purpose, counting, purpose
from tests.sandbox.loopback import serving
from tests.services.scripted import Answer, Scripted

BROKEN = Answer({"error": {}}, status=500)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Scripted, str]]:
    app = Scripted()
    with serving(app) as base:
        yield app, base


@pytest.fixture
def server(served: tuple[Scripted, str]) -> Scripted:
    served[0].say(Answer({}))
    return served[0]


@pytest.fixture
async def client(served: tuple[Scripted, str]) -> AsyncIterator[httpx.AsyncClient]:
    """A client over the transport, as each service has one."""
    transport = Transport("Stripe", read_only=False, pace=1000.0, timeout=5.0)
    async with httpx.AsyncClient(transport=transport, base_url=served[1], trust_env=False) as client:
        yield client


def over(base: str, *, read_only: bool = False, pace: float = 1000.0, timeout: float = 5.0, probe: str = "") -> httpx.AsyncClient:
    transport = Transport("Stripe", read_only=read_only, pace=pace, timeout=timeout, probe_url=probe)
    return httpx.AsyncClient(transport=transport, base_url=base, trust_env=False)


# The end.


async def test_what_was_closed_sends_nothing_though_somebody_still_asks(served: tuple[Scripted, str], server: Scripted) -> None:
    transport = Transport("Stripe", read_only=False, pace=1000.0, timeout=5.0)
    request = httpx.Request("GET", f"{served[1]}/v1/customers")
    assert (await transport.handle_async_request(request)).status_code == 200
    await transport.aclose()
    with pytest.raises(Refused) as stopped:
        await transport.handle_async_request(request)
    assert stopped.value.code == "closed"
    assert len(server.asked) == 1


# Writes.


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE", "OPTIONS", "TRACE"])
async def test_a_write_that_no_plan_asked_for_never_leaves(client: httpx.AsyncClient, server: Scripted, method: str) -> None:
    with pytest.raises(Refused) as stopped:
        await client.request(method, "/v1/customers/cus_1")
    assert stopped.value.code == "unplanned"
    assert server.asked == []


async def test_read_only_stops_a_planned_write_too(served: tuple[Scripted, str], server: Scripted) -> None:
    async with over(served[1], read_only=True) as client:
        with purpose(Purpose.WRITE), pytest.raises(Refused) as stopped:
            await client.patch("/v1/users/user_1/metadata", json={})
    assert stopped.value.code == "read_only"
    assert server.asked == []


async def test_a_planned_write_goes_out_once_and_is_never_repeated(client: httpx.AsyncClient, server: Scripted) -> None:
    server.say(BROKEN, Answer({}))
    with purpose(Purpose.WRITE):
        response = await client.post("/v1/x", json={"a": 1})
    assert response.status_code == 500
    assert server.methods == ["POST"]


async def test_a_write_without_an_answer_has_an_unknown_outcome(served: tuple[Scripted, str], server: Scripted) -> None:
    server.say(Answer(hang=True))
    async with over(served[1], timeout=0.2) as client:
        with purpose(Purpose.WRITE), pytest.raises(OutcomeUnknown):
            await client.post("/v1/x")
    assert server.methods == ["POST"]


async def test_a_write_that_reached_nobody_is_known_not_to_have_happened() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{unused.getsockname()[1]}"
        async with over(base) as client:
            with purpose(Purpose.WRITE), pytest.raises(OutOfReach) as failed:
                await client.post("/v1/x")
    assert not isinstance(failed.value, OutcomeUnknown)


async def test_the_leave_to_write_ends_with_its_block(client: httpx.AsyncClient, server: Scripted) -> None:
    with purpose(Purpose.WRITE):
        await client.post("/v1/x")
    with pytest.raises(Refused):
        await client.post("/v1/x")
    assert server.methods == ["POST"]


@pytest.mark.parametrize("path", ["/app/hook/", "/app", "/app/hook?x=1", "/app/hook/../other", "//app/hook"])
async def test_a_probe_goes_to_the_configured_address_alone(served: tuple[Scripted, str], server: Scripted, path: str) -> None:
    async with over(served[1], probe=f"{served[1]}/app/hook", read_only=True) as client:
        with purpose(Purpose.PROBE):
            await client.post("/app/hook", content=b"{}")
            with pytest.raises(Refused):
                await client.post(path, content=b"{}")
        with pytest.raises(Refused):
            await client.post("/app/hook", content=b"{}")
    assert [path for _, path, _ in server.asked] == ["/app/hook"]


# Reads.


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
async def test_a_read_is_repeated_while_the_service_is_unwell(client: httpx.AsyncClient, server: Scripted, status: int) -> None:
    server.say(Answer({}, status=status, headers={"retry-after": "0"}), Answer({"ok": True}))
    assert (await client.get("/v1/x")).json() == {"ok": True}
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 409])
async def test_an_answer_is_not_asked_for_again(client: httpx.AsyncClient, server: Scripted, status: int) -> None:
    server.say(Answer({}, status=status))
    assert (await client.get("/v1/x")).status_code == status
    assert len(server.asked) == 1


async def test_it_gives_up_after_three_attempts_and_hands_on_the_last_answer(client: httpx.AsyncClient, server: Scripted) -> None:
    server.say(Answer({}, status=503, headers={"retry-after": "0"}))
    assert (await client.get("/v1/x")).status_code == 503
    assert len(server.asked) == 3


async def test_it_waits_as_long_as_the_service_asks_for(client: httpx.AsyncClient, server: Scripted) -> None:
    server.say(Answer({}, status=429, headers={"retry-after": "1"}), Answer({}))
    before = time.monotonic()
    await client.get("/v1/x")
    assert time.monotonic() - before >= 1


async def test_a_service_that_hangs_is_not_waited_for_twice(served: tuple[Scripted, str], server: Scripted) -> None:
    server.say(Answer(hang=True))
    before = time.monotonic()
    async with over(served[1], timeout=0.2) as client:
        with pytest.raises(OutOfReach, match=r"within 0\.2 s"):
            await client.get("/v1/x")
    assert len(server.asked) == 1
    assert time.monotonic() - before < 3


async def test_control_characters_never_come_past_it(client: httpx.AsyncClient, server: Scripted) -> None:
    server.say(Answer(b'{"a": "\\u001b[2J\\u202ex\\n", "b": "\xc2\x9b"}'))
    assert (await client.get("/v1/x")).json() == {"a": "\ufffd[2J\ufffdx ", "b": "\ufffd"}


async def test_what_is_no_json_stays_as_it_is(client: httpx.AsyncClient, server: Scripted) -> None:
    server.say(Answer(b"<p>\x1b</p>", kind="text/html"))
    assert (await client.get("/v1/x")).content == b"<p>\x1b</p>"


# Where to.


@pytest.mark.parametrize("base", ["http://api.stripe.com", "http://10.0.0.1", "http://127.0.0.1.evil.example", "http://[::2]"])
async def test_nobody_but_this_machine_is_asked_in_the_clear(base: str) -> None:
    async with over(base) as client:
        with pytest.raises(BadUsage) as stopped:
            await client.get("/v1/x")
    assert stopped.value.code == "plain_http"


@pytest.mark.parametrize(
    ("host", "is_it"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("localhost", True), ("::1", True), ("[::1]", True), ("0.0.0.0", False),  # noqa: S104
     ("10.0.0.1", False), ("localhost.example", False), ("", False)],
)  # fmt: skip
def test_which_hosts_are_this_machine(host: str, is_it: bool) -> None:
    assert is_loopback(host) is is_it


# Counting and pacing.


async def test_requests_are_counted_by_what_they_are_for(client: httpx.AsyncClient, server: Scripted) -> None:
    context, tally = counting()

    async def work() -> None:
        await client.get("/v1/x")
        with purpose(Purpose.CONFIGURATION):
            await asyncio.gather(client.get("/v1/y"), client.get("/v1/z"))

    await asyncio.create_task(work(), context=context)
    await client.get("/v1/not-counted")
    assert dict(tally) == {"stripe": 1, "configuration": 2}


async def test_no_more_go_out_than_the_rate_allows(served: tuple[Scripted, str], server: Scripted) -> None:
    async with over(served[1], pace=10) as client:
        before = time.monotonic()
        await asyncio.gather(*(client.get("/v1/x") for _ in range(15)))
        assert time.monotonic() - before >= 0.45
    assert len(server.asked) == 15
