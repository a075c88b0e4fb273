"""How servers that speak MySQL are told what a connection may do: each as it understands, none so that it stumbles."""

import pytest

from billing_tui.services.database_limits import mysql_settings

READ_ONLY = "SET SESSION TRANSACTION READ ONLY"


@pytest.mark.parametrize(
    ("server", "limit", "read_only"),
    [
        ("5.5.5-10.11.6-MariaDB-0+deb12u1", "max_statement_time = 2.5", True),
        ("8.0.36", "max_execution_time = 2500", True),
        ("5.6.51-log", "", True),
        ("8.0.11-TiDB-v7.5.1", "max_execution_time = 2500", False),
        ("8.0.30-Vitess", "", False),
    ],
)
def test_each_is_told_what_it_understands(server: str, limit: str, read_only: bool) -> None:
    told = mysql_settings(server, 2.5, 1.0, write=False)
    assert (READ_ONLY in told) is read_only
    assert [limit in one for one in told if "max_" in one] == ([True] if limit else [])
    assert told[0] == "SET SESSION time_zone = '+00:00'"
    assert READ_ONLY not in mysql_settings(server, 2.5, 1.0, write=True)
