"""Somebody whom the cache knows: shown from it before anybody is asked, and then confirmed by what is live."""

from pathlib import Path

import pytest

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


async def surveyed(office: Office, state: Path) -> tuple[Workspace, str]:
    """A window whose cache knows somebody healthy in every layer, and who that is."""
    staged = office.stage("PBF-099")
    window = office.window(state)
    await window.sync()
    await window.survey()
    return window, staged["email"]


async def test_who_was_well_is_confirmed_by_three_reads_in_one_round_trip(office: Office, tmp_path: Path) -> None:
    window, email = await surveyed(office, tmp_path)
    try:
        await window.warm()
        office.forget()
        first, *_, last = await asked(window, email)
        assert (first.verdict.primary, last.verdict.primary) == ("PBF-099", "PBF-099")
        assert sorted(one["service"] for one in office.seen()) == ["clerk", "stripe"]
        assert (last.cost.stripe_requests, last.cost.clerk_requests, last.cost.database_queries) == (1, 1, 1)
        assert last.cost.sequential_round_trips == 1
        assert last.evidence.settled
        for piece in ("subscriptions", "users", "organization", "rows"):
            assert age_of(last.evidence, piece) is None
    finally:
        await window.close()


@pytest.mark.parametrize("layer", ["clerk", "database", "stripe"])
async def test_who_is_well_no_more_is_not_called_so(office: Office, tmp_path: Path, layer: str) -> None:
    window, email = await surveyed(office, tmp_path)
    try:
        user = office.sandbox.world.clerk("test").user_by_email(email)
        assert user is not None
        if layer == "clerk":
            user["public_metadata"] = {"plan": "free"}
        elif layer == "database":
            office.execute("UPDATE users SET plan = 'free' WHERE id = ?", user["id"])
        else:
            wire = office.wires["test"]
            customer = wire.stripe("/customers", email=email)["data"][0]["id"]
            held = wire.stripe("/subscriptions", customer=customer)["data"][0]["id"]
            with office.outage("app", "500"):
                wire.http.delete(
                    f"{office.sandbox.base}/v1/subscriptions/{held}",
                    headers={"Authorization": f"Bearer {office.sandbox.ready['stripe']['test_key']}"},
                )
        first, *_, last = await asked(window, email)
        assert first.verdict.primary == "PBF-099"
        assert last.verdict.primary != "PBF-099"
        assert last.evidence.settled
        assert not last.evidence.recalled
    finally:
        await window.close()


async def test_a_user_who_is_gone_is_not_remembered_as_there(office: Office, tmp_path: Path) -> None:
    window, email = await surveyed(office, tmp_path)
    try:
        user = office.sandbox.world.clerk("test").user_by_email(email)
        assert user is not None
        office.sandbox.world.clerk("test").users.pop(user["id"])
        last = (await asked(window, email))[-1]
        assert last.verdict.primary != "PBF-099"
    finally:
        await window.close()
