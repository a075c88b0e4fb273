"""The whole first run by command, on an app whose tables are on a real server: found uncorrected, and a ticket read with it."""

import pytest

from billing_tui.sandbox.server import RunningSandbox
from tests.cli.program import Program
from tests.detection.apps import CLERK, CUSTOMERS, SUBSCRIPTIONS
from tests.peers.app_schemas import BETTER_AUTH, GUIDE, MARIADB, PAPERMARK, PLAINFORM, POSTGRES, SAAS_STARTER, TYPES, Schema
from tests.peers.database_servers import Book, Postgres, Server
from tests.peers.wire import Wire

pytestmark = pytest.mark.peer


def payer(stripe: Wire) -> tuple[str, str, str, str]:
    """Somebody who pays, by e-mail, user, customer and subscription."""
    for held in stripe.get("/v1/subscriptions", status="active", limit=100, expand=["data.customer"])["data"]:
        user = held["metadata"].get("userId", "")
        plan = held["items"]["data"][0]["price"]["lookup_key"] or ""
        if user.startswith("user_") and "pro" in plan:
            return held["customer"]["email"], user, held["customer"]["id"], held["id"]
    raise AssertionError("the sandbox has no payer")


def made(server: Server, schema: Schema, who: tuple[str, str, str, str]) -> Book:
    """The app's database, with that payer in it in place of the one that was made up."""
    pg = isinstance(server, Postgres)
    statements = [statement.format(**(POSTGRES if pg else MARIADB)) for statement in schema.statements]
    real = {CLERK[0]: who[1], CUSTOMERS[0]: who[2], SUBSCRIPTIONS[0]: who[3], "a@b.example": who[0]}
    for made_up, instead in (real | dict.fromkeys(schema.linked[:1], who[1])).items():
        statements = [statement.replace(made_up, instead) for statement in statements]
    return server.book(*(TYPES if pg else ()), *statements)


@pytest.mark.parametrize("schema", [PLAINFORM, GUIDE, SAAS_STARTER, BETTER_AUTH, PAPERMARK], ids=lambda schema: schema.name)
def test_it_is_found_and_read_without_a_correction(
    server: Server, sandbox: RunningSandbox, stripe: Wire, schema: Schema, tmp_path_factory: pytest.TempPathFactory
) -> None:
    who = payer(stripe)
    book = made(server, schema, who)
    program = Program(tmp_path_factory.mktemp("home"), sandbox)
    config = program.home / "found.toml"
    env = {"BILLING_TUI_CONFIG": str(config), "BILLING_TUI_TEST_DATABASE_URL": book.url()}
    env |= {name: "" for name in program.env if name.startswith("BILLING_TUI_LIVE_")}
    bases = [f"--set=stripe_api_base={sandbox.ready['stripe']['base']}", f"--set=clerk_api_base={sandbox.ready['clerk']['base']}"]
    ran = program.run("profile", "init", "--yes", *bases, **env)
    assert ran.code == 0, ran.err
    assert schema.expected
    assert f'table = "{schema.expected["table"]}"' in config.read_text(encoding="utf-8")
    found = program.ask("diagnose", who[0], "--no-probe", **env).document
    assert found["subject"]["user_id"] == who[1]
    assert found["layers"]["database"] == "pro"
