"""Learns from one example of each Stripe resource which fields an answer may leave out, and writes stripe-absent.json.

The annotations of the `stripe` package say Optional both of what can be null and of what can be missing; examples tell
the two apart. Run with the path of the fixtures of Stripe's OpenAPI repository, when the package's API version moves:

    python -m tests.peers.data.calibrate_stripe fixtures3.json
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
from stripe._object_classes import OBJECT_CLASSES

from tests.peers.annotations import Deriver
from tests.peers.schemas import ABSENT_FILE, RESOURCES, resource_class

PROBE = "\0"  # no object has this field: that it is missed tells which classes an example visited
RETIRED = {("stripe._invoice.Invoice", "subscription")}  # gone since 2025-03-31.basil; the examples lag behind
INCLUDABLE = {"stripe._charge.Charge": {"refunds"}}  # only on request since 2022-11-15; the example requested them
VARIANTS = {"stripe._charge.Charge.PaymentMethodDetails": {"card"}}  # by `type`; the examples only pay by card


def without_stubs(value: Any) -> Any:
    """The examples cut recursion short with `{"id": …, "object": …}`: put the bare id there, as an answer would."""
    if isinstance(value, dict):
        if "id" in value and value.keys() <= {"id", "object"}:
            return value["id"]
        return {key: without_stubs(item) for key, item in value.items()}
    return [without_stubs(item) for item in value] if isinstance(value, list) else value


def errors(examples: dict[str, Any]) -> Iterator[jsonschema_rs.ValidationError]:
    """What is wrong with the examples when every field of every class has to be there, and PROBE too."""
    deriver = Deriver(may_be_absent=None)
    for kind in RESOURCES:
        deriver.reference(resource_class(kind))
    kinds = [kind for kind, path in OBJECT_CLASSES.items() if ".".join(path) in deriver.definitions]
    references = {kind: deriver.reference(resource_class(kind)) for kind in kinds if kind in examples}
    for definition in deriver.definitions.values():
        definition["required"] = [*definition["required"], PROBE]
    for kind, reference in references.items():
        schema = {**reference, "$defs": deriver.definitions}
        yield from jsonschema_rs.iter_errors(schema, without_stubs(examples[kind]))


def absences(examples: dict[str, Any]) -> dict[str, set[str]]:
    """By class: what its examples lack. A resource inside another is abridged in them, so it does not count."""
    wholes = {".".join(path) for path in OBJECT_CLASSES.values()}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for error in errors(examples):
        name = str(error.schema_path[1])
        if not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
            fields = getattr(error.kind, "unexpected", [""])
            if {(name, field) for field in fields} - RETIRED:
                raise SystemExit(f"{name} is not as annotated: {error.verbose_message}")
        elif not (name in wholes and error.instance_path):
            found[name].add(error.kind.property)
    return {name: fields | INCLUDABLE.get(name, set()) | VARIANTS.get(name, set()) for name, fields in found.items()}


def main(path: str) -> None:
    examples = json.loads(Path(path).read_text(encoding="utf-8"))["resources"]
    found = sorted(absences(examples).items())
    lines = (f"{json.dumps(name)}: {json.dumps(sorted(fields - {PROBE}))}" for name, fields in found)
    ABSENT_FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
