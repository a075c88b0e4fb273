"""Database URLs as people have them: from an `.env` of Prisma, from a hoster's page, from SQLAlchemy's manual.

No driver is loaded in here, so that the band can name the database before anything is imported or opened. No sentence
repeats the URL.
"""

from pathlib import PurePath
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from msgspec import Struct

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted
from billing_tui.services.database_edge import SCHEMES, edge_of
from billing_tui.services.database_params import Params, read_params

_DRIVERS = {
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+asyncpg": "postgresql+psycopg",
    "mysql": "mysql+pymysql",
    "mysql+aiomysql": "mysql+pymysql",
    "mysql+asyncmy": "mysql+pymysql",
    "mariadb": "mariadb+pymysql",
}
_SQLITE = ("sqlite", "sqlite+pysqlite", "sqlite+aiosqlite", "file")
_LOCAL_LIBSQL = "sqlite+libsql:///"
"""A libSQL file is an SQLite file, and is opened as one."""


class DatabaseUrl(Struct, frozen=True):
    """Where a database is.

    `file` is the path of an SQLite database, empty for a server; `address` is what SQLAlchemy wants of a server.
    `place` names it for people: a file name, or `name@host`. `schema` is the one that Prisma's URL asks for.
    """

    scheme: str
    place: str
    file: str = ""
    address: str = ""
    schema: str = ""
    host: str = ""
    password: str = ""
    params: Params = Params()

    def __repr__(self) -> str:
        return f"<DatabaseUrl {self.scheme} {self.place}>"


def read_url(url: str) -> DatabaseUrl:
    """The parts of a database URL.

    Raises:
        BadUsage: It is no database URL, or of a service that does not speak SQL to us.
    """
    scheme = url.partition(":")[0].lower()
    if scheme in _SQLITE or url.startswith(_LOCAL_LIBSQL):
        return _file(scheme, url)
    if scheme in SCHEMES:
        return _edge(SCHEMES[scheme], url)
    if scheme in ("prisma", "prisma+postgres"):
        hint = "Use the database's own URL; Prisma calls it DIRECT_URL."
        raise BadUsage("The database URL is Prisma Accelerate's, which speaks no SQL.", hint, code="database_url")
    if scheme in ("http", "https") or "://" not in url:
        hint = "One looks like postgresql://login:password@host/name or sqlite:///path."
        raise BadUsage("The database URL is not a database's.", hint, code="database_url")
    return _server(scheme, url)


def _file(scheme: str, url: str) -> DatabaseUrl:
    path, _, query = url.partition(":")[2].partition("?")
    if scheme != "file":
        path = path.removeprefix("//").removeprefix("/")
    if path.startswith("file:"):
        path = unquote(path.removeprefix("file:"))
    if not path or path == ":memory:" or dict(parse_qsl(query)).get("mode") == "memory":
        hint = "Name its file: sqlite:///relative/path or sqlite:////absolute/path."
        raise BadUsage("The database URL names no file.", hint, code="database_url")
    return DatabaseUrl(scheme="sqlite", place=clean(PurePath(path).name), file=path)


def _edge(kind: str, url: str) -> DatabaseUrl:
    try:
        parts = urlsplit(f"edge:{url.partition(':')[2]}")
        found = edge_of(kind, parts)
    except ValueError:
        raise BadUsage(
            "The database URL cannot be read.", "Copy it once more from where it is from.", code="database_url"
        ) from None
    return DatabaseUrl(kind, found.place, address=found.address, host=found.place, password=found.token)


def _server(scheme: str, url: str) -> DatabaseUrl:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        hint = "Letters such as @ : / # in a password are written as %40 %3A %2F %23."
        raise BadUsage("The database URL cannot be read.", hint, code="database_url") from None
    driver = _DRIVERS.get(scheme, scheme)
    params = read_params(driver, parts.query)
    name = unquote(parts.path.strip("/"))
    return DatabaseUrl(
        scheme=driver.partition("+")[0],
        place=clean(f"{name or quoted('')}@{host or 'localhost'}"),
        address=urlunsplit((driver, parts.netloc, parts.path, params.query, "")),
        schema="" if params.schema == "public" else params.schema,
        host=clean(host or "localhost"),
        password=parts.password or "",
        params=params,
    )
