"""The outcome store, really broken in many ways and looked at."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.checks import check_store
from errclass.system.settings import Settings

THEN = datetime(2026, 11, 1, 12, tzinfo=UTC)
HOLD = """
import sys, duckdb
held = duckdb.connect(sys.argv[1])
print("held", flush=True)
sys.stdin.read()
"""
FILL = """
import resource, signal, sys
from errclass.system.checks import check_store
from errclass.system.settings import load_settings
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
check = check_store(load_settings())
print(check.status, check.message, check.advice, sep="|")
"""


def list_files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_store_that_does_not_exist_yet_is_well_and_is_not_made(settings: Settings) -> None:
    """The place where it would be takes a file."""
    check = check_store(settings)
    assert ("ok", False) == (check.status, Path(settings.store).exists())
    assert "nothing was recorded yet" in check.message


def test_a_whole_store_is_well(settings: Settings, folder: Path) -> None:
    """It tells engine, size and schemas."""
    check = check_store(settings)
    assert ("ok", "") == (check.status, check.advice)
    assert (True, f"DuckDB {duckdb.__version__}", False) == tuple(
        check.details[name] for name in ("exists", "engine", "busy")
    )
    assert {"inbox", "history"} == set(check.details["schemas"])


def test_the_probe_leaves_nothing_behind(settings: Settings, folder: Path) -> None:
    """Neither a row nor a file, and the history's bytes are what they were."""
    before = (folder / "outcomes.duckdb").read_bytes()
    names = {path.name for path in folder.iterdir()}
    check_store(settings)
    with Store(settings.store) as store:
        assert {} == store.list_states("probe")
    assert before == (folder / "outcomes.duckdb").read_bytes()
    assert names == {path.name for path in folder.iterdir()}


def test_a_store_with_a_history_alone_gets_no_inbox(settings: Settings, folder: Path) -> None:
    """Looking at it makes no file."""
    (folder / "inbox.sqlite").unlink()
    check = check_store(settings)
    assert ("ok", False) == (check.status, (folder / "inbox.sqlite").exists())


def test_an_older_store_is_not_brought_to_a_newer_schema(settings: Settings, folder: Path) -> None:
    """The next write does that, and the check says so."""
    with sqlite3.connect(folder / "inbox.sqlite") as inbox:
        inbox.execute("DELETE FROM errclass_migrations WHERE version = 5")
        inbox.execute("DROP TABLE escalations")
    inbox.close()
    check = check_store(settings)
    assert ("ok", {"found": 4, "known": 5}) == (check.status, check.details["schemas"]["inbox"])
    assert "by the next write" in check.message


@pytest.mark.parametrize("size", [0, 100, 4000, 500_000])
def test_a_truncated_history_is_a_problem_and_is_left_as_it_is(settings: Settings, folder: Path, size: int) -> None:
    """Wherever it was cut."""
    history = folder / "outcomes.duckdb"
    whole = history.read_bytes()
    history.write_bytes(whole[:size])
    check = check_store(settings)
    assert ("problem", size) == (check.status, history.stat().st_size)
    assert "outcomes.duckdb" in check.message
    assert check.advice


def test_a_history_with_free_blocks_at_its_end_is_well(settings: Settings, folder: Path) -> None:
    """DuckDB counts them, and does not write them."""
    for number in range(3):
        with Store(settings.store) as store:
            store.record(Outcome(id=f"b{number}", text="x" * 1000, time=THEN))
            store.merge(wait=10)
        assert "ok" == check_store(settings).status


def test_a_history_that_is_no_database_is_a_problem(settings: Settings, folder: Path) -> None:
    """With what to do."""
    (folder / "outcomes.duckdb").write_text("not a database " * 1000)
    check = check_store(settings)
    assert "problem" == check.status
    assert "move it away" in check.advice


def test_a_damaged_inbox_is_a_problem(settings: Settings, folder: Path) -> None:
    """Also where only a page in the middle is."""
    inbox = folder / "inbox.sqlite"
    with sqlite3.connect(inbox) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = bytearray(inbox.read_bytes())
    data[8192:16384] = b"\xff" * 8192
    inbox.write_bytes(data)
    check = check_store(settings)
    assert "problem" == check.status
    assert "inbox.sqlite" in check.message


@pytest.mark.parametrize("name", ["inbox.sqlite", "outcomes.duckdb"])
def test_a_folder_in_the_place_of_a_file_is_a_problem(settings: Settings, folder: Path, name: str) -> None:
    """No traceback, and it says which."""
    (folder / name).unlink()
    (folder / name).mkdir()
    check = check_store(settings)
    assert "problem" == check.status
    assert name in check.message


def test_a_file_in_the_place_of_the_folder_is_a_problem(settings: Settings) -> None:
    """Nothing can be made below it."""
    Path(settings.store).write_text("")
    assert "problem" == check_store(settings).status


def test_a_store_of_a_newer_version_is_a_problem(settings: Settings, folder: Path) -> None:
    """Whoever has it has to upgrade."""
    with sqlite3.connect(folder / "inbox.sqlite") as inbox:
        inbox.execute("INSERT INTO errclass_migrations VALUES (99, 'later', '2030-01-01')")
    inbox.close()
    check = check_store(settings)
    assert "problem" == check.status
    assert "upgrade errclass" in check.message + check.advice


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may do anything")
def test_a_store_that_may_not_be_read_is_a_problem(settings: Settings, folder: Path) -> None:
    """By its owner either."""
    folder.chmod(0)
    try:
        assert "problem" == check_store(settings).status
    finally:
        folder.chmod(0o700)


@pytest.mark.skipif(os.name != "posix", reason="modes mean something else there")
def test_a_store_that_others_may_read_is_a_warning(settings: Settings, folder: Path) -> None:
    """It may be shared on purpose."""
    folder.chmod(0o755)
    (folder / "inbox.sqlite").chmod(0o644)
    check = check_store(settings)
    assert "warning" == check.status
    assert ("0755" in check.message, "0644" in check.message) == (True, True)
    assert f"chmod 0700 {folder}" in check.advice


def test_a_store_that_another_process_holds_is_a_warning(settings: Settings, folder: Path) -> None:
    """Not a problem: it is held for one merge, and records go on meanwhile."""
    command = [sys.executable, "-c", HOLD, str(folder / "outcomes.duckdb")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert "held\n" == holder.stdout.readline()
        check = check_store(settings)
        holder.communicate()
    assert ("warning", True) == (check.status, check.details["busy"])
    assert "ok" == check_store(settings).status


@pytest.mark.skipif(os.name != "posix", reason="there is no such limit")
def test_a_full_disk_is_a_problem(settings: Settings, folder: Path) -> None:
    """No file may grow beyond what it is, as on a disk that is full; nothing that was recorded is lost."""
    with sqlite3.connect(folder / "inbox.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    done = subprocess.run(
        [sys.executable, "-c", FILL, "1000"], capture_output=True, text=True, check=True, cwd=folder, timeout=60
    )
    assert "problem|" == done.stdout[:8]
    with Store(settings.store) as store:
        assert 1 == store.stats().outcomes


def test_a_server_that_is_not_there_is_a_problem_without_its_password(load: Callable[..., Settings]) -> None:
    """It is not waited for beyond the limit."""
    pytest.importorskip("psycopg")
    check = check_store(load(store="postgres://ann:s3cr3tword@127.0.0.1:1/errclass"))
    assert "problem" == check.status
    assert "s3cr3tword" not in check.message + check.advice
    assert "start the server" in check.advice


def test_an_address_that_cannot_be_read_is_a_problem(load: Callable[..., Settings]) -> None:
    """Of another kind of server, say."""
    check = check_store(load(store="mysql://localhost/x"))
    assert "problem" == check.status


def test_nothing_of_a_removed_store_is_made_again(settings: Settings, folder: Path) -> None:
    """It does not exist, as before the first record."""
    shutil.rmtree(folder)
    assert ("ok", False) == (check_store(settings).status, folder.exists())
