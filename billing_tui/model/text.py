"""Text from outside, made harmless once, where it enters.

A customer chooses their own name, and a name can hold an escape sequence that retitles the terminal, a bidi override
that turns an amount around, or a line break that bends a table. Nothing in here knows a widget or a service.
"""

import re

# C0, DEL, C1; Arabic letter mark, directional marks, embeddings and isolates; line and paragraph separators; BOM.
_UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_BLANKS = str.maketrans("\t\n\r", "   ")
_MARK = "\ufffd"

# The same characters as JSON may carry them: as an escape, whose pairs are taken from the left so that "\\u001b", a backslash
# that somebody typed, stays as it is; or as UTF-8, by the bytes that they begin with. A pattern that begins with plain bytes
# is found quickly in a page of a hundred objects, which this must not hold up.
_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ESCAPED_BLANKS = frozenset([b"\\t", b"\\n", b"\\r"])
_ESCAPED_MARKS = frozenset([b"\\b", b"\\f"])
_UTF8 = {
    b"\x7f": re.compile(rb"\x7f"),
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f]"),
    b"\xd8\x9c": re.compile(rb"\xd8\x9c"),
    b"\xe2\x80": re.compile(rb"\xe2\x80[\x8e\x8f\xa8-\xae]"),
    b"\xe2\x81": re.compile(rb"\xe2\x81[\xa6-\xa9]"),
    b"\xef\xbb\xbf": re.compile(rb"\xef\xbb\xbf"),
}


class Loose(str):
    """Text that is only shown: whatever else stands in its place is taken for nothing, and no answer is lost over it."""

    __slots__ = ()


def loosely(kind: type, value: object) -> object:
    """What a decoder makes of a `Loose` field."""
    if kind is Loose:
        return Loose(value if isinstance(value, str) else "")
    raise NotImplementedError(kind)


def clean(text: str) -> str:
    """The same text with tabs and line breaks as blanks and every other control or bidi character as U+FFFD."""
    return _UNSAFE.sub(_MARK, text.translate(_BLANKS))


def clean_json(body: bytes) -> bytes:
    """A JSON document whose strings, once decoded, are what `clean` would make of them."""
    if b"\\" in body:
        body = _ESCAPE.sub(_unescaped, body)
    if not body.isascii() or b"\x7f" in body:
        for begins, unsafe in _UTF8.items():
            if begins in body:
                body = unsafe.sub(_MARK.encode(), body)
    return body


def _unescaped(found: re.Match[bytes]) -> bytes:
    """An escape as it may stay."""
    code, whole = found.group(1), found.group()
    if code is None:
        return b" " if whole in _ESCAPED_BLANKS else _MARK.encode() if whole in _ESCAPED_MARKS else whole
    meant = chr(int(code, 16))
    return clean(meant).encode() if _UNSAFE.match(meant) or meant in "\t\n\r" else whole


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
