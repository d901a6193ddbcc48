from __future__ import annotations

import sqlite3
import tarfile
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store, migrating
from errclass.outcomes.migrating import (
    Database,
    Migration,
    apply_migrations,
    check_schema,
    latest_version,
    load_migrations,
)

FIRST_STORE = Path(__file__).parent / "files" / "schema1.tar.gz"
"""A store of the first schema: outcome ``merged`` in the history, outcome ``waiting`` and a label in the inbox."""


@pytest.fixture
def first_store(folder: Path) -> Iterator[Store]:
    """The kept store of the first schema."""
    with tarfile.open(FIRST_STORE) as archive:
        archive.extractall(folder, filter="data")
    with Store(folder) as store:
        yield store


@pytest.fixture
def one_step_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of errclass that knows one step more for both files."""
    sql = "CREATE TABLE more (id VARCHAR); INSERT INTO more VALUES ('x')"
    steps = {name: load_migrations(name) for name in ("inbox", "history")}
    added = {name: (*known, Migration(known[-1].version + 1, "more", sql)) for name, known in steps.items()}
    monkeypatch.setattr(migrating, "load_migrations", added.__getitem__)


@pytest.mark.parametrize("database", ["inbox", "history"])
def test_steps_are_numbered_without_gaps(database: Database) -> None:
    """The order of the files is the order of the schema."""
    versions = [step.version for step in load_migrations(database)]
    assert list(range(1, len(versions) + 1)) == versions


@pytest.mark.parametrize("database", ["inbox", "history"])
def test_ledger_names_every_step(database: Database) -> None:
    """What was applied, and when, stands in the file."""
    connection = sqlite3.connect(":memory:")
    apply_migrations(database, 0, connection.execute)
    rows = connection.execute("SELECT version, name FROM errclass_migrations").fetchall()
    connection.close()
    assert [(step.version, step.name) for step in load_migrations(database)] == rows


def test_store_of_the_first_schema_is_read(first_store: Store) -> None:
    """Files made by the first version stay readable."""
    assert ["merged", "waiting"] == [outcome.id for outcome in first_store.outcomes()]


def test_store_of_the_first_schema_is_written(first_store: Store) -> None:
    """And take new outcomes."""
    first_store.record(Outcome("new", "boom"))
    first_store.merge()
    assert {"merged", "new", "waiting"} == {outcome.id for outcome in first_store.outcomes()}


@pytest.mark.usefixtures("one_step_more")
def test_reader_brings_an_older_store_up(first_store: Store) -> None:
    """Nothing is lost on the way, and the step is applied once."""
    names = [outcome.id for outcome in first_store.outcomes()]
    with first_store.reading() as session:
        assert [("x",)] == session.execute("SELECT * FROM history.more").fetchall()
    assert ["merged", "waiting"] == names


@pytest.mark.usefixtures("one_step_more")
def test_writer_brings_an_older_store_up(first_store: Store, folder: Path) -> None:
    """The inbox by the first record, the history by the first merge."""
    first_store.record(Outcome("new", "boom"))
    first_store.merge()
    with duckdb.connect(folder / "outcomes.duckdb") as history:
        assert [(1,), (2,), (3,)] == history.execute("SELECT version FROM errclass_migrations ORDER BY 1").fetchall()
        assert (3,) == history.execute("SELECT count(*) FROM failures").fetchone()


def test_failed_step_changes_nothing(first_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A step is applied whole or not at all."""
    broken = Migration(2, "broken", "CREATE TABLE half (id VARCHAR); SELECT nonsense FROM nowhere")
    known = {name: load_migrations(name) for name in ("inbox", "history")}
    with monkeypatch.context() as patch:
        patch.setattr(migrating, "load_migrations", {**known, "history": (*known["history"], broken)}.__getitem__)
        with pytest.raises(StoreError, match="nowhere"):
            first_store.stats()
    with first_store.reading() as session:
        assert 0 == len(session.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'half'").fetchall())
    assert 2 == first_store.stats().outcomes


def test_newer_inbox_is_refused(folder: Path, first_store: Store) -> None:
    """An older errclass does not write into what it does not know."""
    with sqlite3.connect(folder / "inbox.sqlite") as inbox:
        inbox.execute("INSERT INTO errclass_migrations VALUES (7, 'future', '')")
    inbox.close()
    known = latest_version("inbox")
    with pytest.raises(StoreError, match=rf"inbox\.sqlite has schema 7, this errclass knows {known}: upgrade errclass"):
        first_store.record(Outcome("new", "boom"))


def test_newer_history_is_refused(folder: Path, first_store: Store) -> None:
    """Recording goes on, since only the inbox is needed for it."""
    with duckdb.connect(folder / "outcomes.duckdb") as history:
        history.execute("INSERT INTO errclass_migrations VALUES (7, 'future', '')")
    assert "new" == first_store.record(Outcome("new", "boom"))
    for act in (first_store.merge, first_store.stats):
        with pytest.raises(StoreError, match=r"outcomes\.duckdb has schema 7.*upgrade errclass"):
            act()


def test_file_with_other_tables_is_foreign() -> None:
    """Somebody else's database is never migrated."""
    with pytest.raises(StoreError, match="not an errclass history"):
        check_schema("history", Path("x"), ["customers"], lambda _: None)


def test_file_without_tables_is_new() -> None:
    """There is nothing in it that could be lost."""
    assert 0 == check_schema("history", Path("x"), [], lambda _: None)
