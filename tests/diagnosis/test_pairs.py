"""Two causes that befall one person are both named, the one further upstream first."""

import asyncio
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from billing_tui.diagnosis.rules import RULES as CATALOGUE
from billing_tui.model.diagnosis import Verdict
from billing_tui.sandbox.stages import OF_ENDPOINT, RULES
from billing_tui.sandbox.stages.cast import Person
from billing_tui.sandbox.stages.endpoint import repair
from tests.cli.office import Office
from tests.diagnosis.pairs import (
    APART_FROM_CATALOGUE,
    APART_FROM_ENDPOINT,
    IN_ONE_HANDLER,
    OF_CATALOGUE,
    WHOSE,
    Crossed,
    Pair,
    at_one_endpoint,
    behind,
    behind_endpoint,
    in_handler,
    of_endpoints,
    of_product,
    of_whom,
    with_product,
)

ORDER = [rule.id for rule in CATALOGUE]
WINDOWS = 4
"""A window asks Clerk ten times a second at most; several together keep the tests short."""


@pytest.fixture(scope="module")
def people() -> Iterator[Person]:
    return (Person("Pia", "Paar", f"pia{number}@paar.example") for number in count())


async def verdicts(office: Office, state: Path, scenes: list[Crossed]) -> list[Verdict]:
    """Everybody's, in order."""

    async def ask(number: int) -> list[Verdict]:
        window = office.window(state / str(number))
        try:
            mine = [scene.person.email for scene in scenes[number::WINDOWS]]
            return [[held async for held in window.diagnose(email, so_far=False)][-1].verdict for email in mine]
        finally:
            await window.close()

    parts = await asyncio.gather(*(ask(number) for number in range(WINDOWS)))
    return [parts[place % WINDOWS][place // WINDOWS] for place in range(len(scenes))]


def wrongly_named(pairs: list[Pair], found: list[Verdict]) -> list[tuple[object, ...]]:
    """The pairs of which one is not named, or not the one further upstream first; with what was said."""
    wrong: list[tuple[object, ...]] = []
    for pair, verdict in zip(pairs, found, strict=True):
        first, second = sorted(pair, key=ORDER.index)
        if verdict.primary != first or second not in (*verdict.also, *verdict.symptoms):
            wrong.append((first, second, verdict.primary, verdict.also, verdict.symptoms))
    return wrong


@pytest.mark.parametrize("endpoint", sorted(OF_ENDPOINT))
async def test_a_broken_endpoint_and_a_cause_upstream_of_it(
    office: Office, people: Iterator[Person], tmp_path: Path, endpoint: str
) -> None:
    office.stage(endpoint)
    scenes = [behind_endpoint(office.sandbox.world, "test", next(people), rule) for rule in behind()]
    office.wires["test"].control("/settle")
    found = await verdicts(office, tmp_path, scenes)
    assert wrongly_named([(rule, endpoint) for rule in behind()], found) == []
    # What the handler leaves undone behind a broken endpoint, or for somebody who is not there, is no cause of its own.
    assert [verdict for verdict in found if "PBF-060" in verdict.also and endpoint != "PBF-060"] == []


@pytest.mark.parametrize("pair", of_endpoints(), ids="+".join)
async def test_an_endpoint_broken_at_both_ends(office: Office, people: Iterator[Person], tmp_path: Path, pair: Pair) -> None:
    scene = at_one_endpoint(office.sandbox.world, "test", next(people), pair)
    office.wires["test"].control("/settle")
    assert wrongly_named([pair], await verdicts(office, tmp_path, [scene])) == []


async def test_a_secret_may_be_that_of_an_endpoint_switched_off(office: Office, people: Iterator[Person], tmp_path: Path) -> None:
    scene = at_one_endpoint(office.sandbox.world, "test", next(people), ("PBF-062", "PBF-051"))
    office.wires["test"].control("/settle")
    found = (await verdicts(office, tmp_path, [scene]))[0]
    assert (found.primary, found.confidence) == ("PBF-060", "low")
    assert "switched off" in found.detail


async def test_an_unreadable_product_and_a_cause_beside_it(office: Office, people: Iterator[Person], tmp_path: Path) -> None:
    repair(office.sandbox.world, "test")
    pairs = [(rule, product) for product in OF_CATALOGUE for rule in with_product()]
    scenes = [of_product(office.sandbox.world, "test", next(people), *pair) for pair in pairs]
    assert wrongly_named(pairs, await verdicts(office, tmp_path, scenes)) == []


async def test_who_somebody_is_and_what_became_of_their_purchase(
    office: Office, people: Iterator[Person], tmp_path: Path
) -> None:
    repair(office.sandbox.world, "test")
    scenes = [of_whom(office.sandbox.world, "test", next(people), *pair) for pair in WHOSE]
    found = await verdicts(office, tmp_path, scenes)
    assert wrongly_named(list(WHOSE), found) == []
    # What a handler could do for nobody says nothing of the handler.
    nobody = [found[place].also for place, pair in enumerate(WHOSE) if pair[0] in ("PBF-002", "PBF-004", "PBF-005")]
    assert [also for also in nobody if {"PBF-014", "PBF-022", "PBF-071"}.intersection(also)] == []


async def test_two_faults_of_one_handler(office: Office, people: Iterator[Person], tmp_path: Path) -> None:
    repair(office.sandbox.world, "test")
    scenes = [in_handler(office.sandbox.world, "test", next(people), *pair) for pair in IN_ONE_HANDLER]
    assert wrongly_named(list(IN_ONE_HANDLER), await verdicts(office, tmp_path, scenes)) == []


def test_every_stage_meets_the_others_or_there_is_a_reason() -> None:
    beside = set(RULES) - OF_ENDPOINT
    assert set(behind()) == beside - set(APART_FROM_ENDPOINT)
    assert set(with_product()) == beside - set(APART_FROM_CATALOGUE) - set(OF_CATALOGUE)
    assert set(APART_FROM_ENDPOINT) | set(APART_FROM_CATALOGUE) <= beside
    assert len(behind()) * len(OF_ENDPOINT) + len(with_product()) * len(OF_CATALOGUE) > 150
