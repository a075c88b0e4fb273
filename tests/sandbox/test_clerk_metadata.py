"""Writing metadata over the wire: what PATCH keeps and PUT does not, the size limit, and the rate limits."""

import json
from collections.abc import Iterator

import httpx
import pytest

from tests.sandbox.clerk_client import TwoClerks, two_clerks

BEFORE = {"plan": "free", "team": {"seats": 3, "name": "Blau"}, "tags": ["a", "b"]}


@pytest.fixture
def clerks() -> Iterator[TwoClerks]:
    with two_clerks() as clerks:
        test = clerks.clerk("test")
        test.add_user(email="lena@kornfeld.example", user_id="user_1", public_metadata=dict(BEFORE), created_at=1e9)
        test.add_organization(name="Acme Ltd", organization_id="org_1", public_metadata=dict(BEFORE), created_at=1e9)
        yield clerks


@pytest.mark.parametrize("path", ["/users/user_1", "/organizations/org_1"])
def test_patch_merges_deeply_and_null_removes(clerks: TwoClerks, path: str) -> None:
    patch = {"plan": "pro", "team": {"name": None, "size": {"max": 9, "min": None}}, "tags": ["c"], "gone": None}
    with clerks.client() as client:
        answer = client.patch(f"{path}/metadata", json={"public_metadata": patch}).json()
        again = client.get(path).json()
    assert answer["public_metadata"] == {"plan": "pro", "team": {"seats": 3, "size": {"max": 9}}, "tags": ["c"]}
    assert answer["private_metadata"] == {}
    assert again["public_metadata"] == answer["public_metadata"]
    assert answer["updated_at"] > answer["created_at"]


@pytest.mark.parametrize("path", ["/users/user_1", "/organizations/org_1"])
def test_put_replaces_the_bags_it_names_and_leaves_the_others(clerks: TwoClerks, path: str) -> None:
    with clerks.client() as client:
        client.put(f"{path}/metadata", json={"private_metadata": {"note": None}})
        kept = client.get(path).json()
        emptied = client.put(f"{path}/metadata", json={"public_metadata": {}}).json()
    assert kept["public_metadata"] == BEFORE
    assert kept["private_metadata"] == {"note": None}
    assert emptied["public_metadata"] == {}
    assert emptied["private_metadata"] == {"note": None}


def test_every_write_moves_updated_at_forward(clerks: TwoClerks) -> None:
    stamps = []
    with clerks.client() as client:
        for plan in ("starter", "pro", "pro"):
            answer = client.patch("/users/user_1/metadata", json={"public_metadata": {"plan": plan}})
            stamps.append(answer.json()["updated_at"])
    assert stamps == sorted(set(stamps))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b'{"public_metadata": null}', 422),
        (b'{"public_metadata": "pro"}', 422),
        (b'{"first_name": "Lena"}', 422),
        (b"[]", 422),
        (b"{", 400),
        (json.dumps({"public_metadata": {"x": "y" * 8192}}).encode(), 422),
    ],
)
def test_a_refused_write_changes_nothing(clerks: TwoClerks, body: bytes, status: int) -> None:
    with clerks.client() as client:
        before = client.get("/users/user_1").json()
        assert client.patch("/users/user_1/metadata", content=body).status_code == status
        assert client.get("/users/user_1").json() == before


def test_the_size_limit_counts_what_the_merge_makes(clerks: TwoClerks) -> None:
    with clerks.client() as client:
        half = {"public_metadata": {"a": "x" * 5000}}
        other = {"public_metadata": {"b": "x" * 5000}}
        assert client.patch("/users/user_1/metadata", json=half).status_code == 200
        assert client.patch("/users/user_1/metadata", json=other).status_code == 422
        assert client.put("/users/user_1/metadata", json=other).status_code == 200


def test_unknown_owners_are_404(clerks: TwoClerks) -> None:
    with clerks.client() as client:
        assert client.patch("/users/user_2/metadata", json={}).status_code == 404
        assert client.patch("/organizations/org_2/metadata", json={}).status_code == 404


def test_one_user_takes_ten_writes_in_ten_seconds(clerks: TwoClerks) -> None:
    clerks.clerk("test").add_user(email="b@x.example", user_id="user_2")
    with clerks.client() as client:
        codes = [client.patch("/users/user_1/metadata", json={}).status_code for _ in range(11)]
        refused = client.patch("/users/user_1/metadata", json={})
        assert client.patch("/users/user_2/metadata", json={}).status_code == 200
        assert client.get("/users/user_1").status_code == 200
    assert codes == [200] * 10 + [429]
    check_refusal(refused)


@pytest.mark.parametrize(("mode", "allowed"), [("test", 100), ("live", 1000)])
def test_the_instance_has_a_rate_of_its_own(clerks: TwoClerks, mode: str, allowed: int) -> None:
    now = [50.0]
    clerk = clerks.clerk("test" if mode == "test" else "live")
    assert clerk.requests.allowed == allowed
    clerk.requests.allowed = 5
    clerk.requests._clock = lambda: now[0]
    with clerks.client(clerk.mode) as client:
        codes = [client.get("/instance").status_code for _ in range(5)]
        now[0] = 57.5
        refused = client.get("/instance")
        now[0] = 60.0
        after = client.get("/instance")
    assert codes == [200] * 5
    check_refusal(refused)
    assert refused.headers["retry-after"] == "3"
    assert after.status_code == 200


def check_refusal(answer: httpx.Response) -> None:
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 10
    assert answer.json()["errors"][0]["code"] == "too_many_requests"
