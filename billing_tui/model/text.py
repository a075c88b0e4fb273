"""Text from outside, made harmless once, where it enters.

A customer chooses their own name, and a name can hold an escape sequence that retitles the terminal, a bidi override
that turns an amount around, or a line break that bends a table. Nothing in here knows a widget or a service.
"""

import re

# C0, DEL, C1; Arabic letter mark, directional marks, embeddings and isolates; line and paragraph separators; BOM.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_BLANKS = str.maketrans("\t\n\r", "   ")
_MARK = "\ufffd"

# The same characters as JSON may carry them: escaped, or as UTF-8. The look-behind keeps "\\u001b", a backslash that
# somebody typed, as it is.
_UNSAFE_JSON = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:\\u(?:00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])|061c|200[ef]|202[89a-e]|206[6-9]|feff)|\\[bf])"
    rb"|(\x7f|\xc2[\x80-\x9f]|\xd8\x9c|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf)",
    re.IGNORECASE,
)
_BLANK_JSON = re.compile(rb"(?<!\\)((?:\\\\)*)\\(?:[tnr]|u000[9ad])", re.IGNORECASE)


def clean(text: str) -> str:
    """The same text with tabs and line breaks as blanks and every other control or bidi character as U+FFFD."""
    return _UNSAFE.sub(_MARK, text.translate(_BLANKS))


def clean_json(body: bytes) -> bytes:
    """A JSON document whose strings, once decoded, are what `clean` would make of them."""
    if b"\\" not in body and body.isascii() and b"\x7f" not in body:
        return body
    body = _UNSAFE_JSON.sub(lambda found: (found.group(1) or b"") + _MARK.encode(), body)
    return _BLANK_JSON.sub(rb"\1 ", body)


def short(object_id: str, keep: int = 3) -> str:
    """`cus_RwAbCdEf9Xe` as `cus_Rw…9Xe`: enough of an id to recognise it by."""
    head, mark, tail = object_id.rpartition("_")
    if not mark or len(tail) <= keep * 2:
        return object_id
    return f"{head}{mark}{tail[: keep - 1]}…{tail[-keep:]}"


def quoted(value: str) -> str:
    """A value in quotation marks, so that a stray blank shows."""
    return f"“{value}”"


def plural(count: int, word: str, many: str | None = None) -> str:
    """`1 event`, `2 events`."""
    return f"{count} {word if count == 1 else many or word + 's'}"


def listed(words: list[str] | tuple[str, ...]) -> str:
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""
