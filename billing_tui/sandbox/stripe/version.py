"""The API version that the installed `stripe` package pins, read without the cost of importing that package."""

import importlib.util
import re
from functools import cache
from pathlib import Path


@cache
def pinned_version() -> str:
    """Such as `2026-10-28.endive`."""
    spec = importlib.util.find_spec("stripe")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the stripe package is not installed")
    text = (Path(spec.origin).parent / "_api_version.py").read_text(encoding="utf-8")
    found = re.search(r'CURRENT = "([^"]+)"', text)
    if found is None:
        raise LookupError("the stripe package names no API version")
    return found[1]


API_VERSION = pinned_version()
