"""Somebody whom the cache knows: shown from it before anybody is asked, and then confirmed by what is live."""

from pathlib import Path

from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import age_of
from billing_tui.workspace import Workspace
from tests.cli.office import Office
from tests.diagnosis.test_cost import ids_of


async def asked(window: Workspace, query: str) -> list[Diagnosis]:
    return [found async for found in window.diagnose(query, warm=True)]


async def test_the_first_answer_comes_from_the_cache_and_asks_nobody(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-072")
    window = office.window(tmp_path)
    try:
        await window.sync()
        office.forget()
        async for first in window.diagnose(staged["email"], warm=True):
            assert not office.seen()
            assert first.cost.from_cache
            assert not first.evidence.settled
            assert first.expected_plan == first.layers.stripe == "pro"
            assert age_of(first.evidence, "subscriptions") == window.shelf().synced_at
            break
    finally:
        await window.close()


async def test_every_way_to_name_somebody_finds_them_in_the_cache(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-072")
    window = office.window(tmp_path)
    try:
        await window.sync()
        for kind, query in ids_of(office, staged).items():
            first, *_ = await asked(window, query)
            # Numbers are on invoices and charges, which the cache leaves to Stripe.
            assert first.cost.from_cache == ("number" not in kind), kind
    finally:
        await window.close()


async def test_the_last_answer_rests_on_nothing_that_was_cached(office: Office, tmp_path: Path) -> None:
    staged = office.stage("PBF-072")
    window = office.window(tmp_path)
    try:
        await window.sync()
        last = (await asked(window, staged["email"]))[-1]
        assert last.verdict.primary == "PBF-072"
        assert last.evidence.settled
        assert not last.evidence.recalled
        assert not last.cost.from_cache
    finally:
        await window.close()


async def test_whom_the_cache_does_not_know_is_looked_up_as_ever(office: Office, tmp_path: Path) -> None:
    window = office.window(tmp_path)
    try:
        await window.sync()
        found = await asked(window, "nobody@nowhere.example")
        assert found[-1].evidence.settled
        assert not any(each.cost.from_cache for each in found)
    finally:
        await window.close()
