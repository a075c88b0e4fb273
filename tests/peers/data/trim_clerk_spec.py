"""Cuts Clerk's specification down to the answers that the sandbox gives, into clerk-2026-05-12.json beside this file.

Run with the path of the whole OpenAPI document of that version of the Backend API:

    python -m tests.peers.data.trim_clerk_spec clerk-backend-api-2026-05-12.json
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TRIMMED = Path(__file__).parent / "clerk-2026-05-12.json"
OPERATIONS = {
    "/v1/domains": ("get",),
    "/v1/instance": ("get",),
    "/v1/jwt_templates": ("get",),
    "/v1/jwt_templates/{template_id}": ("get",),
    "/v1/organizations": ("get",),
    "/v1/organizations/{organization_id}": ("get",),
    "/v1/organizations/{organization_id}/memberships": ("get",),
    "/v1/organizations/{organization_id}/metadata": ("patch", "put"),
    "/v1/sessions": ("get",),
    "/v1/sessions/{session_id}": ("get",),
    "/v1/sessions/{session_id}/revoke": ("post",),
    "/v1/users": ("get",),
    "/v1/users/count": ("get",),
    "/v1/users/{user_id}": ("get", "delete"),
    "/v1/users/{user_id}/metadata": ("patch", "put"),
    "/v1/users/{user_id}/organization_memberships": ("get",),
}
PROSE = {"description", "example", "examples", "externalDocs", "summary", "deprecated"}


def without_prose(value: Any, *, names: bool = False) -> Any:
    """`names`: the keys of this object are names, as in `properties`, where a field may be called `description`."""
    if isinstance(value, dict):
        return {
            key: without_prose(item, names=not names and key in {"properties", "schemas", "responses"})
            for key, item in value.items()
            if names or key not in PROSE
        }
    return [without_prose(item) for item in value] if isinstance(value, list) else value


def references(value: Any) -> Iterator[str]:
    """Every `#/components/…` that a part of the document points at."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from references(item)


def reachable(components: dict[str, Any], roots: Any) -> dict[str, Any]:
    """The components that the roots lead to."""
    kept: dict[str, Any] = {}
    waiting = list(references(roots))
    while waiting:
        _, _, section, name = waiting.pop().split("/")
        if name not in kept.setdefault(section, {}):
            kept[section][name] = components[section][name]
            waiting.extend(references(components[section][name]))
    return {section: dict(sorted(names.items())) for section, names in sorted(kept.items())}


def trimmed(whole: dict[str, Any]) -> dict[str, Any]:
    paths = {
        path: {method: {"responses": whole["paths"][path][method]["responses"]} for method in methods}
        for path, methods in OPERATIONS.items()
    }
    rest = without_prose({"paths": paths, "components": reachable(whole["components"], paths)})
    return {"openapi": whole["openapi"], "info": {"version": whole["info"]["version"]}, **rest}


def main(path: str) -> None:
    whole = json.loads(Path(path).read_text(encoding="utf-8"))
    text = json.dumps(trimmed(whole), separators=(",", ":"), ensure_ascii=False)
    TRIMMED.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
