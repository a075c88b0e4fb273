"""What is counted of real tickets, and that neither a damaged file nor a full disk is noticed by one."""

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.model.trend import Cause, Trend
from billing_tui.workspace import Workspace
from tests.cli.office import Office, opened


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with opened(tmp_path_factory.mktemp("home")) as office:
        yield office


async def ask(window: Workspace, *queries: str) -> None:
    for query in queries:
        assert [found async for found in window.diagnose(query, warm=True)][-1].evidence.settled
    await window.close()


def trend(office: Office, state: Path) -> Trend:
    return office.window(state).trend()


def counted(found: Trend) -> dict[str, int]:
    return {cause.rule: cause.count for cause in found.causes}


async def test_the_tickets_of_a_window_are_counted_however_they_were_named(office: Office, tmp_path: Path) -> None:
    lena, other, well = office.stage("PBF-072"), office.stage("PBF-072"), office.stage("PBF-099")
    queries = [lena["email"], lena["customer_id"], lena["user_id"], lena["email"].upper(), other["email"], well["email"]]
    await ask(office.window(tmp_path), *queries)
    found = trend(office, tmp_path)
    name = "Idempotency marker swallowed the retry"
    assert found == Trend(days=30, causes=(Cause(rule="PBF-072", name=name, count=2),), healthy=1)
    assert found.tickets == 3


async def test_what_is_mended_counts_as_both(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-080")
    await ask(office.window(tmp_path), staged["email"])
    user = office.sandbox.world.clerk("test").users[staged["user_id"]]
    user["public_metadata"] = {"plan": "pro"}
    await ask(office.window(tmp_path), staged["email"])
    found = trend(office, tmp_path)
    assert (counted(found), found.healthy) == ({"PBF-080": 1}, 1)


async def test_nothing_is_counted_of_nobody_nor_without_a_verdict(office: Office, tmp_path: Path) -> None:
    await ask(office.window(tmp_path), "nobody@nowhere.example")
    staged = office.stage("PBF-099")
    with office.outage("clerk", "html"):
        await ask(office.window(tmp_path), staged["email"])
    assert trend(office, tmp_path) == Trend(days=30)
    assert not (tmp_path / "statistics.db").exists()


async def test_an_answer_from_the_cache_is_not_counted_before_it_is_confirmed(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-072")
    window = office.window(tmp_path)
    await window.sync()
    async for first in window.diagnose(staged["email"], warm=True):
        assert first.cost.from_cache
        break
    await window.close()
    assert trend(office, tmp_path).tickets == 0


def test_the_command_counts_too_and_in_a_file_without_names(office: Office) -> None:
    staged = office.stage("PBF-070")
    for _ in range(2):
        assert office.program.ask("diagnose", staged["email"]).primary == "PBF-070"
    state = office.program.home / "state/billing-tui"
    assert counted(trend(office, state)) == {"PBF-070": 1}
    held = (state / "statistics.db").read_bytes()
    told = [staged["email"], staged["user_id"], staged["customer_id"], office.wires["test"].account.number]
    assert [word for word in told if word.encode() in held] == []


@pytest.mark.parametrize("content", [b"no database at all, " * 500, b"SQLite format 3\0" + b"\xff" * 8000])
async def test_a_damaged_file_is_put_aside_and_begun_anew(
    office: Office, tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "statistics.db"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        await ask(office.window(tmp_path), *[office.stage("PBF-080")["email"] for _ in range(2)])
    assert counted(trend(office, tmp_path)) == {"PBF-080": 2}
    assert (tmp_path / "statistics.db.damaged").read_bytes() == content
    assert [record.message for record in caplog.records if "statistics" in record.message] != []
    assert len([record for record in caplog.records if "statistics" in record.message]) == 1


async def test_a_place_that_cannot_be_used_is_said_once_and_hurts_nobody(
    office: Office, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "statistics.db").mkdir()
    window = office.window(tmp_path)
    with caplog.at_level(logging.WARNING):
        await ask(window, *[office.stage("PBF-080")["email"] for _ in range(2)])
    assert window.trend() == Trend(days=30)
    assert len([record for record in caplog.records if "statistics" in record.message]) == 1


def test_a_full_disk_hurts_no_ticket(office: Office) -> None:
    """No file of the process may grow beyond three pages: whatever it keeps fails as on a full disk.

    It must not write bytecode, which would be cut off as well, and stay.
    """
    staged = office.stage("PBF-080")
    home = office.program.home / "full"
    places = {f"XDG_{name}_HOME": str(home / name) for name in ("STATE", "CACHE", "DATA")}
    program = (
        "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (15_000, 15_000))\n"
        f"sys.argv = ['billing-tui', 'diagnose', '{staged['email']}', '--json']\n"
        "from billing_tui.cli.main import main\nmain()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **office.program.env, **places, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert '"primary": "PBF-080"' in ended.stdout
    assert (ended.returncode, ended.stderr) == (1, "")
    assert trend(office, home / "STATE/billing-tui").tickets == 0
    (log,) = home.rglob("billing-tui.log")
    assert "The statistics can't be kept" in log.read_text()
