"""One process at a time changes what lies in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.system.folder_lock import lock_folder

PROGRAM = """
import sys
from pathlib import Path
from errclass.system.folder_lock import lock_folder
with lock_folder(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.mark.skipif(os.name != "posix", reason="there is no such lock")
def test_another_process_waits(tmp_path: Path) -> None:
    """Until the first is done."""
    import fcntl

    with lock_folder(tmp_path):
        pass
    command = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    with subprocess.Popen(command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert "held" == holder.stdout.readline().strip()
        handle = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        holder.communicate()
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(handle)


def test_a_folder_that_is_not_there_cannot_be_held(tmp_path: Path) -> None:
    """Nor is it created."""
    with pytest.raises(OSError, match="missing"), lock_folder(tmp_path / "missing"):
        pass


def test_a_fault_inside_lets_go(tmp_path: Path) -> None:
    """The next one gets it."""
    with pytest.raises(ValueError, match="x"), lock_folder(tmp_path):
        raise ValueError("x")
    with lock_folder(tmp_path):
        pass
