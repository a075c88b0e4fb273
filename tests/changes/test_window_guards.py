"""The guards of a window that stays open: each holds by itself, whatever the screen or command before it forgot to ask."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from billing_tui.model.change import Wanted
from billing_tui.model.problem import Refused
from billing_tui.workspace import Workspace
from tests.changes.test_resync import both_plans
from tests.cli.office import Office


@pytest.fixture
async def window(office: Office, tmp_path: Path) -> AsyncIterator[Workspace]:
    workspace = office.window(tmp_path, "live")
    yield workspace
    await workspace.close()


async def refused(workspace: Workspace, email: str, confirm: str | None) -> str:
    """The code of the refusal; `confirm` None types what the plan asks for."""
    plan = await workspace.plan(Wanted(action="resync", query=email))
    with pytest.raises(Refused) as stopped:
        async for _ in workspace.apply(plan, plan.confirm if confirm is None else confirm):
            pass
    return stopped.value.code


async def test_live_mode_opens_locked_and_writes_nothing_then(office: Office, window: Workspace) -> None:
    staged = office.stage("PBF-070", "live")
    office.forget()
    assert await refused(window, staged["email"], None) == "locked"
    assert office.writes() == []
    assert both_plans(office, staged) == ("free", "free")


@pytest.mark.parametrize("confirm", ["", "nope"])
async def test_unlocked_it_still_wants_the_text_typed(office: Office, window: Workspace, confirm: str) -> None:
    staged = office.stage("PBF-070", "live")
    window.unlock()
    office.forget()
    assert await refused(window, staged["email"], confirm) == "unconfirmed"
    assert office.writes() == []
    assert both_plans(office, staged) == ("free", "free")


async def test_unlocked_and_confirmed_it_writes(office: Office, window: Workspace) -> None:
    staged = office.stage("PBF-070", "live")
    window.unlock()
    plan = await window.plan(Wanted(action="resync", query=staged["email"]))
    ends = [held async for held in window.apply(plan, plan.confirm)]
    assert ends[-1].applied
    assert not ends[-1].failed
    assert both_plans(office, staged) == ("pro", "pro")


async def test_locked_again_it_writes_nothing(office: Office, window: Workspace) -> None:
    staged = office.stage("PBF-070", "live")
    window.unlock()
    window.lock()
    assert await refused(window, staged["email"], None) == "locked"


async def test_a_read_only_window_cannot_be_unlocked(office: Office, tmp_path: Path) -> None:
    workspace = office.window(tmp_path, "live", read_only=True)
    try:
        with pytest.raises(Refused):
            workspace.unlock()
    finally:
        await workspace.close()
