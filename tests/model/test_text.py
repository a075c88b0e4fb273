"""Text from outside is made harmless, and a JSON document is cleaned exactly as its strings would be."""

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from billing_tui.model.text import clean, clean_json, listed, plural, quoted, short

NASTY = "\x1b]0;t\x07\x9b31m\u202e\u2066\u061c\u200e\u200f\u2028\ufeff\x7f\x00\t\r\n\\u001b\\"
# Mostly what could go wrong, sometimes anything. A document on the wire is UTF-8, so half a surrogate pair comes escaped alone.
TEXTS = st.text(st.one_of(st.sampled_from(NASTY + '"\\/bfnrtu0019a'), st.characters(exclude_categories=["Cs"])), max_size=40)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def cleaned(document: object) -> object:
    """What decoding a cleaned document has to give."""
    match document:
        case str():
            return clean(document)
        case list():
            return [cleaned(item) for item in document]
        case dict():
            return {clean(key): cleaned(value) for key, value in document.items()}
        case _:
            return document


@given(TEXTS)
@example(NASTY)
def test_nothing_that_a_terminal_obeys_is_left(text: str) -> None:
    kept = clean(text)
    assert not [letter for letter in kept if unicodedata.category(letter) in ("Cc", "Zl", "Zp")]
    assert not set(kept) & set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
    assert len(kept) == len(text)
    assert clean(kept) == kept


@given(DOCUMENTS, st.booleans(), st.sampled_from([None, 1]))
@example({"a": NASTY, NASTY: ["\\\x1b", "\\\\u001b", "\\n", "\n", "\\"]}, True, None)
@example("\\\x1b", False, None)
def test_a_cleaned_document_holds_cleaned_strings(document: object, escaped: bool, indent: int | None) -> None:
    body = json.dumps(document, ensure_ascii=escaped, indent=indent).encode()
    assert json.loads(clean_json(body)) == cleaned(document)


@given(TEXTS)
def test_the_escapes_of_every_spelling_are_cleaned(text: str) -> None:
    """`\\u001B` in capitals is the same letter."""
    body = b'"' + b"".join(b"\\u%04X" % unit for unit in _units(text)) + b'"'
    assert json.loads(clean_json(body)) == clean(text)


def _units(text: str) -> list[int]:
    raw = text.encode("utf-16-be")
    return [int.from_bytes(raw[place : place + 2], "big") for place in range(0, len(raw), 2)]


@pytest.mark.parametrize("text", ["Chloé Lefèvre", "株式会社", "€29.00", "👩‍💻", "O'Brien & Söhne <x>", "", "[bold]"])
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert json.loads(clean_json(json.dumps(text).encode())) == text


def test_an_id_is_shortened_to_what_one_recognises() -> None:
    assert short("cus_RwAbCdEf9Xe") == "cus_Rw…9Xe"
    assert short("cus_short") == "cus_short"
    assert short("lena@kornfeld.example") == "lena@kornfeld.example"


def test_words_for_sentences() -> None:
    assert (plural(1, "event"), plural(2, "event"), plural(0, "entry", "entries")) == ("1 event", "2 events", "0 entries")
    assert [listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert quoted("pro ") == "“pro ”"
