"""The guided run: somebody buys with its coupon, each hop is ticked, and all is as it was before; where it breaks, it says so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.office import Office, opened
from tests.cli.program import Json, Ran

QUICK = ("--timeout", "1")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as office:
        yield office


@contextmanager
def buyer(office: Office, *others: str) -> Iterator[list[str]]:
    """Somebody who buys with the code as soon as there is one; and before that others, for money."""
    said: list[str] = []
    over = threading.Event()
    live = office.wires["live"]

    def shop() -> None:
        while not over.wait(0.05):
            codes = [row["code"] for row in list(live.account.table("promotion_code")) if row["code"].startswith("FIRST")]
            if codes:
                for tier in others:
                    live.http.post(f"{office.sandbox.base}/app/live/buy", params={"tier": tier})
                answer = live.http.post(f"{office.sandbox.base}/app/live/buy", params={"code": codes[0]})
                said.append(answer.text)
                return

    thread = threading.Thread(target=shop)
    thread.start()
    try:
        yield said
    finally:
        over.set()
        thread.join()


def through(office: Office, *more: str) -> Ran:
    confirm = office.program.ask("golive", "--run").document["confirm"]
    return office.program.ask("golive", "--run", "--apply", "--confirm", confirm, *QUICK, *more)


def hops(document: Json) -> dict[str, str]:
    return {hop["name"]: hop["state"] for hop in document["hops"]}


def test_it_goes_from_the_coupon_to_the_plan_and_back(office: Office) -> None:
    live = office.wires["live"]
    before = {kind: live.stripe(f"/{kind}", limit=100)["data"] for kind in ("coupons", "products", "webhook_endpoints")}
    with buyer(office, "starter") as said:
        ran = through(office)
    assert ran.code == 0, ran.out
    assert "has bought pro with FIRST" in said[0]
    assert set(hops(ran.document).values()) == {"done"}
    assert all(hop["at"] for hop in ran.document["hops"])
    subscription = live.stripe("/subscriptions", customer=ran.document["customer"], status="all")["data"][0]
    assert subscription["status"] == "canceled"
    assert {kind: live.stripe(f"/{kind}", limit=100)["data"] for kind in before} == before
    assert len(live.stripe("/subscriptions", limit=100, status="active")["data"]) >= 1  # the other's, who paid
    checks = {held["id"]: held for held in office.program.ask("golive").document["checks"]}
    assert checks["GL-44"]["state"] == "pass"
    actions = [entry["action"] for entry in office.program.ask("audit").document["entries"]]
    assert actions == ["remove coupon", "cancel", "resend", "open portal", "first coupon"]


def test_where_clerk_is_not_told_it_stops_there(office: Office) -> None:
    app = office.sandbox.world.app("live")

    class Everybody(set[str]):
        def __contains__(self, _: object) -> bool:
            return True

    app.faults.skip_clerk = Everybody()
    with buyer(office):
        ran = through(office, "--arrival", "2")
    assert ran.code == 1
    states = hops(ran.document)
    assert (states["delivery"], states["clerk"], states["database"]) == ("done", "broken", "done")
    assert {states[name] for name in ("portal", "again", "cancel", "free", "removed")} == {"to come"}
    assert ran.document["customer"].startswith("cus_")


def test_nobody_buys(office: Office) -> None:
    ran = through(office, "--wait", "0")
    assert ran.code == 1
    assert hops(ran.document)["checkout"] == "broken"
    assert ran.document["customer"] is None
    text = office.program.run("golive", "--run").out
    assert "makes a coupon of 100 %" in text


def test_without_the_word_nothing_is_written(office: Office) -> None:
    office.forget()
    assert office.program.ask("golive", "--run", "--apply", "--confirm", "no").code == 6
    assert office.program.ask("golive", "--run", "--apply", "--read-only", "--confirm", "no").code == 6
    assert office.writes() == []
    assert office.program.ask("golive", "--run", "GL-04").code == 2
