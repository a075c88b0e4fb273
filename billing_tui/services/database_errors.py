"""What a database says when it says no, as one plain sentence and an exit code.

Drivers like to repeat the URL or the values of a statement; none of that passes through here.
"""

from urllib.parse import unquote

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from billing_tui.model.problem import BadUsage, KeyRefused, OutOfReach, Problem
from billing_tui.model.text import clean, quoted
from billing_tui.services.database_url import DatabaseUrl

_LONGEST = 160
_PACKAGES = {"psycopg": "psycopg[binary]", "pymysql": "pymysql", "MySQLdb": "mysqlclient"}
_LOGIN = ("password authentication failed", "no password supplied", "access denied for user", "authentication failed")
_PERMISSION = ("permission denied", "command denied", "insufficientprivilege")
_BUSY = ("database is locked", "database table is locked")


def problem_of(error: SQLAlchemyError, url: DatabaseUrl) -> Problem:
    """A failed connection or statement."""
    said = _said(error, url)
    lower = said.lower()
    if any(word in lower for word in _LOGIN):
        hint = "Set database_url again with the right login."
        return KeyRefused(f"The database {url.place} refuses the login.", hint, code="database_login")
    if any(word in lower for word in _PERMISSION):
        hint = "Give the login that right, or set database_write_url to one that has it."
        return KeyRefused(f"The database {url.place} does not let this login do that.", hint, code="no_permission")
    if "readonly database" in lower:
        hint = "Let its owner make the file and its directory writable."
        return KeyRefused(f"The database file {url.place} cannot be written by you.", hint, code="no_permission")
    if any(word in lower for word in _BUSY):
        hint = "Somebody else is writing; try again."
        return OutOfReach(f"The database {url.place} is busy.", hint, code="busy")
    if lower.startswith("interrupted"):
        hint = "Give it more with --timeout, or add an index on the columns that are searched."
        return OutOfReach(f"The database {url.place} took too long.", hint, code="timeout")
    hint = "Check that it runs and that database_url is right."
    return OutOfReach(f"The database {url.place} did not do it: {said}.", hint, code="database")


def unusable(error: Exception, url: DatabaseUrl) -> BadUsage:
    """A URL for which there is no driver, or that SQLAlchemy does not understand."""
    if isinstance(error, ImportError):
        package = _PACKAGES.get(error.name or "", clean(error.name or "its driver"))
        hint = f"Install it beside billing-tui: pip install {quoted(package)}."
        return BadUsage(f"A {clean(url.scheme)} database needs the package {package}.", hint, code="missing_driver")
    hint = "SQLite, PostgreSQL and MySQL are understood; others need their SQLAlchemy dialect installed."
    return BadUsage(f"{quoted(clean(url.scheme))} is no database that is known here.", hint, code="missing_driver")


def _said(error: SQLAlchemyError, url: DatabaseUrl) -> str:
    """The first line of the driver's own words, without the password; its kind alone where that cannot be told."""
    origin = error.orig if isinstance(error, DBAPIError) else None
    first = next(iter(str(origin).strip().splitlines()), "") if origin is not None else ""
    text = clean(first)[:_LONGEST].rstrip(". ")
    secret = {url.password, unquote(url.password)} - {""}
    if not text or any(word in text for word in secret):
        return type(origin or error).__name__
    return text
