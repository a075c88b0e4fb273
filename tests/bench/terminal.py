"""A terminal for programs to be measured on: a pty of a size, which answers what programs ask of terminals.

Times are monotonic seconds of this machine; what counts as painted is a whole frame, as the terminal's synchronised output
marks its end.
"""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from types import TracebackType
from typing import Self

WIDE = (120, 40)
FRAME_ENDS = b"\x1b[?2026l"
PATIENCE = 60.0
QUIET = 0.08
"""Seconds without a byte after which an answer is complete."""
_ESCAPE = re.compile(rb"\x1b(\[[0-9;?<>=$]*[ -/]*[@-~]|\][^\x07\x1b]*(\x07|\x1b\\)|[()][A-Z0-9]|[=>78DEHM])")
_WORD = re.compile(rb"[A-Za-z]{3}")
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;0$y",
    b"\x1b[c": b"\x1b[?62;22c",
    b"\x1b]11;?": b"\x1b]11;rgb:1010/1010/1010\x1b\\",
}


@dataclass(frozen=True)
class Answer:
    """What a key led to: when its first frame was whole, when the last byte came, in seconds after it, and how many bytes."""

    painted: float
    settled: float
    size: int


class Terminal:
    """A program on a terminal of its own, from its start on."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], size: tuple[int, int] = WIDE) -> None:
        self._fd, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        colours = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.seen = bytearray()
        self.started = monotonic()
        self.process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, env={**environment, **colours}, start_new_session=True
        )
        os.close(end)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._fd)

    def read(self, patience: float) -> bytes:
        """What comes next, its questions answered; nothing where it stays silent for so long."""
        ready, _, _ = select.select([self._fd], [], [], patience)
        if not ready:
            return b""
        try:
            new = os.read(self._fd, 1 << 16)
        except OSError as error:
            raise EOFError(f"the program ended: {self.last_words()}") from error
        for question, answer in _ANSWERS.items():
            if question in new:
                os.write(self._fd, answer)
        self.seen += new
        return new

    def last_words(self) -> str:
        """The end of what was seen, without its escapes."""
        return _ESCAPE.sub(b"", bytes(self.seen))[-800:].decode(errors="replace")

    def first_paint(self) -> float:
        """Seconds from the program's start to the end of the first frame with words in it."""
        return self._frame_with(_WORD) - self.started

    def until(self, text: str) -> None:
        """Waits until this was seen."""
        self._frame_with(re.compile(re.escape(text.encode())))

    def _frame_with(self, wanted: re.Pattern[bytes]) -> float:
        deadline, heard = monotonic() + PATIENCE, monotonic()
        while monotonic() < deadline:
            found = wanted.search(_ESCAPE.sub(b"", bytes(self.seen)))
            if found and self.seen.endswith(FRAME_ENDS):
                return heard
            new = self.read(QUIET if found else 1.0)
            if found and not new:  # a terminal to which no end of a frame is told
                return heard
            heard = monotonic()
        raise TimeoutError(f"nothing like {wanted.pattern!r} within {PATIENCE:.0f} s: {self.last_words()}")

    def still(self, quiet: float = 0.7) -> None:
        """Waits until nothing has come for so long."""
        deadline = monotonic() + PATIENCE
        while self.read(quiet):
            if monotonic() > deadline:
                raise TimeoutError("the program never falls still")

    def tap(self, keys: str) -> None:
        """Keys that only lead somewhere, at the pace of a hand."""
        self.write(keys)
        until = monotonic() + QUIET
        while (left := until - monotonic()) > 0:
            self.read(left)

    def write(self, keys: str) -> None:
        """Keys, as a keyboard sends them."""
        os.write(self._fd, keys.encode())

    def press(self, keys: str, quiet: float = QUIET) -> Answer:
        """Keys, and what they lead to until nothing has come for so long."""
        pressed, painted, settled, size = monotonic(), 0.0, 0.0, 0
        self.write(keys)
        wait = 2.0
        while new := self.read(wait):
            settled, size, wait = monotonic() - pressed, size + len(new), quiet
            if not painted and FRAME_ENDS in new:
                painted = settled
        return Answer(painted or settled, settled, size)

    def memory(self) -> int:
        """Bytes that are resident."""
        with open(f"/proc/{self.process.pid}/statm", encoding="ascii") as file:  # noqa: PTH123 - no file of a disk
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
