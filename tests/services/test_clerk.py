"""Clerk's answers as this tool reads them, and the one write that it makes there: a merge of what a plan names."""

import json
from collections.abc import AsyncIterator, Iterator

import pytest

from billing_tui.model.problem import KeyRefused, NotThere, OutcomeUnknown, OutOfReach, Problem, Refused
from billing_tui.services.clerk import API_VERSION, Clerk
from billing_tui.services.http import Transport
from billing_tui.services.purpose import Purpose, purpose
from tests.sandbox.loopback import serving
from tests.services.scripted import Answer, Scripted

KEY = "sk_test_madeUpForThisTest00"


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
async def clerk(served: tuple[Scripted, str]) -> AsyncIterator[Clerk]:
    clerk = Clerk(KEY, Transport("Clerk", read_only=False, pace=1000.0, timeout=0.3), f"{served[1]}/", "test")
    yield clerk
    await clerk.close()


def refusal(status: int, message: str) -> Answer:
    return Answer(
        {"errors": [{"code": "x", "message": message, "long_message": ""}]}, status=status, headers={"retry-after": "0"}
    )


async def test_the_key_and_the_version_are_sent(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer({"id": "user_1"}))
    assert (await clerk.user("user_1")).id == "user_1"
    assert server.asked[0][:2] == ("GET", "/v1/users/user_1")
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["clerk-api-version"] == API_VERSION


async def test_a_user_with_hardly_any_field_is_a_user(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer({"id": "user_1", "public_metadata": None, "email_addresses": [{"email_address": "a@b.example"}]}))
    found = await clerk.user("user_1")
    assert (found.field("public_metadata.plan"), found.emails, found.banned) == (None, ("a@b.example",), False)


async def test_the_primary_address_comes_first(clerk: Clerk, server: Scripted) -> None:
    addresses: list[object] = [
        {"id": "idn_1", "email_address": "old@x.example"},
        {"id": "idn_2", "email_address": "new@x.example"},
    ]
    server.say(Answer({"id": "user_1", "primary_email_address_id": "idn_2", "email_addresses": addresses}))
    assert (await clerk.user("user_1")).emails == ("new@x.example", "old@x.example")


async def test_a_plan_may_lie_deeper_in_the_metadata(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer({"id": "user_1", "public_metadata": {"billing": {"plan": "pro"}}}))
    found = await clerk.user("user_1")
    assert found.field("public_metadata.billing.plan") == "pro"
    assert found.field("public_metadata.billing.plan.deeper") is None


@pytest.mark.parametrize("body", [b"[]", b'{"id": null}', b"<html></html>", b"", b'{"id": "user_1"'])
async def test_what_makes_no_sense_is_said_to_be_no_answer_of_clerk_s(clerk: Clerk, server: Scripted, body: bytes) -> None:
    server.say(Answer(body))
    with pytest.raises(OutOfReach) as failed:
        await clerk.user("user_1")
    assert failed.value.code == "unreadable"
    assert "clerk_api_base" in failed.value.hint


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, KeyRefused), (403, KeyRefused), (404, NotThere), (422, OutOfReach), (429, OutOfReach), (500, OutOfReach)],
)
async def test_each_refusal_is_a_problem_of_its_kind(clerk: Clerk, server: Scripted, status: int, kind: type[Problem]) -> None:
    server.say(refusal(status, "no \x1b[2J"))
    with pytest.raises(Problem) as failed:
        await clerk.user("user_1")
    assert type(failed.value) is kind
    assert "\x1b" not in failed.value.message + failed.value.hint


@pytest.mark.parametrize("status", [401, 404])
async def test_a_refusal_that_no_clerk_sent_is_not_taken_for_clerk_s(clerk: Clerk, server: Scripted, status: int) -> None:
    server.say(Answer(b"<html>proxy</html>", status=status, kind="text/html"))
    with pytest.raises(OutOfReach):
        await clerk.user("user_1")


async def test_a_merge_sends_the_named_keys_alone_and_once(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer({"id": "user_1"}, headers={"x-clerk-trace-id": "abc"}))
    with purpose(Purpose.WRITE):
        _, trace = await clerk.merge_metadata("user_1", {"public_metadata": {"plan": "pro", "old": None}})
    ((method, path, body),) = server.asked
    assert (method, path, trace) == ("PATCH", "/v1/users/user_1/metadata", "abc")
    assert json.loads(body) == {"public_metadata": {"plan": "pro", "old": None}}


async def test_an_organization_is_written_at_its_own_place(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer({"id": "org_1"}))
    with purpose(Purpose.WRITE):
        await clerk.merge_metadata("org_1", {"public_metadata": {"plan": "pro"}})
    assert server.asked[0][1] == "/v1/organizations/org_1/metadata"


async def test_a_merge_that_no_plan_asked_for_never_leaves(clerk: Clerk, server: Scripted) -> None:
    with pytest.raises(Refused):
        await clerk.merge_metadata("user_1", {"public_metadata": {"plan": "pro"}})
    assert server.asked == []


async def test_a_merge_without_an_answer_is_not_repeated_and_its_outcome_unknown(clerk: Clerk, server: Scripted) -> None:
    server.say(Answer(hang=True))
    with purpose(Purpose.WRITE), pytest.raises(OutcomeUnknown):
        await clerk.merge_metadata("user_1", {"public_metadata": {"plan": "pro"}})
    assert server.methods == ["PATCH"]
