"""`billing-tui drift`: whoever pays and lacks it, and nobody else."""

import csv
import io
from pathlib import Path

import pytest

from tests.cli.office import opened
from tests.cli.program import Json

DRIFTED = {
    "PBF-054": ("pro", "free", "free"),
    "PBF-080": ("pro", "free", "pro"),
    "PBF-030": (None, "free", "free"),
    "PBF-004": ("pro", "free", "free"),
}


def of(document: Json, staged: Json) -> Json | None:
    return next((held for held in document["drifted"] if held["customer_id"] == staged["customer_id"]), None)


@pytest.mark.parametrize("rule", DRIFTED)
def test_whoever_pays_and_lacks_it_is_in_the_list(tmp_path: Path, rule: str) -> None:
    with opened(tmp_path) as office:
        well, ill = office.stage("PBF-099"), office.stage(rule)
        ran = office.program.ask("drift")
        assert (ran.code, ran.err) == (1, "")
        assert of(ran.document, well) is None
        held = of(ran.document, ill)
        assert held
        assert (held["expected"], held["clerk"], held["database"]) == DRIFTED[rule]
        assert held["subject"] == ill["user_id"]
        assert office.writes() == []


def test_everybody_healthy_is_no_drift(tmp_path: Path) -> None:
    with opened(tmp_path, customers=40) as office:
        ran = office.program.ask("drift")
        assert (ran.code, ran.document["drifted"]) == (0, [])
        assert ran.document["schema"] == "billing-tui/drift/1"
        assert ran.document["checked"] > 20


def test_what_was_mended_is_gone_the_next_time(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        staged = office.stage("PBF-054")
        assert office.program.ask("drift").code == 1
        assert office.program.run("resync", staged["user_id"], "--apply").code == 0
        assert office.program.ask("drift").document["drifted"] == []


def test_a_change_of_this_moment_is_on_its_way(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        staged = office.stage("PBF-054")
        held = office.sandbox.world.stripe("test").table("subscription").having("customer", staged["customer_id"])[0]
        held["created"] = office.sandbox.world.stripe("test").now()
        assert of(office.program.ask("drift").document, staged) is None


@pytest.mark.parametrize(("slot", "code"), [("CLERK_KEY", 3), ("DATABASE_URL", 3)])
def test_a_layer_that_can_not_be_read_is_named_and_the_other_still_compared(tmp_path: Path, slot: str, code: int) -> None:
    with opened(tmp_path) as office:
        without: dict[str, str | None] = {f"BILLING_TUI_TEST_{slot}": None}
        ran = office.program.ask("drift", **without)
        assert ran.code == code
        assert ran.complaint
        staged = office.stage("PBF-054")
        held = of(office.program.ask("drift", **without).document, staged)
        assert held
        assert (held["clerk"], held["database"]) == ((None, "free") if slot == "CLERK_KEY" else ("free", None))


def test_it_is_told_in_groups_to_a_person_and_in_lines_to_a_spreadsheet(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        staged = office.stage("PBF-054")
        ran = office.program.run("drift")
        assert "Behind in Clerk and the database" in ran.out
        assert staged["email"] in ran.out
        (row,) = csv.DictReader(io.StringIO(office.program.run("drift", "--csv").out))
        assert (row["customer_id"], row["expected"], row["clerk"]) == (staged["customer_id"], "pro", "free")


def test_the_list_of_subscriptions_knows_it(tmp_path: Path) -> None:
    with opened(tmp_path) as office:
        staged = office.stage("PBF-080")
        office.program.run("sync")
        rows = office.program.ask("list", "subscriptions", "--filter", "drift:unknown").document["rows"]
        assert {held["drift"] for held in rows} == {None}
        office.program.run("drift")
        (row,) = office.program.ask("list", "subscriptions", "--filter", "drift:yes").document["rows"]
        assert (row["customer_id"], row["drift"], row["clerk"]) == (staged["customer_id"], "clerk", "free")
        assert all(
            held["drift"] == "" for held in office.program.ask("list", "subscriptions", "--filter", "drift:no").document["rows"]
        )
