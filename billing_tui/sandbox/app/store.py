"""The app's own SQLite database: the users with what they pay for, and the ledger of processed events.

Times are RFC 3339 text, as this app's author chose. Others open the file too, so nothing is kept in memory.
"""

import sqlite3
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

SCHEMA = """
CREATE TABLE users (
    id TEXT PRIMARY KEY,
    email TEXT NOT NULL,
    plan TEXT NOT NULL DEFAULT 'free',
    stripe_customer_id TEXT,
    stripe_subscription_id TEXT,
    subscription_status TEXT,
    current_period_end TEXT,
    cancel_at_period_end BOOLEAN NOT NULL DEFAULT 0,
    updated_at TEXT NOT NULL
);
CREATE TABLE processed_events (
    event_id TEXT PRIMARY KEY,
    type TEXT NOT NULL,
    processed_at TEXT NOT NULL
);
"""


def text_time(seconds: float) -> str:
    """Unix seconds as the database keeps them."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True)
class Billing:
    """What a subscription event makes of a user's row; times are Unix seconds."""

    plan: str
    customer_id: str
    subscription_id: str
    status: str
    period_end: int | None
    cancel_at_period_end: bool


class AppDatabase:
    """One connection for the app's threads, each statement committed at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.unlink(missing_ok=True)
        self._lock = threading.Lock()
        self._connection = sqlite3.connect(path, timeout=5, isolation_level=None, check_same_thread=False)
        self._connection.row_factory = sqlite3.Row
        # A pretend app may lose its data when the machine dies; seeding eight hundred rows must not wait for a disk.
        self._connection.executescript(f"PRAGMA synchronous=OFF; PRAGMA journal_mode=MEMORY; {SCHEMA}")

    def close(self) -> None:
        self._connection.close()

    def _run(self, statement: str, values: tuple[object, ...]) -> int:
        with self._lock:
            return self._connection.execute(statement, values).rowcount

    def add_user(self, user_id: str, email: str, at: float) -> None:
        """A free user; an existing row of that id is reset to this."""
        self._run("INSERT OR REPLACE INTO users (id, email, updated_at) VALUES (?, ?, ?)", (user_id, email, text_time(at)))

    def set_billing(self, user_id: str, billing: Billing, at: float) -> int:
        """How many rows it changed: the app's author guards against foreign rows and never looks at the count."""
        return self._run(
            "UPDATE users SET plan = ?, stripe_customer_id = ?, stripe_subscription_id = ?, subscription_status = ?,"
            " current_period_end = ?, cancel_at_period_end = ?, updated_at = ?"
            " WHERE id = ? AND (stripe_customer_id IS NULL OR stripe_customer_id = ?)",
            (
                billing.plan,
                billing.customer_id,
                billing.subscription_id,
                billing.status,
                None if billing.period_end is None else text_time(billing.period_end),
                billing.cancel_at_period_end,
                text_time(at),
                user_id,
                billing.customer_id,
            ),
        )

    def set_customer(self, user_id: str, customer_id: str | None, at: float) -> None:
        """What the app does when it starts a checkout: it remembers the customer it made."""
        self._run(
            "UPDATE users SET stripe_customer_id = ?, updated_at = ? WHERE id = ?",
            (customer_id, text_time(at), user_id),
        )

    def set_email(self, user_id: str, email: str) -> None:
        """The user moved to another address."""
        self._run("UPDATE users SET email = ? WHERE id = ?", (email, user_id))

    def set_plan(self, user_id: str, plan: str, at: float) -> None:
        """What somebody does by hand."""
        self._run("UPDATE users SET plan = ?, updated_at = ? WHERE id = ?", (plan, text_time(at), user_id))

    def forget(self, user_id: str) -> None:
        """The user's row is gone."""
        self._run("DELETE FROM users WHERE id = ?", (user_id,))

    def mark(self, event_id: str, kind: str, at: float) -> None:
        self._run("INSERT OR IGNORE INTO processed_events VALUES (?, ?, ?)", (event_id, kind, text_time(at)))

    def is_processed(self, event_id: str) -> bool:
        with self._lock:
            found = self._connection.execute("SELECT 1 FROM processed_events WHERE event_id = ?", (event_id,))
            return found.fetchone() is not None

    def row(self, user_id: str) -> dict[str, object] | None:
        with self._lock:
            found = self._connection.execute("SELECT * FROM users WHERE id = ?", (user_id,)).fetchone()
        return None if found is None else dict(found)
