"""Running the command that prints a secret: no shell, a time limit, and nothing of its output ever shown.

Blocking; callers on an event loop run it in a thread.
"""

import os
import signal
import subprocess
from contextlib import suppress
from pathlib import PurePath

from billing_tui.model.problem import KeyRefused
from billing_tui.model.text import clean, quoted

TIME_LIMIT = 10.0


def output_of(command: tuple[str, ...], slot: str, time_limit: float = TIME_LIMIT) -> str:
    """What the command prints, without blanks around it.

    Raises:
        KeyRefused: It cannot be run, fails, takes too long, or prints what is not text.
    """
    name = quoted(clean(PurePath(command[0]).name))
    try:
        code, printed = _run(command, time_limit)
        text = printed.decode().strip()
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise _failed(name, slot, f"cannot be run: {why}") from error
    except subprocess.TimeoutExpired:
        raise _failed(name, slot, f"did not end within {time_limit:g} s") from None
    except UnicodeDecodeError:
        raise _failed(name, slot, "printed what is not text") from None
    if code:
        raise _failed(name, slot, f"failed with exit code {code}")
    return text


def _run(command: tuple[str, ...], time_limit: float) -> tuple[int, bytes]:
    # A process group of its own: what the command started ends with it, and none of it can read from our terminal.
    with subprocess.Popen(  # noqa: S603 - the command is the user's own, from their own file, and no shell is between
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
    ) as process:
        try:
            printed, _ = process.communicate(timeout=time_limit)
        except BaseException:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            raise
        return process.returncode, printed


def _failed(name: str, slot: str, how: str) -> KeyRefused:
    hint = "Run the command by hand to see why, or set the key another way."
    return KeyRefused(f"The command {name} for {slot} {how}.", hint, code="secret_command")
