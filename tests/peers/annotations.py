"""Reads the annotations of the `stripe` package's resource classes as JSON Schema.

This module knows the grammar of those annotations (expandable fields, lists, untyped maps, literals) and nothing of
single resources; which fields may be left out is told to it. A class is named by its module and qualified name, because
several modules have a `Session` or a `Configuration`.
"""

import ast
import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, ClassVar, ForwardRef, Literal, Union, get_args, get_origin

from stripe import ListObject, StripeObject
from stripe._stripe_object import UntypedStripeObject

Schema = dict[str, Any]

SCALARS: Mapping[object, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    Any: {},
}


def class_name(cls: type) -> str:
    """The name that a class has in the schemas: `stripe.checkout._session.Session.Consent`."""
    return f"{cls.__module__}.{cls.__qualname__}"


def object_name(cls: type) -> str | None:
    """What a resource says in its `object` field; None for the parts that a resource is made of."""
    name = cls.__dict__.get("OBJECT_NAME")
    return name if isinstance(name, str) else None


@cache
def _names_for_type_checkers(module: str) -> Mapping[str, tuple[str, str]]:
    """The imports that a module of the package makes under TYPE_CHECKING: they stand before its first class."""
    source = inspect.getsource(importlib.import_module(module))
    head = re.split(r"^(?:class |@)", source, maxsplit=1, flags=re.MULTILINE)[0]
    imports = (node for node in ast.walk(ast.parse(head)) if isinstance(node, ast.ImportFrom) and node.module)
    return {alias.asname or alias.name: (str(node.module), alias.name) for node in imports for alias in node.names}


def _resolve(name: str, owner: type) -> object:
    for scope in (vars(owner), vars(importlib.import_module(owner.__module__))):
        if name in scope:
            return scope[name]
    module, attribute = _names_for_type_checkers(owner.__module__)[name]
    return getattr(importlib.import_module(module), attribute)


def annotations_of(cls: type) -> Iterator[tuple[str, object]]:
    """The fields of one resource class, as the package annotates them."""
    for field, annotation in vars(cls).get("__annotations__", {}).items():
        if get_origin(annotation) is not ClassVar and not field.startswith("_"):
            yield field, _resolve(annotation, cls) if isinstance(annotation, str) else annotation


def admits_none(annotation: object) -> bool:
    return get_origin(annotation) is Union and NoneType in get_args(annotation)


class Deriver:
    """Collects the schema of every class that a reference was asked for, and of all that those lead to."""

    def __init__(self, may_be_absent: Mapping[str, frozenset[str]] | None) -> None:
        """`may_be_absent`: fields by class; a class missing here may lack whatever admits None. None: nothing may."""
        self.definitions: dict[str, Schema] = {}
        self._may_be_absent = may_be_absent

    def reference(self, cls: type) -> Schema:
        """A reference to a class's schema; where it can be deleted, to the form that the object has."""
        live = self._define(class_name(cls), lambda: self._live(cls))
        if "deleted" not in vars(cls).get("__annotations__", {}):
            return live
        deleted = self._define(f"{class_name(cls)}-deleted", lambda: _deleted(cls))
        return {"if": {"required": ["deleted"]}, "then": deleted, "else": live}

    def schema(self, annotation: object, owner: type) -> Schema:
        """What one annotation, standing in the class `owner`, lets through."""
        annotation = _resolve(annotation.__forward_arg__, owner) if isinstance(annotation, ForwardRef) else annotation
        if annotation in SCALARS:
            return SCALARS[annotation]
        if isinstance(annotation, type) and issubclass(annotation, StripeObject):
            return self.reference(annotation)
        return self._generic(annotation, owner)

    def page(self, item: Schema) -> Schema:
        """A list as the first API version has it, at the top of an answer or inside an object."""
        properties: dict[str, Schema] = {
            "object": {"const": "list"},
            "data": {"type": "array", "items": item},
            "has_more": {"type": "boolean"},
            "url": {"type": "string", "pattern": "^/v1/"},
        }
        return closed(properties)

    def _define(self, name: str, make: Callable[[], Schema]) -> Schema:
        if name not in self.definitions:
            self.definitions[name] = {}
            self.definitions[name].update(make())
        return {"$ref": f"#/$defs/{name}"}

    def _live(self, cls: type) -> Schema:
        fields = {field: annotation for field, annotation in annotations_of(cls) if field != "deleted"}
        properties = {field: self.schema(annotation, cls) for field, annotation in fields.items()}
        absent = {field for field, annotation in fields.items() if self._is_optional(cls, field, annotation)}
        return closed(properties, absent)

    def _is_optional(self, cls: type, field: str, annotation: object) -> bool:
        if self._may_be_absent is None or not admits_none(annotation):
            return False
        known = self._may_be_absent.get(class_name(cls))
        return known is None or field in known

    def _generic(self, annotation: object, owner: type) -> Schema:
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin is Literal:
            return {"enum": list(arguments)}
        if origin is Union:
            return self._union(arguments, owner)
        if origin is list:
            return {"type": "array", "items": self.schema(arguments[0], owner)}
        if origin is UntypedStripeObject:
            return {"type": "object", "additionalProperties": self.schema(arguments[0], owner)}
        if origin is ListObject:
            return self.page(self.schema(arguments[0], owner))
        raise TypeError(f"{class_name(owner)} has an annotation of an unknown kind: {annotation}")

    def _union(self, members: tuple[object, ...], owner: type) -> Schema:
        if NoneType in members:
            rest = tuple(member for member in members if member is not NoneType)
            return {"if": {"type": "null"}, "else": self._union(rest, owner)}
        if len(members) == 1:
            return self.schema(members[0], owner)
        literals = [member for member in members if get_origin(member) is Literal]
        if literals:  # `Literal[...] | str`: the package lets any string through, we want a documented one
            return self.schema(literals[0], owner)
        objects = [member for member in members if member is not str]
        if len(objects) < len(members):
            return {"if": {"type": "object"}, "then": self._union(tuple(objects), owner), "else": SCALARS[str]}
        return self._one_of_resources(objects, owner)

    def _class(self, member: object, owner: type) -> type:
        found = _resolve(member.__forward_arg__, owner) if isinstance(member, ForwardRef) else member
        if not isinstance(found, type) or object_name(found) is None:
            raise TypeError(f"{class_name(owner)} has a choice that is no resource: {member}")
        return found

    def _one_of_resources(self, members: list[object], owner: type) -> Schema:
        classes = [self._class(member, owner) for member in members]
        return one_by_object({str(object_name(cls)): self.reference(cls) for cls in classes})


def closed(properties: Mapping[str, Schema], absent: set[str] | frozenset[str] = frozenset()) -> Schema:
    """An object with exactly these fields, all there but those that may be absent."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": sorted(properties.keys() - absent),
        "additionalProperties": False,
    }


def _deleted(cls: type) -> Schema:
    return closed({"id": {"type": "string"}, "object": {"const": object_name(cls)}, "deleted": {"const": True}})


def one_by_object(choices: Mapping[str, Schema]) -> Schema:
    """Chosen by the `object` field, so that an error speaks of the right class and not of every one."""
    cases = [
        {"if": {"properties": {"object": {"const": name}}, "required": ["object"]}, "then": schema}
        for name, schema in choices.items()
    ]
    head = {"type": "object", "required": ["object"], "properties": {"object": {"enum": list(choices)}}}
    return {"allOf": [head, *cases]}
