"""Real PostgreSQL and MariaDB servers of the tests' own: made in a temporary directory, on loopback, gone afterwards.

Neither server runs as root, and neither can be told to: where the tests do, the servers run as the user that their package made.
"""

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any, ClassVar

import sqlalchemy as sa
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from billing_tui.model.profile import DatabaseTable
from billing_tui.services.database import AppDatabase, open_database
from billing_tui.settings.secret import Secret

PASSWORD = "p@ss/w:rd#1"
QUOTED = "p%40ss%2Fw%3Ard%231"
_PATIENCE = 30.0
_BOOKS = itertools.count(1)


class Server(ABC):
    """A running server, in Tokyo, so that no time is right by chance; the owner's own connections are in UTC.

    `owner` may do anything, `reader` read, `writer` read and write; all have the same password.
    """

    scheme: str
    driver: str
    options: ClassVar[dict[str, str]] = {}

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.port = free_port()
        self.cert, self.key = self_signed(directory)
        self._started = self._start()

    @abstractmethod
    def _start(self) -> "subprocess.Popen[bytes] | None": ...

    @contextmanager
    def connected(self, database: str) -> Iterator[Any]:
        """A connection of the owner's; each statement stands for itself."""
        address = sa.URL.create(self.driver, "owner", PASSWORD, "127.0.0.1", self.port, database)
        engine = sa.create_engine(address, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool, connect_args=self.options)
        with engine.connect() as connection, closing(connection.connection.cursor()) as cursor:
            yield cursor

    def run(self, database: str, *statements: str) -> list[tuple[Any, ...]]:
        """Carries statements out as the owner; what the last one gives."""
        with self.connected(database) as cursor:
            for statement in statements:
                cursor.execute(statement)
            return list(cursor.fetchall()) if cursor.description else []

    @abstractmethod
    def make(self, database: str) -> None:
        """Makes a database that the reader may read, and the writer read and write."""

    @abstractmethod
    def stop(self) -> None: ...

    def book(self, *statements: str) -> "Book":
        """A new database with these tables in it."""
        name = f"app_{next(_BOOKS)}"
        self.make(name)
        self.run(name, *statements)
        return Book(self, name)


class Postgres(Server):
    """PostgreSQL, its newest version on this machine."""

    scheme, driver = "postgresql", "postgresql+psycopg"
    options: ClassVar[dict[str, str]] = {"options": "-c timezone=UTC"}

    def _start(self) -> None:
        tools, data = postgres_tools(), self.directory / "data"
        as_them = unprivileged("postgres")
        secret = self.directory / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        make = [tools / "initdb", "-D", data, "-U", "owner", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
        _do([*as_them, *make, "--locale=C", "--no-sync"])
        places = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.directory}"
        options = (
            f"{places} -c fsync=off -c timezone=Asia/Tokyo -c ssl=on -c ssl_cert_file={self.cert} -c ssl_key_file={self.key}"
        )
        log = self.directory / "log"
        _do([*as_them, tools / "pg_ctl", "-D", data, "-l", log, "-w", "-o", options, "start"])
        self.run("postgres", *(f"CREATE ROLE {login} LOGIN PASSWORD '{PASSWORD}'" for login in ("reader", "writer")))

    def make(self, database: str) -> None:
        self.run("postgres", f"CREATE DATABASE {database}")
        grants = ("SELECT", "reader"), ("SELECT, INSERT, UPDATE, DELETE", "writer")
        self.run(database, *(f"ALTER DEFAULT PRIVILEGES GRANT {rights} ON TABLES TO {login}" for rights, login in grants))

    def stop(self) -> None:
        stop = [postgres_tools() / "pg_ctl", "-D", self.directory / "data", "-m", "immediate", "stop"]
        _do([*unprivileged("postgres"), *stop])


class MariaDb(Server):
    """MariaDB."""

    scheme, driver = "mysql", "mysql+pymysql"
    options: ClassVar[dict[str, str]] = {"sql_mode": "ANSI_QUOTES", "init_command": "SET time_zone = '+00:00'"}

    def _start(self) -> "subprocess.Popen[bytes]":
        as_them, data = unprivileged("mysql"), self.directory / "data"
        install = [*as_them, "mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db"]
        try:
            _do(install)
        except RuntimeError:  # several at once on a busy machine run out of what the kernel gives for writing
            shutil.rmtree(data, ignore_errors=True)
            _do([*install, "--innodb-use-native-aio=0"])
        command = [
            *as_them, mariadbd(), "--no-defaults", f"--datadir={data}", f"--socket={self.directory / 'socket'}",
            f"--port={self.port}", "--bind-address=127.0.0.1", f"--log-error={self.directory / 'log'}",
            f"--pid-file={self.directory / 'pid'}", "--innodb-flush-log-at-trx-commit=0", "--default-time-zone=+09:00",
            f"--ssl-cert={self.cert}", f"--ssl-key={self.key}", "--innodb-use-native-aio=0",
            f"--init-file={self._first()}",
        ]  # fmt: skip
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + _PATIENCE
        while not is_answering(self.port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError((self.directory / "log").read_text(encoding="utf-8", errors="replace")[-2000:])
            time.sleep(0.05)
        return process

    def _first(self) -> Path:
        """What the server does before it takes anybody's connection."""
        file = self.directory / "init.sql"
        logins = [f"CREATE USER {login}@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';" for login in ("owner", "reader", "writer")]
        file.write_text("\n".join([*logins, "GRANT ALL ON *.* TO owner@'127.0.0.1' WITH GRANT OPTION;"]), encoding="utf-8")
        file.chmod(0o644)
        return file

    def make(self, database: str) -> None:
        grants = ("SELECT", "reader"), ("SELECT, INSERT, UPDATE, DELETE", "writer")
        granted = (f"GRANT {rights} ON {database}.* TO {login}@'127.0.0.1'" for rights, login in grants)
        self.run("", f"CREATE DATABASE {database} CHARACTER SET utf8mb4", *granted)

    def stop(self) -> None:
        assert self._started
        self._started.terminate()
        self._started.wait(_PATIENCE)


class Book:
    """One database of a server, as the product gets to it."""

    def __init__(self, server: Server, name: str) -> None:
        self.server = server
        self.name = name

    def run(self, *statements: str) -> list[tuple[Any, ...]]:
        """Carries statements out as the owner."""
        return self.server.run(self.name, *statements)

    def url(self, login: str = "reader", *, scheme: str = "", asks: str = "", password: str = QUOTED) -> str:
        place = f"{login}:{password}@127.0.0.1:{self.server.port}/{self.name}"
        return f"{scheme or self.server.scheme}://{place}{f'?{asks}' if asks else ''}"

    @contextmanager
    def holding(self, statement: str) -> Iterator[None]:
        """While this lasts, somebody is in the middle of a transaction that began with a statement."""
        with self.server.connected(self.name) as cursor:
            cursor.execute("BEGIN")
            cursor.execute(statement)
            yield
            cursor.execute("ROLLBACK")

    def open(self, table: DatabaseTable, *, url: str = "", writer: str = "writer", timeout: float = 10.0) -> AppDatabase:
        """The service, reading as one login and writing as another."""
        write = Secret(self.url(writer), "database_write_url", "environment")
        return open_database(Secret(url or self.url(), "database_url", "environment"), table, timeout, write)


def postgres_tools() -> Path:
    """Where PostgreSQL's programs are; distributions keep them off the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].partition(".")[0]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        raise FileNotFoundError("postgresql is not installed")
    return found[-1].parent if found else Path(str(on_path)).resolve().parent


def mariadbd() -> str:
    """The server's program."""
    found = shutil.which("mariadbd") or shutil.which("mariadbd", path="/usr/sbin:/usr/libexec")
    if not found:
        raise FileNotFoundError("mariadb-server is not installed")
    return found


def owned_directory(directory: Path, owner: str) -> Path:
    """A directory that the server's own user may use, where this is root's test."""
    if os.geteuid() == 0:
        held = pwd.getpwnam(owner)
        os.chown(directory, held.pw_uid, held.pw_gid)
    return directory


def self_signed(directory: Path) -> tuple[Path, Path]:
    """A certificate for the loopback address and its key, for whom the directory belongs to."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "the tests' own")])
    began = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(began).not_valid_after(began + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    files = directory / "cert.pem", directory / "key.pem"
    files[0].write_bytes(made.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files[1].chmod(0o600)
    about = directory.stat()
    os.chown(files[1], about.st_uid, about.st_gid)
    return files


def unprivileged(owner: str) -> list[str]:
    if os.geteuid() != 0:
        return []
    held = pwd.getpwnam(owner)
    return ["setpriv", f"--reuid={held.pw_uid}", f"--regid={held.pw_gid}", "--clear-groups", "--"]


def _do(command: Sequence[object]) -> None:
    words = [str(word) for word in command]
    ended = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False, cwd="/")
    if ended.returncode:
        raise RuntimeError(f"{command}: {ended.stdout[-1000:]}{ended.stderr[-1000:]}")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


def is_answering(port: int) -> bool:
    with socket.socket() as tried:
        tried.settimeout(1)
        return tried.connect_ex(("127.0.0.1", port)) == 0
