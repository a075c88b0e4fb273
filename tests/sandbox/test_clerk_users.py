"""Finding users over the wire: every filter, the orders, both ways to page, and who is refused."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from billing_tui.sandbox.clerk import ClerkInstance
from tests.sandbox.clerk_client import TwoClerks, two_clerks

DAY = 86_400
START = 1_750_000_000


PEOPLE = [("Lena", "Kornfeld"), ("José", "Álvarez"), ("Ada", "King"), ("Omar", "Haddad"), ("Mei", "Lin")]


def populate(clerk: ClerkInstance) -> None:
    for index, (first, last) in enumerate(PEOPLE):
        clerk.add_user(
            email=f"{first}.{last}+x@Example.COM",
            first_name=first,
            last_name=last,
            created_at=START + index * DAY,
            last_sign_in_at=START + (index + 10) * DAY if index else None,
            last_active_at=START + (index + 20) * DAY if index else None,
            external_id=f"-ext{index}" if index == 4 else f"ext{index}",
            banned=index == 3,
            username=f"u{index}" if index < 2 else None,
            user_id=f"user_{index}",
        )
    clerk.users["user_2"]["external_accounts"].append({"provider": "oauth_google", "provider_user_id": "g2"})
    clerk.users["user_2"]["phone_numbers"].append({"phone_number": "+43660555"})
    clerk.users["user_2"]["web3_wallets"].append({"web3_wallet": "0xabc"})


@pytest.fixture(scope="module")
def clerks() -> Iterator[TwoClerks]:
    with two_clerks() as clerks:
        test = clerks.clerk("test")
        test.requests.allowed = 10_000
        populate(test)
        for slug in ("acme", "globex"):
            test.add_organization(name=slug, organization_id=f"org_{slug}")
        test.add_membership("org_acme", "user_0", role="org:admin")
        test.add_membership("org_acme", "user_1")
        test.add_membership("org_globex", "user_1")
        yield clerks


def found(clerks: TwoClerks, params: Any) -> list[str]:
    with clerks.client() as client:
        answer = client.get("/users", params=params)
        count = client.get("/users/count", params=params)
    assert answer.status_code == 200, answer.text
    ids = [row["id"].removeprefix("user_") for row in answer.json()]
    assert count.json() == {"object": "total_count", "total_count": len(ids)}
    return ids


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({}, "43210"),
        ({"email_address": "lena.kornfeld+x@example.com"}, "0"),
        ({"email_address": ["mei.lin+x@example.com", "nobody@example.com", "ada.king+x@example.com"]}, "42"),
        ({"user_id": ["+user_0", "user_3"]}, "30"),
        ({"user_id": ["-user_0", "-user_3"]}, "421"),
        ({"external_id": ["+-ext4"]}, "4"),
        ({"external_id": ["-ext4"]}, "43210"),
        ({"organization_id": "org_acme"}, "10"),
        ({"organization_id": ["+org_acme", "-org_globex"]}, "0"),
        ({"username": ["u0", "u1"]}, "10"),
        ({"phone_number": "+43660555"}, "2"),
        ({"web3_wallet": "0xabc"}, "2"),
        ({"query": "ÁLVA"}, "1"),
        ({"query": "user_3"}, "3"),
        ({"query": "0xAB"}, "2"),
        ({"email_address_query": "KING"}, "2"),
        ({"phone_number_query": "555"}, "2"),
        ({"username_query": "U"}, "10"),
        ({"name_query": "ada k"}, "2"),
        ({"banned": "true"}, "3"),
        ({"banned": "false", "organization_id": "org_globex"}, "1"),
        ({"created_at_after": (START + 2 * DAY) * 1000}, "43"),
        ({"created_at_before": (START + 2 * DAY) * 1000}, "10"),
        ({"last_sign_in_at_after": 0}, "4321"),
        ({"last_active_at_before": (START + 22 * DAY) * 1000}, "1"),
        ({"last_active_at_since": (START + 24 * DAY) * 1000}, "4"),
        ({"provider": "oauth_google", "provider_user_id": "g2"}, "2"),
        ({"order_by": "created_at"}, "01234"),
        ({"order_by": "+first_name"}, "21043"),
        ({"order_by": "-last_sign_in_at"}, "43210"),
        ({"order_by": "last_sign_in_at"}, "12340"),
        ({"order_by": ["email_address", "created_at"]}, "21043"),
    ],
)
def test_a_filter_selects_exactly_its_users(clerks: TwoClerks, params: Any, expected: str) -> None:
    assert "".join(found(clerks, params)) == expected


def test_an_e_mail_is_matched_exactly_in_the_lower_case_it_is_kept_in(clerks: TwoClerks) -> None:
    assert found(clerks, {"email_address": "Lena.Kornfeld+x@example.com"}) == []


def test_both_ways_to_page_see_everybody_once(clerks: TwoClerks) -> None:
    with clerks.client() as client:
        by_offset = [client.get("/users", params={"limit": 2, "offset": n}).json() for n in (0, 2, 4)]
        by_cursor = [client.get("/users", params={"limit": 2}).json()]
        for _ in range(2):
            after = {"limit": 2, "starting_after": by_cursor[-1][-1]["id"]}
            by_cursor.append(client.get("/users", params=after).json())
    assert by_offset == by_cursor
    assert [len(page) for page in by_offset] == [2, 2, 1]


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 501},
        {"limit": "ten"},
        {"offset": -1},
        {"order_by": "plan"},
        {"banned": "yes"},
        {"created_at_after": "yesterday"},
        {"provider": "oauth_google"},
        {"provider_user_id": "g2"},
        {"starting_after": "user_1", "offset": 1},
        {"starting_after": "user_1", "order_by": "updated_at"},
        {"starting_after": "user_gone"},
        {"user_id": [f"user_{n}" for n in range(101)]},
    ],
)
def test_what_does_not_fit_is_a_422_that_names_the_parameter(clerks: TwoClerks, params: Any) -> None:
    with clerks.client() as client:
        answer = client.get("/users", params=params)
    assert answer.status_code == 422
    body = answer.json()
    assert body["errors"][0]["meta"]["param_name"] in params
    assert body["clerk_trace_id"]


def test_the_default_page_has_ten_and_a_full_one_five_hundred() -> None:
    with two_clerks() as clerks:
        for index in range(520):
            clerks.clerk("live").add_user(email=f"p{index}@x.example", created_at=START + index)
        with clerks.client("live") as client:
            assert len(client.get("/users").json()) == 10
            assert len(client.get("/users", params={"limit": 500}).json()) == 500


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["errors"][0]["code"]


def test_the_key_chooses_the_instance_and_a_strange_one_is_refused(clerks: TwoClerks) -> None:
    with clerks.client("live") as live, clerks.client(key="sk_test_other") as strange:
        assert live.get("/users").json() == []
        assert error(live.get("/users/user_0")) == (404, "resource_not_found")
        assert error(strange.get("/users")) == (401, "clerk_key_invalid")
        assert error(httpx.get(f"{clerks.base}/clerk/v1/users")) == (401, "authorization_header_format_invalid")
        assert error(live.get("/nothing/here")) == (404, "resource_not_found")


def test_the_api_version_is_checked(clerks: TwoClerks) -> None:
    with clerks.client() as client:
        assert client.get("/instance", headers={"Clerk-API-Version": "2026-05-12"}).status_code == 200
        assert client.get("/instance", headers={"Clerk-API-Version": "2026-05-13"}).status_code == 400
        both = client.get(
            "/instance",
            headers={"Clerk-API-Version": "2026-05-12"},
            params={"__clerk_api_version": "2026-05-12"},
        )
        assert both.status_code == 400


def test_a_deleted_user_is_gone_with_sessions_and_memberships() -> None:
    with two_clerks() as clerks, clerks.client() as client:
        test = clerks.clerk("test")
        user = test.add_user(email="x@x.example")["id"]
        session = test.add_session(user)["id"]
        test.add_membership(test.add_organization(name="Acme")["id"], user)
        assert client.delete(f"/users/{user}").json() == {"object": "user", "id": user, "deleted": True}
        assert client.get(f"/users/{user}").status_code == 404
        assert client.delete(f"/users/{user}").status_code == 404
        assert client.get(f"/sessions/{session}").status_code == 404
        assert client.get("/organizations/acme/memberships").json() == {"data": [], "total_count": 0}
