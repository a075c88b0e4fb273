"""A reply to the customer names no system, no id and no rule, and exists only for what is not ours to mend."""

import re

import pytest

from billing_tui.diagnosis.replies import reply_to
from billing_tui.diagnosis.rules import RULES

REPLIES = {rule.id: reply_to(rule.id) for rule in RULES if reply_to(rule.id)}
INSIDE = re.compile(r"stripe|clerk|database|webhook|endpoint|metadata|PBF|sub_|cus_|token|\{|\}", re.IGNORECASE)


def test_there_is_none_for_what_has_to_be_mended_nor_without_a_verdict() -> None:
    assert len(REPLIES) > 5
    assert (reply_to(None), reply_to("PBF-054"), reply_to("nonsense")) == ("", "", "")


@pytest.mark.parametrize("rule", sorted(REPLIES))
def test_a_reply_is_a_letter_in_plain_words(rule: str) -> None:
    greeting, *body, end = REPLIES[rule].split("\n\n")
    assert (greeting, end) == ("Hello,", "Kind regards")
    assert not INSIDE.search(" ".join(body))
    assert all(text.endswith((".", "?")) and "  " not in text and "\n" not in text for text in body)
