"""The negative control for Clerk: a real answer, spoilt in one field, has to be refused by Clerk's specification."""

from typing import Any

import pytest

from tests.peers import clerk_schemas
from tests.peers.wire import Wire

ANSWERS = {
    "User.List": "/v1/users?limit=1",
    "User.Count": "/v1/users/count",
    "Organizations": "/v1/organizations",
    "Instance": "/v1/instance",
    "Domains": "/v1/domains",
    "JWTTemplate.List": "/v1/jwt_templates",
    "ClerkErrors": "/v1/users/user_nobody",
}


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference points at."""
    if "$ref" not in schema:
        return schema
    found = clerk_schemas.components()["schemas"][schema["$ref"].rpartition("/")[2]]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_without_a_required_field_is_refused(clerk: Wire, name: str) -> None:
    answer, validator = clerk.send("GET", ANSWERS[name]).json(), clerk_schemas.validator(name)
    assert validator.is_valid(answer)
    response = clerk_schemas.components()["responses"][name]["content"]["application/json"]["schema"]
    schema = resolved(response.get("items", response))
    row = answer[0] if isinstance(answer, list) else answer
    for field in schema["required"]:
        for spoilt in ({key: item for key, item in row.items() if key != field}, {**row, field: [[None]]}):
            assert not validator.is_valid([spoilt] if isinstance(answer, list) else spoilt), field


def test_wrong_words_and_unknown_fields_are_refused(clerk: Wire) -> None:
    user, validator = clerk.get("/v1/users", limit=1)[0], clerk_schemas.validator("User")
    assert validator.is_valid(user)
    for wrong in ({"object": "person"}, {"shoe_size": 44}, {"banned": None}, {"created_at": "2026-01-01"}):
        assert not validator.is_valid({**user, **wrong})
    user["email_addresses"][0]["verification"]["status"] = "sort of"
    assert not validator.is_valid(user)


def test_a_status_that_an_operation_never_gives_is_no_answer() -> None:
    with pytest.raises(AssertionError, match="never answers 418"):
        clerk_schemas.response_name("GET", "/v1/users", 418)


def test_null_passes_only_where_the_specification_says_so() -> None:
    nullable = clerk_schemas.json_schema({"type": "string", "nullable": True})
    assert nullable == {"if": {"type": "null"}, "else": {"type": "string"}}
    assert clerk_schemas.json_schema({"type": "string", "nullable": False}) == {"type": "string"}
