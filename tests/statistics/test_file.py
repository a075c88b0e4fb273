"""The statistics' file: what is counted once, what is compared with what, and that nobody can be read out of it."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from billing_tui.statistics.file import Newer, count_ticket, counts

DAY = date(2026, 11, 20)
HERE, LIVE = ("acme", "test"), ("acme", "live")
WRONG, WELL = ("PBF-054", True), ("PBF-099", False)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "statistics.db"


def rows(path: Path, select: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as database:
        return database.execute(select).fetchall()


def test_a_ticket_counts_once_a_day_for_each_cause(path: Path) -> None:
    for _ in range(10):
        count_ticket(path, DAY, HERE, WRONG, "user_1")
    count_ticket(path, DAY, HERE, WELL, "user_1")
    count_ticket(path, DAY, HERE, WRONG, "user_2")
    assert counts(path, DAY, 30, HERE) == {"PBF-054": (2, 0), "PBF-099": (1, 0)}
    count_ticket(path, DAY + timedelta(days=1), HERE, WRONG, "user_1")
    assert counts(path, DAY + timedelta(days=1), 30, HERE)["PBF-054"] == (3, 0)


def test_each_profile_and_mode_has_its_own(path: Path) -> None:
    count_ticket(path, DAY, HERE, WRONG, "user_1")
    count_ticket(path, DAY, LIVE, WRONG, "user_1")
    count_ticket(path, DAY, ("other", "test"), WRONG, "user_1")
    assert [counts(path, DAY, 30, where) for where in (HERE, LIVE, ("none", "test"))] == [
        {"PBF-054": (1, 0)},
        {"PBF-054": (1, 0)},
        {},
    ]


@pytest.mark.parametrize(("ago", "expected"), [(0, (1, 0)), (29, (1, 0)), (30, (0, 1)), (59, (0, 1)), (60, None), (-1, None)])
def test_thirty_days_are_compared_with_the_thirty_before(path: Path, ago: int, expected: tuple[int, int] | None) -> None:
    count_ticket(path, DAY - timedelta(days=ago), HERE, WRONG, "user_1")
    assert counts(path, DAY, 30, HERE).get("PBF-054") == expected


def test_a_day_that_is_over_leaves_numbers_alone(path: Path) -> None:
    """Neither who was asked about, nor the salt and the hashes by which somebody could be guessed."""
    count_ticket(path, DAY, HERE, WRONG, "lena@kornfeld.example")
    ((_, salt),) = rows(path, "select * from today")
    ((hashed,),) = rows(path, "select * from asked")
    assert isinstance(salt, bytes)
    assert isinstance(hashed, bytes)
    assert b"kornfeld" not in path.read_bytes()
    assert salt in path.read_bytes()
    assert counts(path, DAY + timedelta(days=1), 30, HERE) == {"PBF-054": (1, 0)}
    left = path.read_bytes()
    assert salt not in left
    assert hashed not in left
    assert rows(path, "select * from asked") == []
    assert rows(path, "select * from causes") == [("2026-11-20", "acme", "test", "PBF-054", 1, 1)]


def test_two_days_hash_the_same_ticket_differently(path: Path) -> None:
    seen = set()
    for later in range(3):
        count_ticket(path, DAY + timedelta(days=later), HERE, WRONG, "user_1")
        seen.add(rows(path, "select * from asked")[0])
    assert len(seen) == 3


def test_years_later_it_is_forgotten(path: Path) -> None:
    count_ticket(path, DAY, HERE, WRONG, "user_1")
    count_ticket(path, DAY + timedelta(days=800), HERE, WRONG, "user_1")
    assert len(rows(path, "select * from causes")) == 1


def test_only_its_owner_can_read_it(path: Path) -> None:
    count_ticket(path, DAY, HERE, WRONG, "user_1")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in path.parent.iterdir()] == ["statistics.db"]


def test_asking_makes_no_file(path: Path) -> None:
    assert counts(path, DAY, 30, HERE) == {}
    assert not path.parent.exists()


def test_many_windows_may_count_at_once(path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda number: count_ticket(path, DAY, HERE, WRONG, f"user_{number % 10}"), range(40)))
    assert counts(path, DAY, 30, HERE) == {"PBF-054": (10, 0)}


def test_a_later_version_s_file_is_left_alone(path: Path) -> None:
    count_ticket(path, DAY, HERE, WRONG, "user_1")
    with closing(sqlite3.connect(path)) as database:
        database.execute("pragma user_version = 9")
    before = path.read_bytes()
    with pytest.raises(Newer):
        count_ticket(path, DAY, HERE, WRONG, "user_2")
    assert path.read_bytes() == before
