"""Databases at the edge, which speak SQLite's SQL over https: libSQL, as Turso has it, and Cloudflare's D1.

Each needs its SQLAlchemy dialect, which is an extra of this package. No driver is loaded in here.
"""

from typing import NamedTuple
from urllib.parse import SplitResult, parse_qs, unquote

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean
from billing_tui.settings.checks import is_loopback

LIBSQL, D1 = "libsql", "d1"
EDGE = (LIBSQL, D1)
SCHEMES = {"libsql": LIBSQL, "sqlite+libsql": LIBSQL, "d1": D1, "cloudflare_d1": D1}
_NO = ("0", "false", "off", "no")


class Edge(NamedTuple):
    """What a URL says of a database at the edge: what SQLAlchemy wants, the token, and what people call it."""

    address: str
    token: str
    place: str


def edge_of(kind: str, parts: SplitResult) -> Edge:
    """The parts of such a URL. Raises `BadUsage` for one that would send its token in the clear, or that lacks what it needs."""
    host, asked = parts.hostname or "", parse_qs(parts.query)
    if kind == D1:
        if not (parts.username and parts.password and host):
            hint = "Write d1://ACCOUNT_ID:API_TOKEN@DATABASE_ID."
            raise BadUsage("The database URL does not say which D1 database it is.", hint, code="database_url")
        return Edge(f"cloudflare_d1://{parts.netloc}", unquote(parts.password), f"D1 {clean(host)}")
    token = next((asked[name][0] for name in ("authToken", "auth_token") if name in asked), "") or unquote(parts.password or "")
    secure = not any(asked.get(name, [""])[0].lower() in _NO for name in ("tls", "secure"))
    if not secure and not is_loopback(host):
        hint = "Take tls=0 or secure=false out of it; plain http is for this machine's own addresses alone."
        raise BadUsage("The database URL would send its token in the clear.", hint, code="database_url")
    port = f":{parts.port}" if parts.port else ""
    return Edge(f"sqlite+libsql://{host}{port}/?secure={str(secure).lower()}", token, clean(host))
