"""Every answer of the sandbox's Clerk, on the wire, against Clerk's own specification; and that the check can fail."""

from typing import Any

import httpx
import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.peers import clerk_schemas, schemas
from tests.peers.wire import Wire

BAD: list[tuple[str, str, dict[str, str], Any, int]] = [
    ("GET", "/v1/users/{user_id}", {"user_id": "user_nobody"}, None, 404),
    ("PATCH", "/v1/users/{user_id}/metadata", {"user_id": "user_nobody"}, {"public_metadata": {}}, 404),
    ("DELETE", "/v1/users/{user_id}", {"user_id": "user_nobody"}, None, 404),
    ("GET", "/v1/organizations/{organization_id}", {"organization_id": "org_nobody"}, None, 404),
    ("GET", "/v1/sessions/{session_id}", {"session_id": "sess_nobody"}, None, 404),
    ("POST", "/v1/sessions/{session_id}/revoke", {"session_id": "sess_nobody"}, None, 404),
    ("GET", "/v1/jwt_templates/{template_id}", {"template_id": "jtmp_nobody"}, None, 404),
    ("GET", "/v1/sessions", {}, None, 422),
    ("GET", "/v1/users?limit=501", {}, None, 422),
    ("GET", "/v1/users?order_by=shoe_size", {}, None, 422),
]


def judged(method: str, path: str, answer: httpx.Response) -> Any:
    """The JSON of an answer, valid by what the specification lists for that operation and that status."""
    name = clerk_schemas.response_name(method, path, answer.status_code)
    assert schemas.faults(clerk_schemas.validator(name), answer.json()) == []
    return answer.json()


def ask(clerk: Wire, method: str, path: str, *, json: Any = None, query: Any = None, **ids: str) -> Any:
    answer = clerk.send(method, path.format(**ids), query, json=json)
    assert answer.status_code == 200, answer.text
    return judged(method, path, answer)


@pytest.fixture
def user(clerk: Wire) -> Any:
    return ask(clerk, "GET", "/v1/users", query={"limit": 1})[0]


@pytest.fixture
def organization(sandbox: RunningSandbox, user: Any) -> Any:
    """An organization with the user in it, so that no list is empty."""
    instance = sandbox.world.clerk("live")
    made = instance.add_organization(name="Kornfeld & Töchter")
    instance.add_membership(made["id"], user["id"], role="org:admin")
    return made


def test_every_user(clerk: Wire) -> None:
    total, seen = ask(clerk, "GET", "/v1/users/count")["total_count"], 0
    while seen < total:
        rows = ask(clerk, "GET", "/v1/users", query={"limit": 100, "offset": seen})
        assert rows
        seen += len(rows)
    assert seen == total > 100


@pytest.mark.parametrize("query", [
    {"email_address": "lena@kornfeld.example"}, {"query": "a"}, {"order_by": "-created_at"}, {"user_id": "user_nobody"},
    {"email_address_query": "example"}, {"name_query": "an"}, {"created_at_after": 1}, {"last_active_at_since": 1},
    {"external_id": "x"}, {"username": "x"}, {"phone_number": "+15550100"}, {"banned": "true"},
])  # fmt: skip
def test_users_through_filters(clerk: Wire, query: dict[str, Any]) -> None:
    ask(clerk, "GET", "/v1/users", query=query)
    ask(clerk, "GET", "/v1/users/count", query={name: value for name, value in query.items() if name != "order_by"})


def test_one_user_and_writes_to_it(clerk: Wire, user: Any) -> None:
    assert ask(clerk, "GET", "/v1/users/{user_id}", user_id=user["id"]) == user
    for method, plan in (("PATCH", "pro"), ("PUT", "enterprise")):
        bags = {"public_metadata": {"plan": plan}, "private_metadata": {}, "unsafe_metadata": {}}
        written = ask(clerk, method, "/v1/users/{user_id}/metadata", json=bags, user_id=user["id"])
        assert written["public_metadata"]["plan"] == plan
        assert written["updated_at"] > user["updated_at"]


def test_a_deleted_user(sandbox: RunningSandbox, clerk: Wire) -> None:
    gone = sandbox.world.clerk("live").add_user(email="gone@nowhere.example")
    answer = ask(clerk, "DELETE", "/v1/users/{user_id}", user_id=gone["id"])
    assert answer == {"object": "user", "id": gone["id"], "deleted": True}


def test_organizations_and_memberships(clerk: Wire, user: Any, organization: Any) -> None:
    listed = ask(clerk, "GET", "/v1/organizations", query={"include_members_count": "true"})
    assert organization["id"] in {row["id"] for row in listed["data"]}
    one = {"organization_id": organization["id"]}
    ask(clerk, "GET", "/v1/organizations/{organization_id}", **one)
    assert ask(clerk, "GET", "/v1/organizations/{organization_id}/memberships", **one)["data"]
    assert ask(clerk, "GET", "/v1/users/{user_id}/organization_memberships", user_id=user["id"])["data"]
    for method in ("PATCH", "PUT"):
        bags = {"public_metadata": {"plan": "pro"}, "private_metadata": {"note": method}}
        ask(clerk, method, "/v1/organizations/{organization_id}/metadata", json=bags, **one)


def test_sessions(sandbox: RunningSandbox, clerk: Wire, user: Any) -> None:
    session = sandbox.world.clerk("live").add_session(user["id"])
    for query in ({"user_id": user["id"]}, {"user_id": user["id"], "status": "active"}):
        assert session["id"] in {row["id"] for row in ask(clerk, "GET", "/v1/sessions", query=query)}
    one = {"session_id": session["id"]}
    assert ask(clerk, "GET", "/v1/sessions/{session_id}", **one)["status"] == "active"
    assert ask(clerk, "POST", "/v1/sessions/{session_id}/revoke", **one)["status"] == "revoked"


def test_the_instance_its_domains_and_its_templates(sandbox: RunningSandbox, clerk: Wire) -> None:
    ask(clerk, "GET", "/v1/instance")
    assert ask(clerk, "GET", "/v1/domains")["total_count"] > 0
    made = sandbox.world.clerk("live").add_jwt_template(name="app", claims={"plan": "{{user.public_metadata.plan}}"})
    assert made["id"] in {row["id"] for row in ask(clerk, "GET", "/v1/jwt_templates")}
    ask(clerk, "GET", "/v1/jwt_templates/{template_id}", template_id=made["id"])


@pytest.mark.parametrize(("method", "path", "ids", "json", "status"), BAD)
def test_a_refusal(clerk: Wire, method: str, path: str, ids: dict[str, str], json: Any, status: int) -> None:
    answer = clerk.send(method, path.format(**ids), json=json)
    assert answer.status_code == status, answer.text
    assert judged(method, path.partition("?")[0], answer)["errors"]


def test_metadata_that_is_too_large_is_refused(clerk: Wire, user: Any) -> None:
    answer = clerk.send("PATCH", f"/v1/users/{user['id']}/metadata", json={"public_metadata": {"a": "x" * 9000}})
    assert answer.status_code == 422
    assert judged("PATCH", "/v1/users/{user_id}/metadata", answer)["errors"]


@pytest.mark.parametrize("key", [None, "sk_live_wrong"])
def test_a_bad_key(sandbox: RunningSandbox, key: str | None) -> None:
    wire = Wire(sandbox.ready["clerk"]["base"], key)
    answer = wire.send("GET", "/v1/users")
    assert answer.status_code == 401
    assert judged("GET", "/v1/users", answer)["errors"]
    wire.close()


def test_too_many_requests(sandbox: RunningSandbox) -> None:
    wire = Wire(sandbox.ready["clerk"]["base"], sandbox.ready["clerk"]["test_key"])
    answers = [wire.send("GET", "/v1/users/count") for _ in range(101)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert judged("GET", "/v1/users/count", answers[-1])["errors"]
    wire.close()
