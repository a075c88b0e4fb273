"""What a closed workspace leaves behind: nothing in flight, whatever it was in the middle of."""

import asyncio
from contextlib import aclosing
from pathlib import Path

import pytest

from billing_tui.model.problem import NotThere
from tests.cli.office import Office


async def test_a_refused_ticket_leaves_no_request_of_the_configuration_behind(office: Office, tmp_path: Path) -> None:
    """The prices hang; that the customer does not exist is known long before they would come."""
    workspace = office.window(tmp_path)
    with office.outage("stripe", "hang", "/v1/prices"):
        with pytest.raises(NotThere):
            async for _ in workspace.diagnose("cus_1NotThere"):
                pass
        await workspace.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_ticket_that_is_left_in_the_middle_leaves_nothing_behind(office: Office, tmp_path: Path) -> None:
    email = office.stage("PBF-054")["email"]
    workspace = office.window(tmp_path)
    with office.outage("stripe", "hang", "/v1/events"):
        async with aclosing(workspace.diagnose(email)) as diagnoses:
            async for held in diagnoses:
                assert not held.evidence.settled
                break
        await workspace.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_the_shared_configuration_is_asked_for_once_by_two_tickets(office: Office, tmp_path: Path) -> None:
    people = [office.stage("PBF-099")["email"] for _ in range(2)]
    workspace = office.window(tmp_path)
    office.forget()

    async def ticket(email: str) -> str | None:
        return [held async for held in workspace.diagnose(email)][-1].verdict.primary

    assert await asyncio.gather(*map(ticket, people)) == ["PBF-099", "PBF-099"]
    assert await ticket(people[0]) == "PBF-099"
    await workspace.close()
    assert len([one for one in office.seen() if one["path"] == "/v1/prices"]) == 1
