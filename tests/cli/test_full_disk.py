"""A disk without room: the cache says so and goes on once there is some; what can't be written down is not done."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.office import Office

PROGRAM = Path(sys.executable).parent / "billing-tui"


def on_a_small_disk(env: Mapping[str, str], place: Path, size: str, script: str) -> list[str]:
    """What a shell script prints, line by line, with a disk of a size at a place, which is its own alone. `$0` is the program."""
    place.mkdir(parents=True)
    alone = ["unshare", "--user", "--map-root-user", "--mount"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no disk of one's own can be had here")
    mounted = f"mount -t tmpfs -o size={size} tmpfs '{place}' || exit 77\n{script}"
    ended = subprocess.run(
        [*alone, "sh", "-c", mounted, str(PROGRAM)],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **env},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if ended.returncode == 77:
        pytest.skip("no disk can be mounted here")
    assert "Traceback" not in ended.stderr
    return [*ended.stdout.splitlines(), *ended.stderr.splitlines()]


def test_a_cache_that_finds_no_room_says_so_and_is_filled_once_there_is_some(office: Office) -> None:
    home, cache = office.program.home, office.program.home / "small"
    env = {**office.program.env, "XDG_CACHE_HOME": str(cache), "HOME": str(home)}
    script = f"""
        "$0" sync --json > "$HOME/first"; echo $?
        mount -o remount,size=64m '{cache}'
        "$0" sync --json > "$HOME/second"; echo $?
        """
    codes = on_a_small_disk(env, cache, "200k", script)
    assert codes[:2] == ["5", "0"], codes
    first, second = (json.loads((home / name).read_text()) for name in ("first", "second"))
    assert first["error"]["code"] == "cache_full"
    assert second["rows"]["customers"] == len(office.wires["test"].account.table("customer"))


def test_a_write_that_cannot_be_journaled_is_not_sent(office: Office) -> None:
    staged = office.stage("PBF-072")
    state = office.program.home / "little"
    env = {**office.program.env, "XDG_STATE_HOME": str(state)}
    script = f"""
        "$0" resync {staged["user_id"]} --json > /dev/null; echo $?
        dd if=/dev/zero of='{state}/filler' bs=4k 2> /dev/null
        "$0" resync {staged["user_id"]} --apply; echo $?
        """
    office.forget()
    lines = on_a_small_disk(env, state, "2m", script)
    assert "5" in lines[1:]
    assert any("the journal" in line.lower() and "nothing is written" in line for line in lines)
    assert [one for one in office.seen() if one["method"] != "GET"] == []
