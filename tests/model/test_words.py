"""Money, moments and the line that somebody pasted."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing_tui.model.moment import ago, day, from_unix, from_unix_ms, rfc3339
from billing_tui.model.money import money
from billing_tui.model.query import Kind, understand

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (2900, "usd", "$29.00"),
        (5, "usd", "$0.05"),
        (0, "eur", "€0.00"),
        (-2950, "EUR", "-€29.50"),
        (123456789, "gbp", "£1,234,567.89"),
        (2900, "jpy", "¥2,900"),
        (2900, "krw", "KRW 2,900"),
        (2900, "kwd", "KWD 2.900"),
        (2905, "chf", "CHF 29.05"),
    ],
)
def test_money_is_written_in_its_currency_s_own_unit(amount: int, currency: str, text: str) -> None:
    assert money(amount, currency) == text


@given(st.integers(min_value=-(10**15), max_value=10**15), st.sampled_from(["usd", "jpy", "kwd", "chf"]))
def test_no_cent_is_lost_in_writing_it(amount: int, currency: str) -> None:
    digits = "".join(letter for letter in money(amount, currency) if letter.isdigit())
    assert int(digits) == abs(amount)


@pytest.mark.parametrize(
    ("past", "words"),
    [
        (timedelta(0), "just now"),
        (timedelta(seconds=44), "just now"),
        (timedelta(seconds=50), "1 minute ago"),
        (timedelta(minutes=20), "20 minutes ago"),
        (timedelta(minutes=31), "31 minutes ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=47), "47 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=59), "59 days ago"),
        (timedelta(days=70), "on 11 Sep 2026"),
        (timedelta(days=-3), "on 23 Nov 2026"),
    ],
)
def test_how_long_ago_is_said_in_words(past: timedelta, words: str) -> None:
    assert ago(NOW - past, NOW) == words


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_every_age_has_words(past: timedelta) -> None:
    words = ago(NOW - past, NOW)
    assert words == "just now" or words.endswith(" ago") or words.startswith("on ")
    assert not words.startswith("0")


@given(st.integers() | st.floats(allow_nan=False))
def test_any_number_on_the_wire_is_some_moment(seconds: float) -> None:
    assert from_unix(seconds).tzinfo is not None


def test_moments_are_utc_and_whole_seconds_outside() -> None:
    assert rfc3339(from_unix(1_766_188_800)) == "2025-12-20T00:00:00Z"
    assert from_unix_ms(1_766_188_800_000) == from_unix(1_766_188_800)
    assert day(from_unix(1_766_188_800)) == "20 Dec 2025"


@pytest.mark.parametrize(
    ("pasted", "kind", "text"),
    [
        ("lena@kornfeld.example", Kind.EMAIL, "lena@kornfeld.example"),
        ("  Lena@Kornfeld.example\n", Kind.EMAIL, "Lena@Kornfeld.example"),
        ("Lena Kornfeld <lena@kornfeld.example>", Kind.EMAIL, "lena@kornfeld.example"),
        ('"Kornfeld, Lena" <lena+pro@kornfeld.example>;', Kind.EMAIL, "lena+pro@kornfeld.example"),
        ("mailto:lena@kornfeld.example", Kind.EMAIL, "lena@kornfeld.example"),
        ("o'brien@x.example", Kind.EMAIL, "o'brien@x.example"),
        ("cus_RwAbCdEf9Xe", Kind.CUSTOMER, "cus_RwAbCdEf9Xe"),
        ("`sub_1Abc`", Kind.SUBSCRIPTION, "sub_1Abc"),
        ("in_1Abc", Kind.INVOICE, "in_1Abc"),
        ("pi_3Abc", Kind.PAYMENT_INTENT, "pi_3Abc"),
        ("ch_3Abc", Kind.CHARGE, "ch_3Abc"),
        ("py_3Abc", Kind.CHARGE, "py_3Abc"),
        ("cs_test_a1Abc", Kind.SESSION, "cs_test_a1Abc"),
        ("evt_1Abc", Kind.EVENT, "evt_1Abc"),
        ("user_2Abc", Kind.USER, "user_2Abc"),
        ("org_2Abc", Kind.ORGANIZATION, "org_2Abc"),
        ("1234-5678", Kind.NUMBER, "1234-5678"),
        ("#2041-7788", Kind.NUMBER, "2041-7788"),
        ("A1B2C3D4-0001", Kind.NUMBER, "A1B2C3D4-0001"),
        ("prod_Abc", Kind.UNKNOWN, "prod_Abc"),
        ("sub_", Kind.UNKNOWN, "sub_"),
        ("a@b", Kind.UNKNOWN, "a@b"),
        ("", Kind.UNKNOWN, ""),
        ("; drop table users", Kind.UNKNOWN, "drop table users"),
    ],
)
def test_a_pasted_line_is_understood(pasted: str, kind: Kind, text: str) -> None:
    found = understand(pasted)
    assert (found.kind, found.text) == (kind, text)


@given(st.text(max_size=60))
def test_any_line_is_understood_somehow_and_comes_out_clean(pasted: str) -> None:
    found = understand(pasted)
    assert found.text.isprintable() or not found.text.isascii()
    assert "\x1b" not in found.text
    assert understand(found.text).kind is found.kind
