"""Silencing: until it changes or returns, or for good; remembered, shared by windows, taken back, and nobody's name written."""

import stat
from pathlib import Path

import pytest
from msgspec import structs

from billing_tui.model.notice import Notice
from billing_tui.model.problem import OutOfReach
from billing_tui.notices.silence import Silences

LOST = Notice(key="undelivered", count=3, what="events", note="lena@kornfeld.example", measure=3)
DEAD = Notice(key="disabled we_1", count=1, what="endpoint", note="https://app.acme.example")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notices.json"


@pytest.fixture
def silences(path: Path) -> Silences:
    return Silences(path, "acme", "live")


def heard(silences: Silences, *notices: Notice) -> list[str | None]:
    return [notice.silence for notice in silences.heed(notices)]


def test_what_is_acknowledged_is_silent_until_it_grows(silences: Silences) -> None:
    assert heard(silences, LOST, DEAD) == [None, None]
    silences.silence(LOST, "acknowledged")
    assert heard(silences, LOST, DEAD) == ["acknowledged", None]
    assert heard(silences, structs.replace(LOST, measure=2), DEAD) == ["acknowledged", None]
    assert heard(silences, structs.replace(LOST, measure=4), DEAD) == [None, None]
    assert heard(silences, LOST, DEAD) == [None, None]


def test_what_is_acknowledged_and_returns_is_heard_again(silences: Silences) -> None:
    silences.silence(LOST, "acknowledged")
    assert heard(silences) == []
    assert heard(silences, LOST) == [None]


def test_what_nobody_can_say_now_is_not_taken_for_over(silences: Silences) -> None:
    silences.silence(DEAD, "acknowledged")
    assert silences.heed((), ("disabled",)) == ()
    assert heard(silences, DEAD) == ["acknowledged"]
    assert silences.heed(()) == ()
    assert heard(silences, DEAD) == [None]


def test_what_is_ignored_is_silent_for_good_and_can_be_taken_back(silences: Silences) -> None:
    silences.silence(LOST, "ignored")
    assert heard(silences) == []
    assert heard(silences, structs.replace(LOST, measure=900)) == ["ignored"]
    silences.silence(LOST, None)
    assert heard(silences, LOST) == [None]


def test_it_is_remembered_for_each_profile_and_mode(silences: Silences, path: Path) -> None:
    silences.silence(LOST, "ignored")
    Silences(path, "acme", "test").silence(LOST, "acknowledged")
    assert heard(Silences(path, "acme", "live"), LOST) == ["ignored"]
    assert heard(Silences(path, "acme", "test"), LOST) == ["acknowledged"]
    assert heard(Silences(path, "other", "live"), LOST) == [None]
    assert "kornfeld" not in path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("left", [b"", b"{", b"[1]", b'{"acme live": {"undelivered": {"how": "?"}}}', b"\xff"])
def test_a_damaged_file_silences_nothing_and_is_made_anew(silences: Silences, path: Path, left: bytes) -> None:
    path.write_bytes(left)
    assert heard(silences, LOST) == [None]
    silences.silence(LOST, "ignored")
    assert heard(silences, LOST) == ["ignored"]


def test_where_it_cannot_be_remembered_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "notices.json").mkdir()
    with pytest.raises(OutOfReach, match="not remembered"):
        Silences(tmp_path / "notices.json", "acme", "live").silence(LOST, "ignored")
