"""Killed at any step boundary: nothing happens twice, the journal is true, and what is open is looked up, not sent again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from billing_tui.changes.history import told
from billing_tui.changes.journal import Journal
from billing_tui.changes.locks import alone
from billing_tui.model.change import Change, Wanted
from billing_tui.model.problem import Refused
from tests.changes.test_resync import both_plans
from tests.cli.office import Office
from tests.cli.program import Json

ROOT = Path(__file__).parents[2]
STEPS = {  # after this many entries: what the journal says then, and what each layer holds
    1: ("not sent", {}),
    2: ("under way", {"clerk": "failed", "database": "skipped"}),
    3: ("under way", {"clerk": "verified", "database": "skipped"}),
    4: ("under way", {"clerk": "verified", "database": "failed"}),
    5: ("under way", {"clerk": "verified", "database": "verified"}),
    6: ("under way", {"clerk": "verified", "database": "verified"}),
    7: ("under way", {"clerk": "verified", "database": "verified"}),
    8: ("verified", {}),
}


def started(office: Office, state: Path, last: int, *arguments: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, **office.program.env, "PYTHONPATH": str(ROOT), "XDG_STATE_HOME": str(state)}
    command = [sys.executable, "-m", "tests.changes.killed", str(last), *arguments]
    return subprocess.Popen(command, env=env, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def journal(state: Path) -> Journal:
    return Journal(state / "billing-tui/audit.db")


def outcome(state: Path) -> str:
    """How the journal says that its one plan ended."""
    (one,) = told(journal(state).entries())
    return one.outcome


def looked_up(office: Office, state: Path) -> list[Change]:
    async def reconciled() -> list[Change]:
        workspace = office.window(state / "billing-tui")
        try:
            return await workspace.reconcile()
        finally:
            await workspace.close()

    return asyncio.run(reconciled())


def test_at_every_boundary_the_journal_is_true_and_nothing_happens_twice(office: Office, tmp_path: Path) -> None:
    staged: dict[int, Json] = {last: office.stage("PBF-070") for last in STEPS}
    office.forget()
    runs = [started(office, tmp_path / str(last), last, "resync", held["email"], "--apply") for last, held in staged.items()]
    assert [run.wait(60) for run in runs] == [-signal.SIGKILL] * len(STEPS)
    for last, (said, layers) in STEPS.items():
        state = tmp_path / str(last)
        assert (last, outcome(state)) == (last, said)
        states = {step.target: step.state for change in looked_up(office, state) for step in change.steps}
        assert (last, states) == (last, layers)
        assert looked_up(office, state) == []
        assert journal(state).broken_at() is None
    for held in staged.values():
        office.program.ask("resync", held["email"], "--apply")
        assert both_plans(office, held) == ("pro", "pro")
    assert max(Counter(one["path"] for one in office.writes()).values()) == 1


def test_what_a_living_window_is_writing_is_not_looked_up(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-070")
    assert started(office, tmp_path, 2, "resync", staged["email"], "--apply").wait(60) == -signal.SIGKILL
    with alone(tmp_path / "billing-tui/locks", f"demo test {staged['user_id']}"):
        assert looked_up(office, tmp_path) == []
        ran = office.program.ask("resync", staged["email"], "--apply", XDG_STATE_HOME=str(tmp_path))
    assert (ran.code, ran.document["error"]["code"]) == (6, "busy")
    assert len(looked_up(office, tmp_path)) == 1


def test_a_cancellation_that_was_sent_is_found_to_have_happened(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-099")
    name = office.wires["test"].stripe("/subscriptions", customer=staged["customer_id"])["data"][0]["id"]
    assert started(office, tmp_path, 3, "cancel", name, "--now", "--apply").wait(60) == -signal.SIGKILL
    (change,) = looked_up(office, tmp_path)
    assert [step.state for step in change.steps] == ["verified"]
    assert outcome(tmp_path) == "verified"


async def test_two_windows_do_not_write_for_one_person_at_once(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-070")
    first, second = (office.window(tmp_path) for _ in range(2))
    try:
        plans = [await one.plan(Wanted(action="resync", query=staged["email"])) for one in (first, second)]
        running = first.apply(plans[0], "")
        await anext(running)
        with pytest.raises(Refused) as stopped:
            async for _ in second.apply(plans[1], ""):
                pass
        assert stopped.value.code == "busy"
        assert [held async for held in running][-1].applied
    finally:
        await first.close()
        await second.close()


CHANGES = {
    "fix product": ("PBF-099", ("fix", "product", "{product}", "--plan", "starter")),
    "fix endpoint": ("PBF-099", ("fix", "endpoint", "{endpoint}", "--disable")),
    "undo": ("PBF-099", ("audit", "--undo", "{entry}")),
    "grant": ("PBF-001", ("grant", "{email}", "pro", "--until", "{day}", "--reason", "x")),
    "relink": ("PBF-002", ("relink", "{customer_id}", "{user_id}")),
    "cancel": ("PBF-099", ("cancel", "{subscription}")),
}
AFTERWARDS = {"verified": "unchanged", "failed": "verified", "skipped": "verified"}


def one_of_their_own(office: Office, change: str, staged: Json, state: Path) -> Json:
    """What a change needs beside a person, so that no two runs write to one thing."""
    wire = office.wires["test"]
    if change == "fix product":
        return {"product": wire.stripe("/products", "POST", name="Choir")["id"]}
    if change == "fix endpoint":
        made = {"url": f"{wire.webhook_url}?{state.name}", "enabled_events[0]": "charge.failed"}
        return {"endpoint": wire.stripe("/webhook_endpoints", "POST", **made)["id"]}
    if change not in ("cancel", "undo"):
        return {}
    held = wire.stripe("/subscriptions", customer=staged["customer_id"])["data"][0]["id"]
    if change == "undo":
        assert office.program.ask("cancel", held, "--apply", XDG_STATE_HOME=str(state)).code == 0
    return {"subscription": held, "entry": "1"}


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_killed_anywhere_is_told_truly_and_can_be_finished(office: Office, tmp_path: Path, change: str) -> None:
    """The same command again does what is left; where all is done it has nothing to do, or says so."""
    rule, words = CHANGES[change]
    wanted: list[tuple[int, Path, tuple[str, ...]]] = []
    for last in range(1, 9):
        staged = office.stage(rule)
        facts = staged | {"day": (datetime.now(UTC) + timedelta(days=9)).date().isoformat()}
        facts |= one_of_their_own(office, change, staged, tmp_path / str(last))
        wanted.append((last, tmp_path / str(last), tuple(word.format(**facts) for word in words)))
    office.forget()
    runs = [(started(office, state, last, *said, "--apply"), state, said) for last, state, said in wanted]
    ended = [run.wait(60) for run, _, _ in runs]
    assert ended[0] == -signal.SIGKILL
    assert set(ended) <= {-signal.SIGKILL, 0}
    for _, state, said in runs:
        before = {step.field: step.state for one in looked_up(office, state) for step in one.steps}
        assert set(before.values()) <= {"verified", "failed", "skipped"}
        finished = office.program.ask(*said, "--apply", XDG_STATE_HOME=str(state))
        assert finished.code == 0 or finished.document["refused"]
        for step in finished.document["steps"]:
            # What had been found written needs no second writing; what had not is written now.
            then = AFTERWARDS.get(before.get(step["field"], ""), step["state"])
            assert step["state"] == then or step["field"].endswith("updated_at")
    assert max(Counter(f"{one['method']} {one['path']}" for one in office.writes()).values()) == 1
