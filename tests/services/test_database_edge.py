"""Databases at the edge before a driver is loaded: how they are written, and what is said where one is missing."""

from pathlib import Path

import pytest

from billing_tui.model.problem import BadUsage
from billing_tui.services.database_url import read_url
from tests.cli.program import Program


@pytest.mark.parametrize(
    ("address", "extra"), [("d1://account:token@database", "d1"), ("libsql://db.example?authToken=x", "libsql")]
)
def test_without_its_package_the_extra_is_named(tmp_path: Path, address: str, extra: str) -> None:
    """In a process of its own: what other tests have loaded here does not count."""
    (tmp_path / "config.toml").write_text("[profiles.acme.test]\n", encoding="utf-8")
    named = {"BILLING_TUI_CONFIG": str(tmp_path / "config.toml"), "BILLING_TUI_TEST_DATABASE_URL": address}
    ran = Program(tmp_path).as_process("keys", "check", "database_url", **named, PYTHONPATH=str(Path(__file__).parents[2]))
    assert ran.code == 2
    assert f"billing-tui[{extra}]" in ran.out + ran.err


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("libsql://db.example?tls=0&authToken=x", "in the clear"),
        ("d1://database", "which D1 database"),
        ("libsql://[", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_meant_is_refused(address: str, says: str) -> None:
    with pytest.raises(BadUsage, match=says):
        read_url(address)


def test_a_local_file_of_libsql_is_one_of_sqlite() -> None:
    assert read_url("sqlite+libsql:///app.db").file == "app.db"
