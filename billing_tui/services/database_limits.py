"""What a connection to a server may do and for how long, said to the server itself: it then ends what nobody waits for any more,
and a read that would write is refused there, whatever the table really is.

With PostgreSQL it is said anew to each transaction and holds for that alone: behind a pooler the next may be somebody else's.
"""

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_LOCK = 5.0
_FIRST_WITH_LIMIT = (5, 7, 8)


def limit_engine(engine: sa.Engine, seconds: float, *, write: bool) -> None:
    """Every transaction of the engine's ends by itself, and waits even less for what somebody else holds."""
    lock = min(_LOCK, seconds)
    if engine.dialect.name == "postgresql":
        _limit_postgres(engine, seconds, lock)
    elif engine.dialect.name in ("mysql", "mariadb"):
        _limit_mysql(engine, seconds, lock, write=write)


def _limit_postgres(engine: sa.Engine, seconds: float, lock: float) -> None:
    settings = {"statement_timeout": seconds, "lock_timeout": lock}
    told = ", ".join(f"set_config('{name}', '{max(1, round(limit * 1000))}', true)" for name, limit in settings.items())

    @event.listens_for(engine, "begin")
    def tell(connection: sa.Connection) -> None:
        connection.exec_driver_sql(f"SELECT {told}")


def _limit_mysql(engine: sa.Engine, seconds: float, lock: float, *, write: bool) -> None:
    @event.listens_for(engine, "connect")
    def tell(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            for statement in mysql_settings(str(connection.get_server_info()), seconds, lock, write=write):
                cursor.execute(statement)


def mysql_settings(server: str, seconds: float, lock: float, *, write: bool) -> list[str]:
    """How a server of this version is told; what only speaks like MySQL is not told what it would stumble over."""
    kind = server.lower()
    # It shows moments in the time zone of whoever asks, and does not say which that is.
    settings = ["SET SESSION time_zone = '+00:00'"]
    if "vitess" in kind:
        return settings
    settings.append(f"SET SESSION innodb_lock_wait_timeout = {max(1, round(lock))}")
    if "mariadb" in kind:
        settings.append(f"SET SESSION max_statement_time = {seconds:g}")
    elif tuple(int(part) for part in re.findall(r"\d+", server)[:3]) >= _FIRST_WITH_LIMIT:
        settings.append(f"SET SESSION max_execution_time = {max(1, round(seconds * 1000))}")
    if not write and "tidb" not in kind:
        settings.append("SET SESSION TRANSACTION READ ONLY")
    return settings
