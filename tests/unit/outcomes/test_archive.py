from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.outcomes.archive import ArchiveBusyError, open_archive, quote


@pytest.fixture
def archive(store: Store, folder: Path) -> Path:
    """A history with one outcome."""
    store.record(Outcome("a", "boom", fingerprint="f" * 16))
    store.merge()
    return folder / "outcomes.duckdb"


def test_file_opens_with_the_oldest_supported_duckdb(archive: Path) -> None:
    """The storage format written is that of DuckDB 1.2, whatever version writes."""
    with duckdb.connect() as session:
        session.execute(f"ATTACH {quote(archive)} AS history")
        (tags,) = (
            session.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'history'").fetchone() or ()
        )
    assert "v1.2.0" in str(tags)


def test_busy_history_is_an_answer_not_an_error(archive: Path, store: Store) -> None:
    """A decision has its counts without the history's file; a merge is put off."""
    store.record(Outcome("b", "boom", fingerprint="f" * 16))
    with duckdb.connect(archive):
        assert 2 == store.history("f" * 16, Context()).seen
        assert 0 == store.merge()
    assert 1 == store.merge()


def test_recording_does_not_need_the_history(archive: Path, store: Store) -> None:
    """Nobody waits for a reader in order to record."""
    with duckdb.connect(archive):
        assert "b" == store.record(Outcome("b", "boom"))


def test_report_says_who_is_in_the_way(archive: Path) -> None:
    """After the wait an error names the file."""
    with duckdb.connect(archive), pytest.raises(ArchiveBusyError, match="in use"), open_archive(archive, wait=0.02):
        pass


def test_session_fetches_nothing_from_the_network(archive: Path) -> None:
    """Extensions are neither installed nor loaded on their own."""
    with open_archive(archive, wait=1) as session:
        settings = session.execute(
            "SELECT value FROM duckdb_settings() "
            "WHERE name IN ('autoinstall_known_extensions', 'autoload_known_extensions')"
        ).fetchall()
    assert [("false",), ("false",)] == settings


@pytest.mark.parametrize("content", [b"", b"something else" * 1000])
def test_file_of_another_kind_is_left_alone(archive: Path, store: Store, content: bytes) -> None:
    """Reading and merging say so, recording goes on, and the file is not touched."""
    archive.write_bytes(content)
    store.record(Outcome("b", "boom"))
    for act in (store.stats, store.merge):
        with pytest.raises(StoreError, match=r"outcomes\.duckdb.*move it away"):
            act()
    assert content == archive.read_bytes()


def test_moving_a_broken_history_away_brings_the_inbox_in(archive: Path, store: Store) -> None:
    """What was waiting is merged into the new file."""
    archive.write_bytes(b"something else" * 1000)
    store.record(Outcome("b", "boom"))
    archive.rename(archive.with_suffix(".broken"))
    assert (1, ["b"]) == (store.merge(), [outcome.id for outcome in store.outcomes()])


def test_truncated_history_is_a_clear_error(archive: Path, store: Store) -> None:
    """A half-written file never looks like an empty one."""
    size = archive.stat().st_size // 4
    archive.write_bytes(archive.read_bytes()[:size])
    with pytest.raises(StoreError, match=r"outcomes\.duckdb"):
        list(store.outcomes())
    assert size == archive.stat().st_size


def test_foreign_duckdb_file_is_refused(store: Store, folder: Path) -> None:
    """Somebody else's database gets no tables of ours."""
    store.record(Outcome("a", "boom"))
    with duckdb.connect(folder / "outcomes.duckdb") as foreign:
        foreign.execute("CREATE TABLE customers (id BIGINT)")
    with pytest.raises(StoreError, match="not an errclass history"):
        store.merge()


def test_path_with_a_quote_works(tmp_path: Path) -> None:
    """A path is no SQL."""
    with Store(tmp_path / "it's") as store:
        store.record(Outcome("a", "boom"))
        assert 1 == store.merge()
