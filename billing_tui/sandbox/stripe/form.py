"""Stripe's form encoding: `a[b][c]=v`, `expand[]=x`, `items[0][price]=p`, into nested dicts and lists of strings."""

from typing import Any
from urllib.parse import parse_qsl

from billing_tui.sandbox.stripe.errors import invalid
from billing_tui.sandbox.stripe.table import Obj

MAX_PARAMETERS = 1000
MAX_DEPTH = 8


def decode(text: str) -> Obj:
    """Nested values of a query string or a form body; what is sent twice counts as sent last."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_PARAMETERS, errors="strict")
    except (ValueError, UnicodeDecodeError):
        raise invalid("Invalid form encoding.") from None
    tree: Obj = {}
    for name, value in pairs:
        _place(tree, _path(name), value)
    return {name: _settled(value) for name, value in tree.items()}


def _path(name: str) -> list[str]:
    head, bracket, rest = name.partition("[")
    if not bracket:
        return [head]
    parts = (bracket + rest).removesuffix("]").removeprefix("[").split("][")
    if len(parts) >= MAX_DEPTH:
        raise invalid(f"Invalid form encoding: {name} is nested too deeply.")
    return [head, *parts]


def _place(tree: Obj, path: list[str], value: str) -> None:
    node = tree
    for part in path[:-1]:
        below = node.setdefault(part, {})
        if not isinstance(below, dict):
            below = node[part] = {}
        node = below
    last = path[-1]
    node[str(len(node)) if last == "" else last] = value


def _settled(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _settled(below) for name, below in value.items()}
    if inner and all(name.isdecimal() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
