"""What follows the `?` in a database URL, which was written for another driver: taken over, translated, or left away.

Each driver knows other words, and ours stop at one that they do not know. Encryption that was asked for is never left away.
"""

import ssl
from typing import Literal
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from billing_tui.model.problem import BadUsage

Tls = Literal["", "required", "checked"]
"""Encrypted as far as the server likes, in any case, or with a certificate that proves whose it is."""

# Parameters of Prisma's own; anybody else's library refuses a URL that holds them.
_PRISMA = frozenset(
    (
        "connection_limit",
        "pgbouncer",
        "pool_timeout",
        "schema",
        "socket_timeout",
        "sslaccept",
        "sslidentity",
        "statement_cache_size",
    )
)
_MYSQL = frozenset(("charset", "collation", "unix_socket"))
_POSTGRES = frozenset(
    (
        "application_name",
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "gssencmode",
        "host",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "options",
        "passfile",
        "password",
        "port",
        "requirepeer",
        "service",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslrootcert",
        "sslsni",
        "target_session_attrs",
        "tcp_user_timeout",
        "user",
    )
)
_LIBPQ_MODES = frozenset(("disable", "allow", "prefer", "require", "verify-ca", "verify-full"))
_NO = frozenset(("", "0", "false", "off", "no", "disable", "disabled", "none"))
_LENIENT = frozenset(("required", "require", "preferred", "prefer", "allow", "no-verify", "skip-verify", "accept_invalid_certs"))


class Params(Struct, frozen=True):
    """What our driver is told; `tls` and the files that belong to it are for MySQL alone."""

    query: str = ""
    schema: str = ""
    tls: Tls = ""
    ca: str = ""
    cert: str = ""
    key: str = ""


def read_params(driver: str, query: str) -> Params:
    """The part of a URL behind the `?`, for the driver of the database."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    schema = asked.get("schema", "")
    if driver.startswith(("mysql", "mariadb")):
        kept = {key: value for key, value in asked.items() if key in _MYSQL}
        files = {name: asked.get(f"ssl_{name}", asked.get(f"ssl-{name}", "")) for name in ("ca", "cert", "key")}
        tls = _mysql_tls(asked)
        return Params(urlencode(kept), schema, "checked" if files["ca"] and tls == "" else tls, **files)
    if driver.startswith("postgresql"):
        kept = {key: value for key, value in asked.items() if key in _POSTGRES}
        mode = _libpq_mode(asked)
        return Params(urlencode(kept | ({"sslmode": mode} if mode else {})), schema)
    return Params(urlencode({key: value for key, value in asked.items() if key not in _PRISMA}), schema)


def tls_context(params: Params) -> ssl.SSLContext | None:
    """How MySQL's connection is encrypted; None leaves it to the driver and the server. Raises `BadUsage` for an unfit file."""
    if not params.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=params.ca or None)
        if params.tls == "required":
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        if params.cert:
            context.load_cert_chain(params.cert, params.key or None)
    except (OSError, ssl.SSLError) as error:
        message = "A certificate that the database URL names cannot be read."
        raise BadUsage(message, "Correct ssl_ca, ssl_cert or ssl_key in it.", code="database_url") from error
    return context


def _mysql_tls(asked: dict[str, str]) -> Tls:
    """As Prisma, PlanetScale, hosters and drivers of other languages ask for it."""
    words = [asked[key].lower() for key in ("sslaccept", "ssl-mode", "sslmode", "tls", "usessl", "useSSL", "ssl") if key in asked]
    told = [word for word in words if word not in _NO]
    if not told:
        return ""
    lenient = any(word in _LENIENT for word in told) or any(
        '"rejectunauthorized":false' in word.replace(" ", "") for word in told
    )
    return "required" if lenient else "checked"


def _libpq_mode(asked: dict[str, str]) -> str:
    """`sslmode` in the words of PostgreSQL's own library, where a URL has those of another; "" leaves it as it is."""
    mode = asked.get("sslmode", "")
    if mode in _LIBPQ_MODES:
        return ""
    if mode or asked.get("ssl", "").lower() not in _NO:
        return "require"
    return ""
