"""What a database says when it says no, as one plain sentence and an exit code.

Drivers like to repeat the URL or the values of a statement; none of that passes through here.
"""

from urllib.parse import unquote

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from billing_tui.model.problem import BadUsage, KeyRefused, OutOfReach, Problem
from billing_tui.model.text import clean, quoted
from billing_tui.services.database_edge import D1, EDGE, LIBSQL
from billing_tui.services.database_url import DatabaseUrl

_LONGEST = 160
_PACKAGES = {"psycopg": "psycopg[binary]", "pymysql": "pymysql", "MySQLdb": "mysqlclient"}
# As PostgreSQL (SQLSTATE) and MySQL (numbers) have them: their words come in whatever language the server speaks.
_CODES: dict[str, frozenset[str | int]] = {
    "login": frozenset(("28P01", "28000", 1045, 1698)),
    "permission": frozenset(("42501", "25006", 1044, 1142, 1143, 1227, 1370, 1792)),
    "busy": frozenset(("55P03", "40P01", "40001", 1205, 1213, 3572)),
    "slow": frozenset(("57014", 1317, 1969, 3024)),
    "missing": frozenset(("42P01", "3F000", 1146, 1049)),
}
_NAMES = {LIBSQL: "libSQL", D1: "D1"}
_LOGIN = (
    "http error 401",
    "http error 403",
    "status=401",
    "status=403",
    "authentication error",
    "password authentication failed",
    "no password supplied",
    "access denied for user",
    "authentication failed",
)
_PERMISSION = ("permission denied", "command denied", "insufficientprivilege")
_BUSY = ("database is locked", "database table is locked")


def problem_of(error: SQLAlchemyError, url: DatabaseUrl) -> Problem:
    """A failed connection or statement."""
    said = _said(error, url)
    lower, code = said.lower(), _code(error)
    if code in _CODES["permission"] or any(word in lower for word in _PERMISSION):
        hint = "Give the login that right, or set database_write_url to one that has it."
        return KeyRefused(f"The database {url.place} does not let this login do that.", hint, code="no_permission")
    if code in _CODES["login"] or any(word in lower for word in _LOGIN):
        hint = "Set database_url again with the right login."
        return KeyRefused(f"The database {url.place} refuses the login.", hint, code="database_login")
    if "readonly database" in lower:
        hint = "Let its owner make the file and its directory writable."
        return KeyRefused(f"The database file {url.place} cannot be written by you.", hint, code="no_permission")
    if code in _CODES["busy"] or any(word in lower for word in _BUSY):
        hint = "Somebody else is writing; try again."
        return OutOfReach(f"The database {url.place} is busy.", hint, code="busy")
    if code in _CODES["slow"] or lower.startswith("interrupted"):
        hint = "Give it more with --timeout, or add an index on the columns that are searched."
        return OutOfReach(f"The database {url.place} took too long.", hint, code="timeout")
    if "certificate verify failed" in lower:
        hint = "Name the file of its authority in the URL: ssl_ca for MySQL, sslrootcert for PostgreSQL."
        return OutOfReach(f"The certificate of the database {url.place} proves nothing here.", hint, code="certificate")
    hint = "Check that it runs and that database_url is right."
    return OutOfReach(f"The database {url.place} did not do it: {said}.", hint, code="database")


def unusable(error: Exception, url: DatabaseUrl) -> BadUsage:
    """A URL for which there is no driver, or that SQLAlchemy does not understand."""
    if url.scheme in EDGE:
        hint = f"Install it with its extra: pip install 'billing-tui[{url.scheme}]'."
        return BadUsage(
            f"A {_NAMES[url.scheme]} database needs a package that is not installed here.", hint, code="missing_driver"
        )
    if isinstance(error, ImportError):
        package = _PACKAGES.get(error.name or "", clean(error.name or "its driver"))
        hint = f"Install it beside billing-tui: pip install {quoted(package)}."
        return BadUsage(f"A {clean(url.scheme)} database needs the package {package}.", hint, code="missing_driver")
    hint = "SQLite, PostgreSQL and MySQL are understood; others need their SQLAlchemy dialect installed."
    return BadUsage(f"{quoted(clean(url.scheme))} is no database that is known here.", hint, code="missing_driver")


def is_missing(error: DBAPIError) -> bool:
    """Whether what the statement named is not there."""
    return _code(error) in _CODES["missing"]


def _code(error: SQLAlchemyError) -> str | int | None:
    """The server's own code for what happened; None where the driver gives none."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    number = next(iter(getattr(origin, "args", ())), None)
    return number if isinstance(number, int) else getattr(origin, "sqlstate", None)


def _said(error: SQLAlchemyError, url: DatabaseUrl) -> str:
    """The first line of the driver's own words, without the password; its kind alone where that cannot be told."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    words = origin.args[-1] if origin is not None and isinstance(_code(error), int) else origin
    first = next(iter(str(words).strip().splitlines()), "") if words is not None else ""
    text = clean(first)[:_LONGEST].rstrip(". ")
    secret = {url.password, unquote(url.password)} - {""}
    if not text or any(word in text for word in secret):
        return type(origin or error).__name__
    return text
