from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from errclass.core.errors import StoreError
from errclass.outcomes.event import Event
from errclass.outcomes.inbox import Inbox


@pytest.fixture
def inbox(folder: Path) -> Iterator[Inbox]:
    """An inbox that nothing was written to yet."""
    opened = Inbox(folder / "inbox.sqlite")
    yield opened
    opened.close()


def event(number: int) -> Event:
    """An event by number."""
    return Event("outcome", str(number), "{}")


def test_commit_reaches_the_disk(inbox: Inbox) -> None:
    """The file is in WAL mode and each commit is synchronised in full (2)."""
    inbox.add([event(1)])
    with inbox.hold_alone() as connection:
        modes = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert ["wal", 2] == modes


def test_network_file_system_gets_no_shared_memory(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A write-ahead log would be damaged there; the user is warned once."""
    monkeypatch.setattr("errclass.outcomes.inbox.find_network_file_system", lambda _: "nfs4")
    inbox.add([event(1)])
    inbox.close()
    inbox.add([event(2)])
    with inbox.hold_alone() as connection:
        assert ("delete", 2) == tuple(
            connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")
        )
    (warning,) = caplog.messages
    assert "is on nfs4" in warning
    assert 2 == inbox.count()


def test_numbers_are_not_used_again(inbox: Inbox) -> None:
    """A merge may rely on newer events having higher numbers."""
    inbox.add([event(1), event(2)])
    with inbox.hold_alone() as connection:
        connection.execute("DELETE FROM events")
    inbox.add([event(3)])
    assert 3 == inbox.last()


def test_events_are_read_in_portions(inbox: Inbox) -> None:
    """Between two numbers, oldest first."""
    inbox.add(event(number) for number in range(1, 7))
    assert ([2, 3], [4, 5]) == (
        [number for number, _ in inbox.read(1, 5, 2)],
        [number for number, _ in inbox.read(3, 5, 9)],
    )


def test_failed_transaction_writes_nothing(inbox: Inbox) -> None:
    """All of it or none of it."""
    inbox.add([event(1)])

    def fail() -> None:
        with inbox.hold_alone() as connection:
            connection.execute("DELETE FROM events")
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        fail()
    assert 1 == inbox.count()


def test_full_disk_is_a_clear_error(inbox: Inbox) -> None:
    """What was acknowledged before stays, and there is room again later."""
    inbox.add([event(1)])
    with inbox.hold_alone() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match="free some space; nothing was written"):
        inbox.add([Event("outcome", "big", "x" * 1_000_000)])
    connection.execute(f"PRAGMA max_page_count = {pages + 1000}")
    inbox.add([event(2)])
    assert 2 == inbox.count()


def test_file_of_another_kind_is_left_alone(inbox: Inbox) -> None:
    """A clear error, and not a byte of the file changed."""
    inbox.path.parent.mkdir(parents=True)
    inbox.path.write_bytes(b"something else entirely" * 100)
    with pytest.raises(StoreError, match=r"inbox\.sqlite.*move the file away"):
        inbox.add([event(1)])
    assert b"something else entirely" * 100 == inbox.path.read_bytes()


def test_truncated_inbox_is_left_alone(inbox: Inbox) -> None:
    """A file cut in the middle is reported with the way to save what is in it."""
    inbox.add(Event("outcome", str(number), "x" * 3000) for number in range(50))
    inbox.close()
    data = inbox.path.read_bytes()
    inbox.path.write_bytes(data[: len(data) // 2 // 4096 * 4096])
    with pytest.raises(StoreError, match="damaged and was left as it is"):
        inbox.read(0, 100, 100)
    assert len(data) // 2 // 4096 * 4096 == inbox.path.stat().st_size


def test_foreign_sqlite_file_is_refused(inbox: Inbox) -> None:
    """Somebody else's database gets no tables of ours."""
    inbox.path.parent.mkdir(parents=True)
    with sqlite3.connect(inbox.path) as foreign:
        foreign.execute("CREATE TABLE customers (id INTEGER)")
    foreign.close()
    with pytest.raises(StoreError, match="not an errclass inbox"):
        inbox.add([event(1)])


def test_folder_that_is_a_file_is_a_clear_error(tmp_path: Path) -> None:
    """The message names the path and the setting."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(StoreError, match=r"taken.*ERRCLASS_STORE"):
        Inbox(tmp_path / "taken" / "inbox.sqlite").add([event(1)])


def test_a_path_that_cannot_be_looked_at_is_a_fault_of_the_store(tmp_path: Path) -> None:
    """So that an answer is given without history, not lost."""
    with pytest.raises(StoreError):
        Inbox(tmp_path / ("x" * 300) / "inbox.sqlite").exists()
