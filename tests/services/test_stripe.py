"""Stripe's answers as this tool reads them: any shape, no field taken for granted, every refusal a plain sentence."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime

import pytest

from billing_tui.model.problem import KeyRefused, NotThere, OutOfReach, Problem
from billing_tui.model.query import Kind
from billing_tui.model.stripe import Invoice
from billing_tui.services.http import Transport
from billing_tui.services.stripe import Stripe
from billing_tui.services.stripe_api import StripeApi
from tests.sandbox.loopback import serving
from tests.services.scripted import Answer, Scripted

MOMENT = datetime(2026, 11, 20, tzinfo=UTC)
KEY = "sk_test_51MadeUpForThisTest00"


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
async def stripe(served: tuple[Scripted, str]) -> AsyncIterator[Stripe]:
    transport = Transport("Stripe", read_only=False, pace=1000.0, timeout=5.0)
    stripe = Stripe(StripeApi(KEY, transport, served[1], "test"))
    yield stripe
    await stripe.api.close()


def refusal(status: int, message: str, **more: str) -> Answer:
    return Answer({"error": {"type": "invalid_request_error", "message": message, **more}}, status=status)


async def problem_of(stripe: Stripe) -> Problem:
    with pytest.raises(Problem) as failed:
        await stripe.customer("cus_1")
    return failed.value


# Shapes.


@pytest.mark.parametrize(
    "held",
    [
        {"id": "sub_1", "current_period_end": 7, "items": {"data": [{"id": "si_1"}]}},
        {"id": "sub_1", "items": {"data": [{"id": "si_1", "current_period_end": 9}, {"id": "si_2", "current_period_end": 7}]}},
    ],
)
async def test_a_period_is_found_where_either_shape_keeps_it(stripe: Stripe, server: Scripted, held: dict[str, object]) -> None:
    server.say(Answer({"object": "list", "data": [held], "has_more": False}))
    (found,) = (await stripe.subscriptions("cus_1")).data
    assert found.period_end == 7


async def test_a_field_may_be_an_id_an_object_or_nothing(stripe: Stripe, server: Scripted) -> None:
    for customer, expected in (("cus_1", "cus_1"), ({"id": "cus_1"}, "cus_1"), (None, None)):
        server.say(Answer({"id": "in_1", "customer": customer}))
        found = await stripe.retrieve(Kind.INVOICE, "in_1")
        assert isinstance(found, Invoice)
        assert (found.customer if isinstance(found.customer, str | None) else found.customer.id) == expected


async def test_unknown_fields_and_missing_ones_break_nothing(stripe: Stripe, server: Scripted) -> None:
    server.say(Answer({"id": "cus_1", "brand_new": {"deep": [1, None]}}))
    found = await stripe.customer("cus_1")
    assert (found.id, found.email, found.deleted) == ("cus_1", None, False)


@pytest.mark.parametrize("body", [b'{"id": 7}', b"[]", b"null", b"", b"<html></html>", b'{"id": "cus_1"', b'{"id": "\xff"}'])
async def test_what_makes_no_sense_is_said_to_be_no_answer_of_stripe_s(stripe: Stripe, server: Scripted, body: bytes) -> None:
    server.say(Answer(body))
    problem = await problem_of(stripe)
    assert (type(problem), problem.code) == (OutOfReach, "unreadable")
    assert "stripe_api_base" in problem.hint


async def test_the_key_and_the_pinned_version_are_sent(stripe: Stripe, server: Scripted) -> None:
    import stripe as package

    server.say(Answer({"id": "acct_1"}))
    await stripe.account()
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"
    assert server.headers[0]["stripe-version"] == package.api_version
    assert "x-stripe-client-telemetry" not in server.headers[0]


async def test_events_are_asked_for_by_type_and_time(stripe: Stripe, server: Scripted) -> None:
    server.say(Answer({"data": [], "has_more": False}))
    await stripe.events(("invoice.paid", "charge.refunded"), MOMENT, MOMENT, undelivered=True)
    assert server.methods == ["GET"]
    assert server.asked[0][1] == "/v1/events"


# Refusals.


async def test_an_expired_key_is_told_from_a_wrong_one(stripe: Stripe, server: Scripted) -> None:
    server.say(refusal(401, "Expired API Key provided: sk_test_***", code="api_key_expired"))
    assert ((await problem_of(stripe)).code, (await problem_of(stripe)).exit_code) == ("key_expired", 3)
    server.say(refusal(401, "Invalid API Key provided: sk_test_***"))
    assert (await problem_of(stripe)).code == "key_wrong"


async def test_a_lacking_permission_is_named_and_the_account_taken_from_the_text(stripe: Stripe, server: Scripted) -> None:
    says = (
        "The provided key 'rk_test_***' does not have the required permissions for this endpoint on account 'acct_1Abc'. "
        "Having the 'rak_webhook_read' permission would allow this request to continue."
    )
    server.say(refusal(403, says))
    problem = await problem_of(stripe)
    assert isinstance(problem, KeyRefused)
    assert (problem.permission, problem.account) == ("Webhook Endpoints: Read", "acct_1Abc")
    assert "Webhook Endpoints: Read" in problem.hint


async def test_a_permission_that_nobody_can_have_is_not_named(stripe: Stripe, server: Scripted) -> None:
    server.say(refusal(403, "The required permissions are not available for use by restricted keys."))
    problem = await problem_of(stripe)
    assert isinstance(problem, KeyRefused)
    assert problem.permission == ""


async def test_an_object_of_the_other_mode_says_so(stripe: Stripe, server: Scripted) -> None:
    says = "No such customer: 'cus_1'; a similar object exists in live mode, but a test mode key was used to make this request."
    server.say(refusal(404, says, code="resource_missing", param="id"))
    problem = await problem_of(stripe)
    assert isinstance(problem, NotThere)
    assert problem.other_mode == "live"


async def test_a_404_that_no_stripe_sent_is_not_a_missing_object(stripe: Stripe, server: Scripted) -> None:
    """A proxy, or a wrong base address: taken for "no such customer" it would be a wrong verdict."""
    for answer in (
        Answer(b"<html>404</html>", status=404, kind="text/html"),
        Answer({"detail": "Not Found"}, status=404),
        refusal(404, "Unrecognized request URL (GET: /v1/v1/customers/cus_1)."),
    ):
        server.say(answer)
        assert isinstance(await problem_of(stripe), OutOfReach)


@pytest.mark.parametrize("status", [401, 403])
async def test_a_refusal_that_no_stripe_sent_is_not_blamed_on_the_key(stripe: Stripe, server: Scripted, status: int) -> None:
    server.say(Answer(b"<html>Access denied by proxy</html>", status=status, kind="text/html"))
    problem = await problem_of(stripe)
    assert (type(problem), problem.code) == (OutOfReach, "unreadable")


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_stripe_unwell_is_out_of_reach(stripe: Stripe, server: Scripted, status: int) -> None:
    server.say(Answer({"error": {"type": "api_error", "message": "x"}}, status=status, headers={"retry-after": "0"}))
    assert isinstance(await problem_of(stripe), OutOfReach)


async def test_no_sentence_holds_the_key_or_an_escape_sequence(stripe: Stripe, server: Scripted) -> None:
    server.say(refusal(400, "bad \x1b[31m thing"))
    problem = await problem_of(stripe)
    assert "\x1b" not in problem.message + problem.hint
    assert KEY not in problem.message + problem.hint
