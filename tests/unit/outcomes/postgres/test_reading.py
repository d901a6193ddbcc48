from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.postgres import PASSWORD

from errclass.core.errors import StoreError
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.outcomes.postgres import extension

if TYPE_CHECKING:
    from support.postgres import PostgresServer

COUNT = "SELECT count(*) FROM failures"


def test_a_look_is_as_of_one_moment(server_store: Store, address: str) -> None:
    """What is merged or recorded meanwhile is neither seen twice nor missed; the next look sees it."""
    server_store.record_many(Outcome(name, "boom") for name in "ab")
    with server_store.reading() as session, Store(address) as other:
        counts = session.execute(COUNT).fetchall()
        other.merge()
        other.record(Outcome("c", "boom"))
        counts += session.execute(COUNT).fetchall()
    assert [(2,), (2,)] == counts
    assert 3 == server_store.stats().outcomes


def test_a_merged_outcome_that_is_recorded_again_is_seen_once(server_store: Store) -> None:
    """As it was first, also with quotes in its id."""
    for text in ("first", "second"):
        server_store.record_many(Outcome(name, text) for name in ('it\'s "a"', "$b"))
        if text == "first":
            server_store.merge()
    assert ["first", "first"] == [outcome.text for outcome in server_store.outcomes()]


def test_a_session_may_make_tables_of_its_own(server_store: Store) -> None:
    """While waiting events are shown as well."""
    server_store.record(Outcome("a", "boom"))
    with server_store.reading() as session:
        session.execute("CREATE TABLE own AS SELECT id FROM failures")
        assert [("a",)] == session.execute("SELECT * FROM own").fetchall()


def test_a_session_cannot_write_into_the_server(server_store: Store) -> None:
    """Reports have no business there."""
    server_store.record(Outcome("a", "boom"))
    with server_store.reading() as session, pytest.raises(Exception, match="read-only"):
        session.execute("DELETE FROM history.events")


def test_a_wrong_query_is_told_as_such(server_store: Store) -> None:
    """The server is not to blame."""
    server_store.record(Outcome("a", "boom"))
    with pytest.raises(StoreError, match="check the query"), server_store.reading() as session:
        session.execute("SELECT nonsense FROM failures")


def test_the_password_is_not_in_the_session(server_store: Store) -> None:
    """DuckDB shows how it is attached to whoever asks."""
    server_store.record(Outcome("a", "boom"))
    with server_store.reading() as session:
        shown = session.execute("SELECT * FROM duckdb_databases()").fetchall()
        shown += session.execute("SELECT * FROM duckdb_secrets()").fetchall()
    assert PASSWORD not in str(shown)


def test_without_the_extension_it_is_said_how_to_get_it(server_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recording and deciding go on without it."""
    server_store.record(Outcome("a", "boom"))
    monkeypatch.setattr(extension, "NAME", "no_such_extension")
    with pytest.raises(StoreError, match=r"pip install 'errclass\[postgres\]'.*INSTALL postgres"):
        server_store.stats()
    assert 1 == server_store.merge()


def test_a_socket_is_as_good_as_a_port(postgres: PostgresServer, address: str, schema: str) -> None:
    """Driver and DuckDB both find it."""
    folder = str(postgres.folder).replace("/", "%2F")
    with Store(address) as store:
        store.record(Outcome("a", "boom"))
    local = postgres.address(query=f"schema={schema}").replace("127.0.0.1", folder)
    with Store(local) as store:
        assert 1 == store.stats().outcomes


def test_the_environment_completes_an_address(
    postgres: PostgresServer, address: str, schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the password need not stand in a settings file."""
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    monkeypatch.setenv("PGUSER", "keeper")
    with Store(f"postgres://127.0.0.1:{postgres.port}/postgres?schema={schema}") as store:
        store.record(Outcome("a", "boom"))
        assert 1 == store.stats().outcomes
