"""Who holds a lock."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from errclass.actions.recover.component_locks import hold_components
from errclass.system.checks.file_locks import find_holders
from errclass.system.checks.locks_check import check_locks
from errclass.system.recovering import FOLDER
from errclass.system.settings import Settings

HOLD = "import sys, duckdb; held = duckdb.connect(sys.argv[1]); print(flush=True); sys.stdin.read()"
ON_LINUX = pytest.mark.skipif(not Path("/proc/locks").exists(), reason="only Linux tells")


@ON_LINUX
def test_where_nobody_holds_anything_none_is_told(settings: Settings, folder: Path) -> None:
    """Files alone are no locks."""
    check = check_locks(settings)
    assert ("ok", "none is held", {}) == (check.status, check.message, dict(check.details))


@ON_LINUX
def test_whoever_holds_the_history_is_named(settings: Settings, folder: Path) -> None:
    """That is no fault."""
    command = [sys.executable, "-c", HOLD, str(folder / "outcomes.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        check = check_locks(settings)
        holder.communicate()
    assert ("ok", [holder.pid]) == (check.status, check.details[str(folder / "outcomes.duckdb")])
    assert f"the history by python3 ({holder.pid})" in check.message or str(holder.pid) in check.message


@ON_LINUX
def test_a_recovery_at_work_is_told(settings: Settings, tmp_path: Path) -> None:
    """It holds its work folder."""
    with hold_components(settings.home / FOLDER / "locks", [str(tmp_path / "work")]):
        check = check_locks(settings)
    assert "ok" == check.status
    assert f"a work folder, for a recovery, by this process ({os.getpid()})" in check.message


def test_a_table_of_locks_is_read_whatever_stands_in_it(tmp_path: Path) -> None:
    """Waiters and odd lines are passed over."""
    file = tmp_path / "file"
    file.write_text("")
    number = file.stat().st_ino
    table = tmp_path / "locks"
    table.write_text(
        f"1: POSIX  ADVISORY  WRITE 41 fe:01:{number} 0 EOF\n"
        f"1: -> POSIX ADVISORY WRITE 42 fe:01:{number} 0 EOF\n"
        f"2: FLOCK ADVISORY READ 41 fe:01:{number} 0 EOF\n"
        "odd\n"
        f"3: POSIX ADVISORY WRITE odd fe:01:{number} 0 EOF\n"
    )
    assert {file: [41]} == find_holders([file, tmp_path / "gone"], table)


def test_where_the_system_tells_nothing_nothing_is_known(tmp_path: Path) -> None:
    """As on macOS."""
    assert None is find_holders([tmp_path], tmp_path / "gone")
