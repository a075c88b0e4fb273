"""Connections to one cache, taken by whichever thread needs one and put back: SQLite wants a connection for each at a time.

Knows when the file has been begun anew by another window, and lets go of the old one. What goes wrong is told as a `Problem`.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, LifoQueue
from threading import Lock

from billing_tui.cache import schema

_Held = tuple[tuple[int, int] | None, sqlite3.Connection]


class Connections:
    """A pool; opens as many as are used at once.

    Args:
        place: The file, or how to find out which it is, which is done when it is first needed. None is an empty cache.
    """

    def __init__(self, place: Path | Callable[[], Path | None] | None) -> None:
        self._find = place if callable(place) else None
        self._path = None if callable(place) else place
        self._finding = Lock()
        self._idle: LifoQueue[_Held] = LifoQueue()

    def move(self, path: Path) -> None:
        """From now on it is this file."""
        self._find, self._path = None, path

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection whose reads all see one moment. Raises `OutOfReach`; a damaged file is emptied first."""
        with self._taken() as connection:
            connection.execute("begin")
            try:
                yield connection
            finally:
                _end(connection, "rollback")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, whenever the process dies. Raises `OutOfReach` as `reading` does."""
        with self._taken() as connection:
            connection.execute("begin immediate")
            try:
                yield connection
                connection.execute("commit")
            except BaseException:
                _end(connection, "rollback")
                raise

    @contextmanager
    def _taken(self) -> Iterator[sqlite3.Connection]:
        path = self._found()
        seen = schema.identity(path)
        try:
            seen, connection = self._take(path, seen)
            try:
                yield connection
            except sqlite3.Error:
                connection.close()
                raise
            except BaseException:
                self._idle.put((seen, connection))
                raise
            self._idle.put((seen, connection))
        except sqlite3.Error as error:
            if schema.damaged(error):
                schema.forget(path, seen)
            raise schema.problem(path, error) from error

    def _found(self) -> Path | None:
        with self._finding:
            find, self._find = self._find, None
            if find is not None:
                self._path = find()
            return self._path

    def _take(self, path: Path | None, seen: tuple[int, int] | None) -> _Held:
        while True:
            try:
                of, connection = self._idle.get_nowait()
            except Empty:
                connection = schema.connect(path)
                return schema.identity(path), connection
            if of == seen:
                return of, connection
            connection.close()

    def close(self) -> None:
        """Closes those that nobody is using."""
        while True:
            try:
                _, connection = self._idle.get_nowait()
            except Empty:
                return
            connection.close()


def _end(connection: sqlite3.Connection, how: str) -> None:
    if connection.in_transaction:
        connection.execute(how)
