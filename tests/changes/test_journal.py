"""The journal's chain: whatever is altered, left out or put in between shows, and many may write at once."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from billing_tui.changes.journal import Journal
from billing_tui.model.change import Change, Step
from billing_tui.model.problem import OutOfReach


def change(plan_id: str = "0123456789ab", after: str = "pro") -> Change:
    step = Step(target="clerk", object="user_1", field="public_metadata.plan", before="free", after=after, call="PATCH /x")
    return Change(
        plan_id=plan_id,
        action="resync",
        profile="acme",
        mode="test",
        account="acct_1",
        at=datetime(2026, 11, 20, tzinfo=UTC),
        query="lena@kornfeld.example",
        subject="user_1",
        steps=(step,),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal of four entries."""
    journal = Journal(tmp_path / "state" / "audit.db")
    for phase in ("planned", "sending", "applied", "finished"):
        journal.note(change(), phase)
    return tmp_path / "state" / "audit.db"


def alter(path: Path, statement: str) -> None:
    connection = sqlite3.connect(path)
    try:
        assert connection.execute(statement).rowcount == 1
        connection.commit()
    finally:
        connection.close()


def test_an_untouched_chain_holds(path: Path) -> None:
    assert Journal(path).broken_at() is None
    assert [entry["phase"] for entry in Journal(path).entries()] == ["planned", "sending", "applied", "finished"]
    assert Journal(path).entries()[0]["body"]["steps"][0]["after"] == "pro"


@pytest.mark.parametrize("column", ["at", "who", "mode", "account", "subject", "customer_id", "phase", "plan_id", "hash"])
def test_an_altered_entry_is_found(path: Path, column: str) -> None:
    alter(path, "UPDATE entries SET phase = 'other' WHERE id = 2".replace("phase", column))
    assert Journal(path).broken_at() == 2


def test_an_altered_step_is_found(path: Path) -> None:
    alter(path, "UPDATE entries SET body = replace(body, '\"pro\"', '\"free\"') WHERE id = 3")
    assert Journal(path).broken_at() == 3


def test_a_missing_entry_is_found_at_the_one_after(path: Path) -> None:
    alter(path, "DELETE FROM entries WHERE id = 2")
    assert Journal(path).broken_at() == 3


def test_the_first_entry_cannot_be_taken_away(path: Path) -> None:
    alter(path, "DELETE FROM entries WHERE id = 1")
    assert Journal(path).broken_at() == 2


def test_writers_at_the_same_time_make_one_chain(path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: Journal(path).note(change(f"{number:012}"), "planned"), range(40)))
    assert len(Journal(path).entries()) == 44
    assert Journal(path).broken_at() is None


def test_it_is_open_to_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_a_journal_that_cannot_be_written_stops_whoever_is_about_to_write(tmp_path: Path) -> None:
    (tmp_path / "audit.db").mkdir()
    with pytest.raises(OutOfReach) as stopped:
        Journal(tmp_path / "audit.db").note(change(), "planned")
    assert stopped.value.code == "journal"


def test_there_is_nothing_to_read_before_the_first_write(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "audit.db")
    assert (journal.entries(), journal.broken_at()) == ([], None)
    assert not (tmp_path / "audit.db").exists()
