"""What stands behind the `?` of a database URL, in the words of Prisma, of hosters and of other drivers."""

import pytest

from billing_tui.services.database_params import Tls
from billing_tui.services.database_url import read_url


@pytest.mark.parametrize(
    ("asks", "tls"),
    [
        ("", ""),
        ("charset=utf8mb4&parseTime=true", ""),
        ("ssl-mode=DISABLED", ""),
        ("ssl=false", ""),
        ("ssl-mode=REQUIRED", "required"),
        ("tls=skip-verify", "required"),
        ("sslaccept=accept_invalid_certs", "required"),
        ('ssl={"rejectUnauthorized": false}', "required"),
        ("sslaccept=strict", "checked"),
        ('ssl={"rejectUnauthorized":true}', "checked"),
        ("ssl-mode=VERIFY_CA&ssl-ca=/etc/ca.pem", "checked"),
        ("ssl_ca=/etc/ca.pem", "checked"),
        ("ssl=something-new", "checked"),
    ],
)
def test_encryption_that_is_asked_for_is_never_left_away(asks: str, tls: Tls) -> None:
    assert read_url(f"mysql://login:secret@host/app?{asks}").params.tls == tls


@pytest.mark.parametrize(
    ("asks", "kept"),
    [
        ("schema=public&connection_limit=1&pgbouncer=true", ""),
        ("sslmode=verify-full&sslrootcert=%2Fca.pem", "sslmode=verify-full&sslrootcert=%2Fca.pem"),
        ("ssl=true", "sslmode=require"),
        ("ssl=true&sslmode=disable", "sslmode=disable"),
        ("sslmode=no-verify", "sslmode=require"),
        ("workaround=supabase-pooler.vercel&application_name=x", "application_name=x"),
        ("options=-c%20search_path%3Dapp", "options=-c+search_path%3Dapp"),
    ],
)
def test_postgresqls_library_hears_what_it_knows(asks: str, kept: str) -> None:
    assert read_url(f"postgres://login:secret@host/app?{asks}").address.partition("?")[2] == kept
