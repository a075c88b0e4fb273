"""When two web addresses are the same, and when they are nearly the same. Pure."""

from urllib.parse import urlsplit


def same_address(one: str, other: str) -> bool:
    """Whether scheme, host, port and path are equal; a host's case and a default port don't count."""
    return bool(other) and _parts(one) == _parts(other)


def near_address(one: str, other: str) -> bool:
    """Whether they differ in scheme, port, `www.` or a trailing slash at most."""
    if not other:
        return False
    (_, host, _, path), (_, other_host, _, other_path) = _parts(one), _parts(other)
    return host.removeprefix("www.") == other_host.removeprefix("www.") and path.rstrip("/") == other_path.rstrip("/")


def _parts(url: str) -> tuple[str, str, int | None, str]:
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    except ValueError:
        return "", url, None, ""
    return parts.scheme, (parts.hostname or "").lower(), port, parts.path or "/"
