"""Asking the app's host for the names of what is set there, where its command is installed and this is the app's directory.

Only names come back: these commands show no values. Whatever goes wrong is no answer, and the check then says what to paste.
"""

import asyncio
import os
import shutil
import signal
import subprocess
from contextlib import suppress
from pathlib import Path

from billing_tui.golive.names import Host, names_in

_LIMIT = 15.0
_MOST = 1_000_000
_HOSTS = (
    (("wrangler.toml", "wrangler.json", "wrangler.jsonc"), ("wrangler", "secret", "list")),
    ((".vercel/project.json",), ("vercel", "env", "ls", "production")),
    (("fly.toml",), ("fly", "secrets", "list")),
)


async def ask_host(directory: Path) -> Host | None:
    """The names, from the first host that this directory belongs to and that answers in time; None where there is none."""
    return await asyncio.to_thread(_asked, directory)


def _asked(directory: Path) -> Host | None:
    for marks, command in _HOSTS:
        program = shutil.which(command[0]) if any((directory / mark).is_file() for mark in marks) else None
        names = names_in(_output(program, command[1:], directory)) if program else ()
        if names:
            return Host(" ".join(command), names)
    return None


def _output(program: str, words: tuple[str, ...], directory: Path) -> str:
    """What it prints; nothing where it fails, asks something, or takes too long. It ends with all that it started."""
    try:
        process = subprocess.Popen(  # noqa: S603 - one of three commands, no shell, and no word of anybody's in it
            (program, *words),
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            process_group=0,
            env={**os.environ, "CI": "1", "NO_COLOR": "1"},
        )
    except OSError:
        return ""
    with process:
        try:
            printed, _ = process.communicate(timeout=_LIMIT)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            return ""
    return printed[:_MOST].decode(errors="replace") if process.returncode == 0 else ""
