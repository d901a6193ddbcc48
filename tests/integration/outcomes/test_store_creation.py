"""Processes that create one store at the same moment."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from errclass.outcomes import Store

pytestmark = pytest.mark.skipif(os.name != "posix", reason="SQLite's locks are those of POSIX")

WRITER = """
import logging, sys
from errclass.core.types import Outcome
from errclass.outcomes import Store

logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(message)s")
print("ready", flush=True)
sys.stdin.readline()
with Store(sys.argv[1]) as store:
    print(store.record(Outcome(sys.argv[2], "boom")), flush=True)
"""

MAKER = """
import fcntl, os, sys
index = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT, 0o600)
fcntl.lockf(index, fcntl.LOCK_EX, 1, 128)
print("ready", flush=True)
sys.stdin.readline()
"""
"""Does what SQLite does first to make the index of a log, and is held up there."""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a process and return once it is ready; it goes on when it is told to."""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd="/")
    assert process.stdout is not None
    assert "ready\n" == process.stdout.readline()
    return process


def release(process: subprocess.Popen[str]) -> None:
    """Let a process go on."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def stored(folder: Path) -> list[str]:
    """The ids in a store."""
    with Store(folder) as store:
        return sorted(outcome.id for outcome in store.outcomes())


def test_many_processes_create_one_store(tmp_path: Path) -> None:
    """None loses its record."""
    writers = [start(WRITER, tmp_path / "store", f"id-{number}") for number in range(8)]
    for writer in writers:
        release(writer)
    printed = sorted(writer.communicate(timeout=120)[0].strip() for writer in writers)
    assert [f"id-{number}" for number in range(8)] == printed
    assert printed == stored(tmp_path / "store")


def test_a_creator_that_is_held_up_costs_no_other_its_record(tmp_path: Path) -> None:
    """It has switched to the log and holds that log's index for longer than SQLite looks for it."""
    folder = tmp_path / "store"
    folder.mkdir(mode=0o700)
    with closing(sqlite3.connect(folder / "inbox.sqlite")) as inbox:
        inbox.execute("PRAGMA journal_mode = WAL")
    maker = start(MAKER, folder / "inbox.sqlite-shm")
    writer = start(WRITER, folder, "late")
    release(writer)
    assert writer.stdout is not None
    waits = writer.stdout.readline()
    maker.communicate("\n")
    assert "errclass.inbox_waits" in waits
    assert "late" == writer.communicate(timeout=60)[0].strip()
    assert ["late"] == stored(folder)
