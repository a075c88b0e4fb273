"""A JSON document made harmless holds exactly what its strings, made harmless one by one, would be."""

import json

from hypothesis import given
from hypothesis import strategies as st

from billing_tui.model.text import clean, clean_json

NASTY = '\\\x00\x1b\x7f\x85\x9b\u061c\u200e\u2028\u202e\u2066\u2069\ufeff\t\n\r\b\f"/unbtr0019é–日𝄞'
TEXTS = st.text(st.one_of(st.sampled_from(NASTY), st.characters(exclude_categories=["Cs"])))


@given(st.lists(TEXTS), st.booleans())
def test_strings_come_out_as_clean_makes_them(texts: list[str], ascii_only: bool) -> None:
    body = json.dumps(texts, ensure_ascii=ascii_only).encode()
    assert json.loads(clean_json(body)) == [clean(text) for text in texts]


def test_a_backslash_that_somebody_typed_stays() -> None:
    typed = r"C:\u001b\new"
    assert json.loads(clean_json(json.dumps([typed]).encode())) == [typed]


def test_a_document_without_anything_unsafe_is_the_same_document() -> None:
    body = '{"name": "Zoë \\u00e9 \\"q\\" – 日本"}'.encode()
    assert clean_json(body) == body
