"""Random plans, changes by others in between, and undo: nothing unplanned is written, nothing twice, all can be taken back."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.office import Office
from tests.cli.program import Json

PEOPLE = ("PBF-099", "PBF-070", "PBF-080", "PBF-001", "PBF-072")
TIMES = 9


class Play:
    """Somebody at the command line, and others who change things behind their back."""

    def __init__(self, office: Office, seed: int) -> None:
        self.office, self.chance = office, random.Random(seed)
        self.people = [office.stage(rule) for rule in PEOPLE]
        self.wire = office.wires["test"]

    def state(self, person: Json) -> Json:
        """What every layer says of somebody, stamps of time left out."""
        user = self.wire.clerk(f"/users/{person['user_id']}")
        row = {name: value for name, value in self.wire.row(person["user_id"]).items() if name != "updated_at"}
        held = self.subscription(person)
        kept = ("status", "cancel_at", "cancel_at_period_end", "metadata")
        override = user["private_metadata"].get("planOverride") or {}
        plan = user["public_metadata"].get("plan", "free")
        return {"plan": plan, "override": override, "row": row, "stripe": {name: held[name] for name in kept} if held else None}

    def subscription(self, person: Json) -> Json | None:
        if not person["customer_id"]:
            return None
        rows = self.wire.stripe("/subscriptions", customer=person["customer_id"], status="all")["data"]
        return rows[0] if rows else None

    def command(self, person: Json) -> tuple[str, ...]:
        """Something to plan for somebody."""
        held = self.subscription(person)
        until = (datetime.now(UTC) + timedelta(days=9)).date().isoformat()
        wanted: list[tuple[str, ...]] = [
            ("resync", person["email"]),
            ("grant", person["email"], self.chance.choice(("starter", "pro")), "--until", until, "--reason", "x"),
        ]
        if held:
            wanted += [
                ("cancel", held["id"]),
                ("cancel", held["id"], "--undo"),
                ("relink", person["customer_id"], person["user_id"]),
            ]
        return self.chance.choice(wanted)

    def meddle(self, person: Json) -> None:
        """Somebody else changes something of theirs."""
        what = self.chance.randrange(3)
        if what == 0:
            users = self.office.sandbox.world.clerk("test").users
            users[person["user_id"]]["public_metadata"] |= {"plan": self.chance.choice(("free", "starter", "pro"))}
        elif what == 1:
            plan = self.chance.choice(("free", "starter", "pro"))
            self.office.execute("UPDATE users SET plan = ? WHERE id = ?", plan, person["user_id"])
        elif held := self.subscription(person):
            flag = str(not held["cancel_at_period_end"]).lower()
            self.wire.stripe(f"/subscriptions/{held['id']}", "POST", cancel_at_period_end=flag)
            self.wire.control("/settle", mode="test")


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_was_planned_and_can_be_taken_back(office: Office, seed: int) -> None:
    play, done = Play(office, seed), Counter[str]()
    for _ in range(TIMES):
        person = play.chance.choice(play.people)
        plan = office.program.ask(*play.command(person)).document
        meddled = play.chance.random() < 0.4
        if meddled:
            play.meddle(person)
        play.wire.control("/settle", mode="test")
        before = play.state(person)
        office.forget()
        ran = office.program.ask("apply", plan["plan_id"]) if not plan["refused"] else None
        sent = Counter(f"{one['method']} {one['path'].removeprefix('/clerk')}" for one in office.writes())
        if ran is None or ran.code in (4, 6):
            assert sent == Counter()
            assert play.state(person) == before
            done["refused"] += 1
            continue
        assert ran.code == 0
        planned = {step["call"] for step in plan["steps"] if step["state"] == "planned" and step["target"] != "database"}
        assert sent == Counter(planned)
        play.wire.control("/settle", mode="test")
        back = office.program.ask("audit", "--undo", plan["plan_id"], "--apply")
        play.wire.control("/settle", mode="test")
        assert back.code in (0, 6)
        done["taken back" if back.code == 0 else "not taken back"] += 1
        assert play.state(person) == before or back.document["refused"]
    assert office.program.journal.broken_at() is None
    assert done["refused"] >= 1 <= done["taken back"]
