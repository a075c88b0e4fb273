"""The configuration file as text: read, parsed, and able to say on which line a key stands.

It knows TOML and nothing of profiles. A complaint about the file is made here, so that each names the file, the line
and the key path.
"""

import re
import tomllib
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from msgspec import Struct

from billing_tui.model.problem import BadUsage
from billing_tui.model.text import clean, quoted

Keys = tuple[str | int, ...]

_LONGEST = 1_000_000
_LONGEST_WORD = 80
"""A longer key or value is nobody's slip."""
_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


class Complaint(Struct, frozen=True):
    """What is wrong with a value: where it stands, the rest of a sentence that begins with its key, and what to do."""

    keys: Keys
    what: str
    hint: str = ""


class TomlFile(Struct, frozen=True):
    """A parsed file that remembers its text."""

    path: Path
    text: str
    data: dict[str, object]

    def problem(self, complaint: Complaint) -> BadUsage:
        """The complaint with the file, the line where it is known, and the key path in front."""
        line = self.line_of(complaint.keys)
        where = f"{clean(str(self.path))}, line {line}" if line else clean(str(self.path))
        hint = complaint.hint or "Mend that value, or take the line out where it may be missing."
        return BadUsage(f"{where}: {dotted(complaint.keys)} {complaint.what}", hint, code="config")

    def line_of(self, keys: Keys) -> int | None:
        """The line on which a key, or the closest table or key around it, is written."""
        wanted = tuple(str(key) for key in keys if isinstance(key, str))
        found, depth = None, 0
        for number, path in _written(self.text):
            if len(path) > depth and path == wanted[: len(path)]:
                found, depth = number, len(path)
            elif not depth and wanted == path[: len(wanted)]:
                found = found or number
        return found


def read_toml(path: Path) -> TomlFile:
    """The file, parsed.

    Raises:
        BadUsage: There is no such file (`no_config`), it cannot be read, or it is not TOML.
    """
    name = clean(str(path))
    try:
        with path.open("rb") as file:
            read = file.read(_LONGEST + 1)
        text = read.decode("utf-8-sig")  # some editors begin a file with a mark
    except FileNotFoundError as error:
        hint = f"Write {name} (billing-tui profile init does it for you), or try it without: billing-tui demo."
        raise BadUsage(f"There is no configuration at {name}.", hint, code="no_config") from error
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise BadUsage(f"{name} cannot be read: {why}.", "Point --config at a file.", code="config") from error
    except UnicodeDecodeError as error:
        raise BadUsage(f"{name} is not text in UTF-8.", "Save it as UTF-8.", code="config") from error
    if len(read) > _LONGEST:
        raise BadUsage(f"{name} is longer than any configuration.", "Point --config at the right file.", code="config")
    return parse_toml(path, text)


def parse_toml(path: Path, text: str) -> TomlFile:
    """The text of a file, parsed. Raises `BadUsage` where it is not TOML."""
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise _syntax(clean(str(path)), str(error)) from error
    except RecursionError:
        raise _endless(path, text, r"[\[{]", "brackets in brackets without end") from None
    except ValueError:  # Python's own limit
        raise _endless(path, text, r"\d", "a number with thousands of digits") from None


def dotted(keys: Keys) -> str:
    """A key path as people write it: `profiles.acme.tiers[0]`."""
    text = ""
    for key in keys:
        part = key if isinstance(key, int) or re.fullmatch(r"[A-Za-z0-9_-]+", key) else f'"{clean(key)}"'
        text += f"[{part}]" if isinstance(key, int) else f".{part}" if text else str(part)
    return text


def nearest(word: str, known: tuple[str, ...]) -> str:
    """A sentence that offers the known word nearest to a mistyped one, or else lists those there are."""
    folded = {name.lower(): name for name in known}
    close = get_close_matches(word.lower(), folded, n=1, cutoff=0.5) if len(word) <= _LONGEST_WORD else []
    if close:
        return f"Did you mean {quoted(folded[close[0]])}?"
    return f"Known are: {', '.join(known)}." if known else ""


def _syntax(name: str, error: str) -> BadUsage:
    found = re.search(r"\(at line (\d+), column (\d+)\)", error)
    what = clean(re.sub(r"\s*\(at .*\)$", "", error)).rstrip(".")
    where = f"{name}, line {found[1]}, column {found[2]}" if found else name
    if not found and "end of document" in error:
        where = f"{name}, last line"
    return BadUsage(f"{where}: this is not TOML: {what[:1].lower()}{what[1:]}.", "Correct that line.", code="config")


def _endless(path: Path, text: str, sign: str, what: str) -> BadUsage:
    """Too much of something, where the parser does not say where: on the line that has the most of it."""
    counts = [len(re.findall(sign, line)) for line in text.splitlines()]
    return _syntax(clean(str(path)), f"{what} (at line {counts.index(max(counts)) + 1}, column 1)")


def _written(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each table header and key that begins a line, with its full path."""
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _parts(header[1])
            yield number, table
        elif key := _KEY.match(line):
            yield number, table + _parts(key[1])


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip("\"'") for part in re.findall(_PART, text))
