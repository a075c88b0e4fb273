"""What an answer of Clerk must look like, from its own specification: a validator for each operation and status.

The specification speaks OpenAPI 3.0, whose `nullable` JSON Schema does not know: that is translated, and nothing else.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs

SPECIFICATION = Path(__file__).parent / "data" / "clerk-2026-05-12.json"
UNLISTED = {"401", "429"}  # refusals that any operation may give, though not each one lists them


def json_schema(value: Any) -> Any:
    """A part of the document with `nullable` said in words that JSON Schema has."""
    if isinstance(value, list):
        return [json_schema(item) for item in value]
    if not isinstance(value, dict):
        return value
    rest = {key: json_schema(item) for key, item in value.items() if key != "nullable"}
    return {"if": {"type": "null"}, "else": rest} if value.get("nullable") is True else rest


@cache
def specification() -> dict[str, Any]:
    found = json.loads(SPECIFICATION.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


@cache
def components() -> dict[str, Any]:
    """`schemas` and `responses`; a field called `nullable` does not occur, so the keyword is the keyword everywhere."""
    translated = json_schema(specification()["components"])
    assert isinstance(translated, dict)
    return translated


def response_name(method: str, path: str, status: int) -> str:
    """The component that describes the answer; fails on a status that the operation does not list."""
    listed = specification()["paths"][path][method.lower()]["responses"]
    if str(status) in listed:
        return str(listed[str(status)]["$ref"]).rpartition("/")[2]
    assert str(status) in UNLISTED, f"{method} {path} never answers {status}, only {', '.join(listed)}"
    return "ClerkErrors"


@cache
def validator(name: str) -> jsonschema_rs.Validator:
    """For the answers that one response component of the specification describes."""
    schema = components()["responses"][name]["content"]["application/json"]["schema"]
    return jsonschema_rs.validator_for({**schema, "components": components()})
