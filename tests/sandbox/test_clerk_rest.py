"""Clerk's organizations, sessions, JWT templates, instance and domains over the wire."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.sandbox.clerk_client import TwoClerks, two_clerks

START = 1_750_000_000


@pytest.fixture(scope="module")
def clerks() -> Iterator[TwoClerks]:
    with two_clerks() as clerks:
        test = clerks.clerk("test")
        test.requests.allowed = 10_000
        for index in range(3):
            test.add_user(email=f"u{index}@x.example", first_name=f"U{index}", user_id=f"user_{index}")
        for index, name in enumerate(("Acme & Sons", "Bruno GmbH")):
            test.add_organization(name=name, organization_id=f"org_{index}", created_at=START + index)
        test.add_membership("org_0", "user_0", role="org:admin", created_at=START)
        test.add_membership("org_0", "user_1", created_at=START + 5)
        test.add_membership("org_1", "user_1", created_at=START + 9)
        test.add_jwt_template(name="supabase", claims={"plan": "{{user.public_metadata.plan}}"}, lifetime=3600)
        yield clerks


def get(clerks: TwoClerks, path: str, **params: Any) -> Any:
    with clerks.client() as client:
        answer = client.get(path, params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, ["org_1", "org_0"]),
        ({"order_by": "name"}, ["org_0", "org_1"]),
        ({"order_by": "-members_count"}, ["org_0", "org_1"]),
        ({"query": "acme"}, ["org_0"]),
        ({"query": "org_1"}, ["org_1"]),
        ({"user_id": "user_0"}, ["org_0"]),
        ({"user_id": ["+user_1", "-user_0"]}, ["org_1"]),
        ({"organization_id": "-org_0"}, ["org_1"]),
        ({"limit": 1, "offset": 1}, ["org_0"]),
    ],
)
def test_organizations_are_filtered_and_ordered(clerks: TwoClerks, params: Any, expected: list[str]) -> None:
    answer = get(clerks, "/organizations", **params)
    assert [row["id"] for row in answer["data"]] == expected
    assert answer["total_count"] == (2 if "limit" in params else len(expected))


def test_an_organization_answers_to_its_slug_and_counts_on_request(clerks: TwoClerks) -> None:
    plain = get(clerks, "/organizations/acme-sons")
    counted = get(clerks, "/organizations/org_0", include_members_count="true")
    assert plain["id"] == "org_0"
    assert "members_count" not in plain
    assert counted["members_count"] == 2


def test_memberships_from_both_sides(clerks: TwoClerks) -> None:
    members = get(clerks, "/organizations/org_0/memberships")
    mine = get(clerks, "/users/user_1/organization_memberships")
    admins = get(clerks, "/organizations/org_0/memberships", role="org:admin")
    by_mail = get(clerks, "/organizations/org_0/memberships", email_address="u1@x.example")
    assert [m["public_user_data"]["user_id"] for m in members["data"]] == ["user_1", "user_0"]
    assert [m["organization"]["id"] for m in mine["data"]] == ["org_0", "org_1"]
    assert [m["role"] for m in admins["data"]] == ["org:admin"]
    assert [m["public_user_data"]["identifier"] for m in by_mail["data"]] == ["u1@x.example"]


def test_an_instance_without_organizations_refuses_them() -> None:
    with two_clerks() as clerks, clerks.client() as client:
        clerks.clerk("test").organizations_enabled = False
        answer = client.get("/organizations")
    assert answer.status_code == 403
    assert answer.json()["errors"][0]["code"] == "organization_not_enabled_in_instance"


def test_sessions_are_found_by_user_and_status_and_can_be_revoked() -> None:
    with two_clerks() as clerks, clerks.client() as client:
        test = clerks.clerk("test")
        user = test.add_user(email="a@x.example")["id"]
        old = test.add_session(user, created_at=START, status="expired")
        new = test.add_session(user, created_at=START + 60, last_active_at=START + 90)
        test.add_session(test.add_user(email="b@x.example")["id"])
        assert client.get("/sessions").status_code == 422
        assert client.get("/sessions", params={"user_id": user, "status": "open"}).status_code == 422
        both = client.get("/sessions", params={"user_id": user}).json()
        active = client.get("/sessions", params={"user_id": user, "status": "active"}).json()
        by_client = client.get("/sessions", params={"client_id": old["client_id"]}).json()
        assert [s["id"] for s in both] == [new["id"], old["id"]]
        assert [s["last_active_at"] for s in active] == [(START + 90) * 1000]
        assert [s["id"] for s in by_client] == [old["id"]]
        revoked = client.post(f"/sessions/{new['id']}/revoke").json()
        assert revoked["status"] == client.get(f"/sessions/{new['id']}").json()["status"] == "revoked"
        assert client.get("/sessions", params={"user_id": user, "status": "active"}).json() == []
        assert client.post("/sessions/sess_none/revoke").status_code == 404


def test_templates_instance_and_domains(clerks: TwoClerks) -> None:
    templates = get(clerks, "/jwt_templates")
    assert [(t["name"], t["lifetime"]) for t in templates] == [("supabase", 3600)]
    assert get(clerks, f"/jwt_templates/{templates[0]['id']}") == templates[0]
    assert get(clerks, "/instance")["environment_type"] == "development"
    assert get(clerks, "/domains")["data"][0]["name"].endswith("accounts.dev")
    with clerks.client("live") as live:
        assert live.get("/instance").json()["environment_type"] == "production"
        assert live.get("/jwt_templates/jtmp_none").status_code == 404
