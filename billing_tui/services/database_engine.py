"""Connections to the app's database: one way to read that cannot write, one way to write.

Blocking, and the first file on this path to import SQLAlchemy, which costs more than a first paint may: nothing imports
this one until a query is asked for.
"""

import sqlite3
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SAWarning, SQLAlchemyError
from sqlalchemy.pool import NullPool

from billing_tui.model.problem import OutOfReach
from billing_tui.model.text import clean
from billing_tui.services.database_edge import EDGE, LIBSQL
from billing_tui.services.database_errors import problem_of, unusable
from billing_tui.services.database_limits import limit_engine
from billing_tui.services.database_params import tls_context
from billing_tui.services.database_url import DatabaseUrl

BUSY_TIMEOUT = 5.0
_STEPS_BETWEEN_LOOKS = 20_000

# A column of a type that SQLAlchemy has never heard of is read as it comes; nobody needs to be told on the terminal.
warnings.filterwarnings("ignore", message="Did not recognize type", category=SAWarning)


class Connections:
    """Makes connections to one database, read-only or for one write."""

    def __init__(self, url: DatabaseUrl, timeout: float, *, write: bool) -> None:
        self._url = url
        self._timeout = timeout
        self._write = write
        self._lock = threading.Lock()
        self._engine: sa.Engine | None = None

    @contextmanager
    def open(self) -> Iterator[sa.Connection]:
        """A connection for the length of a block; whatever the database says against it comes out as a `Problem`."""
        engine = self._made()
        pool = engine.pool
        try:
            with engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise problem_of(error, self._url) from error
        except ValueError as error:
            if self._url.scheme != LIBSQL:
                raise
            raise problem_of(DBAPIError(None, None, error), self._url) from error  # its driver has no errors of its own
        finally:
            if engine is not self._engine:
                pool.dispose()  # all was closed while this waited, and what went back to its pool would stay open there

    def close(self) -> None:
        """Let go of what is held open; the next use opens again."""
        with self._lock:
            engine, self._engine = self._engine, None
        if engine:
            engine.dispose()

    def _made(self) -> sa.Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._fit()
            return self._engine

    def _fit(self) -> sa.Engine:
        if self._url.file:
            return self._for_file()
        return self._for_edge() if self._url.scheme in EDGE else self._for_server()

    def _for_file(self) -> sa.Engine:
        # No pool: opening a file is cheap, and a pooled connection would go on reading a file that was replaced.
        return sa.create_engine("sqlite://", creator=self._open_file, poolclass=NullPool, hide_parameters=True)

    def _open_file(self) -> sqlite3.Connection:
        path = Path(self._url.file).expanduser().absolute()
        if not path.is_file():
            hint = "Correct database_url; a relative path starts where the tool is started."
            raise OutOfReach(f"There is no database file {clean(str(path))}.", hint, code="no_database")
        connection = sqlite3.connect(
            f"file:{quote(str(path))}?mode={'rw' if self._write else 'ro'}",
            uri=True,
            timeout=BUSY_TIMEOUT,
            isolation_level="IMMEDIATE",
            check_same_thread=False,
        )
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        deadline = time.monotonic() + self._timeout + (BUSY_TIMEOUT if self._write else 0)
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS)
        return connection

    def _for_edge(self) -> sa.Engine:
        # Each question is a request of its own there, and who waits for it gives up by itself.
        arguments = {"auth_token": self._url.password} if self._url.scheme == LIBSQL else {}
        try:
            return sa.create_engine(self._url.address, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
        except (SQLAlchemyError, ImportError) as error:
            raise unusable(error, self._url) from error

    def _for_server(self) -> sa.Engine:
        seconds = max(2, round(self._timeout))
        arguments: dict[str, object] = {"connect_timeout": seconds}
        options: dict[str, object] = {}
        if self._url.scheme == "postgresql":
            # Poolers in transaction mode know no prepared statements, and psycopg starts to prepare after a few runs.
            arguments["prepare_threshold"] = None
            options["postgresql_readonly"] = not self._write
        if context := tls_context(self._url.params):
            arguments["ssl"] = context
        try:
            engine = sa.create_engine(
                self._url.address,
                connect_args=arguments,
                execution_options=options,
                pool_size=2,
                pool_pre_ping=True,
                hide_parameters=True,
            )
        except (SQLAlchemyError, ImportError) as error:
            raise unusable(error, self._url) from error
        limit_engine(engine, self._timeout, write=self._write)
        return engine
