"""Nobody who pays and has it is called ill, in whatever shape their purchase is: no rule invents a cause."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from billing_tui.model.diagnosis import Diagnosis
from tests.cli.office import opened
from tests.diagnosis.lives import AFTER, BEFORE, LATER, PURCHASES
from tests.diagnosis.town import Subject, Town

SEED, COUNT = 7, 100
WINDOWS = 6
"""A window asks Clerk ten times a second at most; several together keep the test short."""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with opened(tmp_path_factory.mktemp("home")) as office:
        town = Town(office, random.Random(SEED))
        town.settle_in(COUNT, BEFORE, PURCHASES, AFTER, LATER)
        yield town


def asked_live(town: Town) -> list[Subject]:
    """Few people in whom every shape occurs at least once."""
    chosen: list[Subject] = []
    for place in range(3):
        for who in town.people:
            if who not in chosen and who.shape[place] not in {one.shape[place] for one in chosen}:
                chosen.append(who)
    return chosen


def ill(found: list[tuple[Subject, Diagnosis]]) -> list[tuple[object, ...]]:
    """Those of whom anything but health was said, with what."""
    return [
        (*who.shape, held.verdict.primary, held.verdict.also, held.expected_plan, held.verdict.headline)
        for who, held in found
        if (held.verdict.primary, held.expected_plan, held.verdict.exit_code) != ("PBF-099", who.tier, 0)
        or any(each.result == "match" and each.id != "PBF-099" for each in held.findings)
    ]


def test_every_shape_occurs(town: Town) -> None:
    for people in (town.people, asked_live(town)):
        assert [{who.shape[place] for who in people} for place in range(3)] == [set(BEFORE), set(PURCHASES), set(AFTER)]
    assert {who.tier for who in town.people} == {"starter", "pro", "enterprise"}


async def test_no_finding_is_invented_for_anybody_asked_live(town: Town, tmp_path: Path) -> None:
    async def ask(people: list[Subject], number: int) -> list[tuple[Subject, Diagnosis]]:
        window = town.office.window(tmp_path / str(number), "live")
        try:
            found = []
            for place, who in enumerate(people):
                query = who.names[(number + place) % len(who.names)]
                found.append((who, [held async for held in window.diagnose(query, so_far=False)][-1]))
            return found
        finally:
            await window.close()

    people = asked_live(town)
    found = await asyncio.gather(*(ask(people[number::WINDOWS], number) for number in range(WINDOWS)))
    assert ill([each for some in found for each in some]) == []


async def test_nor_for_anybody_whom_the_cache_knows(town: Town, tmp_path: Path) -> None:
    window = town.office.window(tmp_path, "live")
    found = []
    try:
        await window.sync()
        await window.survey()
        await window.warm()
        town.office.forget()
        for who in town.people:
            async for held in window.diagnose(who.customer["id"], warm=True):
                assert held.cost.from_cache
                found.append((who, held))
                break
    finally:
        await window.close()
    assert len(found) == COUNT
    assert ill(found) == []


def test_the_command_says_so_too_and_still_sees_who_is_not(town: Town) -> None:
    program, (well, other) = town.office.program, town.people[:2]
    ran = program.ask("diagnose", well.email, "--mode", "live")
    assert (ran.code, ran.primary) == (0, "PBF-099")
    other.user["public_metadata"] = {"plan": "free"}
    ran = program.ask("diagnose", other.email, "--mode", "live")
    assert (ran.code, ran.primary) == (1, "PBF-080")


@pytest.mark.parametrize("shape", ["one member", "two members", "trial", "ends later"])
def test_an_organization_that_pays_is_well_too(town: Town, shape: str) -> None:
    """Its members have nothing of their own; whoever asks is working in it."""
    office = town.office
    staged = office.stage("PBF-099")
    clerk, account = office.sandbox.world.clerk("test"), office.sandbox.world.stripe("test")
    held = clerk.add_organization(name=f"Choir of {shape}", public_metadata={"plan": "pro"})["id"]
    members = [staged["user_id"], *([clerk.add_user(email="second@choir.example")["id"]] if shape == "two members" else [])]
    for member in members:
        clerk.add_membership(held, member)
        clerk.add_session(member, last_active_organization_id=held)
        clerk.users[member]["public_metadata"] = {}
    (subscription,) = account.table("subscription").having("customer", staged["customer_id"])
    subscription["metadata"] = {"organizationId": held}
    subscription["status"] = "trialing" if shape == "trial" else "active"
    subscription["cancel_at_period_end"] = shape == "ends later"
    account.get("customer", staged["customer_id"])["metadata"] = {}
    office.execute("UPDATE users SET id = ? WHERE id = ?", held, staged["user_id"])
    scope = 'scope = "organization"\nuser_id_from = ["subscription.metadata.organizationId"]\n'
    config = office.program.configured(("[profiles.demo]\n", f"[profiles.demo]\n{scope}"))
    for query in (staged["email"], held, staged["customer_id"]):
        ran = office.program.ask("diagnose", query, "--config", str(config))
        assert (ran.code, ran.primary, ran.document["expected_plan"]) == (0, "PBF-099", "pro")
        assert ran.document["subject"]["organization_id"] == held
