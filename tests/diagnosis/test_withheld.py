"""Evidence that can't be had: the verdict stays right or turns unknown; it never turns wrong, and never says that all is well."""

from itertools import combinations
from pathlib import Path

import pytest
from msgspec import structs

from billing_tui.diagnosis.diagnose import conclude
from billing_tui.model.diagnosis import Diagnosis
from billing_tui.model.evidence import Cost, Evidence, Gap, Why
from billing_tui.sandbox.stages import RULES
from tests.cli.office import Office, opened

PIECES = ("customers", "sessions", "charges", "events", "undelivered", "users", "rows", "ledger", "probes", "clerk_sessions")
SHARED = ("account", "prices", "products", "endpoints", "destinations", "templates", "instance", "domains")
WHYS = {Why.FAILED: 5, Why.REFUSED: 3, Why.BROKEN: 2}
# Lists that come back empty although they should not: what is left must not be taken for another cause.
EMPTIED = ("events", "undelivered", "users", "sessions")
# Stripe's v2 is not to be had everywhere: without it the app's own failing is all that shows.
OPTIONAL = {("PBF-053", "destinations")}
# Who paid is well in both: without these nobody sees who complains, or that a second endpoint exists for nothing.
WELL_OTHERWISE = {("PBF-006", "users"), ("PBF-062", "events"), ("PBF-062", "undelivered")}


def gap(what: str, why: Why) -> Gap:
    return Gap(what=what, why=why, message=f"The {what} could not be read.", exit_code=WHYS[why])


def without(evidence: Evidence, names: tuple[str, ...], why: Why) -> Evidence:
    """The same evidence as it would be if these had not come."""
    for name in names:
        held = gap(name, why)
        if name in SHARED:
            evidence = structs.replace(evidence, configuration=structs.replace(evidence.configuration, **{name: held}))
        elif name == "subscriptions":
            evidence = structs.replace(evidence, subscriptions=dict.fromkeys(evidence.subscriptions, held))
        else:
            evidence = structs.replace(evidence, **{name: held})
        if name == "users":
            evidence = structs.replace(evidence, linked=dict.fromkeys(evidence.linked, held))
    return evidence


async def settled(office: Office, query: str, state: Path) -> Diagnosis:
    window = office.window(state)
    try:
        return [found async for found in window.diagnose(query, so_far=False)][-1]
    finally:
        await window.close()


@pytest.mark.parametrize("rule", sorted(RULES))
async def test_a_verdict_without_some_of_its_evidence_is_the_same_or_none(tmp_path: Path, rule: str) -> None:
    with opened(tmp_path, customers=2) as office:
        found = await settled(office, office.stage(rule)["email"], tmp_path / "state")
    assert found.verdict.primary == rule
    every = tuple(name for name in (*PIECES, "subscriptions", *SHARED) if (rule, name) not in OPTIONAL)
    for size in (1, 2):
        for names in combinations(every, size):
            for why in WHYS:
                verdict = conclude(without(found.evidence, names, why), Cost()).verdict
                assert verdict.primary in (rule, None), (names, why, verdict.headline)
                assert verdict.exit_code != 0 or rule == "PBF-099"


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"PBF-099"}))
async def test_a_list_that_comes_back_empty_makes_nobody_healthy(tmp_path: Path, rule: str) -> None:
    with opened(tmp_path, customers=2) as office:
        found = await settled(office, office.stage(rule)["email"], tmp_path / "state")
    for name in EMPTIED:
        held = getattr(found.evidence, name)
        if isinstance(held, Gap) or (rule, name) in WELL_OTHERWISE:
            continue
        verdict = conclude(structs.replace(found.evidence, **{name: type(held)()}), Cost()).verdict
        assert verdict.primary != "PBF-099", name
