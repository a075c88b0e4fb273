"""Which notices somebody has silenced on this machine: acknowledged until they change or return, or ignored for good.

One small file of keys and numbers beside the journal, since the cache may be deleted; it holds nobody's name. Where it can't be
read, everything is heard. Blocking.
"""

import fcntl
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from billing_tui.model.notice import Notice, Silence
from billing_tui.model.problem import OutOfReach
from billing_tui.settings.paths import private_file


class Silenced(Struct, frozen=True):
    """How a notice was silenced, and its measure then."""

    how: Silence
    measure: int


_Held = dict[str, dict[str, Silenced]]


class Silences:
    """Those of one profile in one mode, in a file that all windows and processes of this machine share."""

    def __init__(self, path: Path, profile: str, mode: str) -> None:
        self._path = path
        self._whose = f"{profile} {mode}"

    def heed(self, notices: Sequence[Notice], unknown: Collection[str] = ()) -> tuple[Notice, ...]:
        """The same notices, each with how it is silenced. What was acknowledged and is over is forgotten, for when it returns;
        but for keys that begin with a word of `unknown`, of which nobody can say that now.
        """
        held = self._read().get(self._whose, {})
        now = {notice.key: notice for notice in notices}
        over = [key for key, one in held.items() if _over(one, now.get(key)) and (key in now or key.split()[0] not in unknown)]
        if over:
            with suppress(OutOfReach):  # it is forgotten the next time
                self._change(lambda mine: [mine.pop(key, None) for key in over])
        still = {key: one.how for key, one in held.items() if key not in over}
        return tuple(structs.replace(notice, silence=still.get(notice.key)) for notice in notices)

    def silence(self, notice: Notice, how: Silence | None) -> None:
        """Silences a notice, or with None lets it be heard again. Raises `OutOfReach` where that can't be remembered."""
        if how is None:
            self._change(lambda mine: mine.pop(notice.key, None))
        else:
            self._change(lambda mine: mine.update({notice.key: Silenced(how, notice.measure)}))

    def _read(self) -> _Held:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=_Held)
        except (OSError, msgspec.MsgspecError):
            return {}

    def _change(self, change: Callable[[dict[str, Silenced]], object]) -> None:
        try:
            with private_file(self._path.with_suffix(".lock")).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                held = self._read()
                change(held.setdefault(self._whose, {}))
                new = private_file(self._path.with_suffix(".new"))
                new.write_bytes(msgspec.json.encode(held))
                new.replace(self._path)
        except OSError as error:
            said = f"{self._path} can't be written ({error.strerror}), so this is not remembered."
            raise OutOfReach(said, "Free some space.", code="notices") from error


def _over(held: Silenced, now: Notice | None) -> bool:
    """Whether what was acknowledged is gone, or worse than it was."""
    return held.how == "acknowledged" and (now is None or now.measure > held.measure)
