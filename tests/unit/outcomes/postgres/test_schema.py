from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store, migrating
from errclass.outcomes.archive import attach_empty, open_session
from errclass.outcomes.migrating import Migration, apply_migrations, load_migrations
from errclass.outcomes.tables import TABLES

if TYPE_CHECKING:
    from support.postgres import PostgresServer

KINDS = {"VARCHAR": "character varying", "BIGINT": "bigint", "DOUBLE": "double precision", "BOOLEAN": "boolean",
         "TIMESTAMP": "timestamp without time zone"}  # fmt: skip
COLUMNS = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = '{}'"


@pytest.fixture
def first_store(postgres: PostgresServer, server_store: Store, schema: str, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that the first migration alone made, with one failure that ended well."""
    first = load_migrations("history")[:1]
    connection = psycopg.connect(postgres.address(), autocommit=True)

    def execute(sql: str, values: tuple[Any, ...] | None = None) -> object:
        return connection.execute(sql.replace("?", "%s").encode() if values else sql.encode(), values)

    with connection, monkeypatch.context() as patch:
        execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}")
        patch.setattr(migrating, "load_migrations", lambda _: first)
        apply_migrations("history", 0, execute)
        execute(
            "INSERT INTO failures (id, occurred_at, text, fingerprint, tags, operation, attempt, cancelled, metadata) "
            "VALUES ('old', now() AT TIME ZONE 'UTC' - interval '1 hour', 'boom', 'ffff', '[]', 'deploy', 1, FALSE, '{}');"
            "INSERT INTO decisions (id, failure_id, facts, type, category) VALUES ('old', 'old', '{}', 'network', 'n');"
            "INSERT INTO resolutions VALUES ('r', 'old', TRUE, now() AT TIME ZONE 'UTC')"
        )
    return server_store


def test_both_databases_get_the_same_tables(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """The same steps, applied by DuckDB and by PostgreSQL, and what the code believes of them."""
    server_store.record(Outcome("a", "boom"))
    there = set(postgres.ask(COLUMNS.format(schema)))
    with open_session() as session:
        attach_empty(session, "history")
        rows = session.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = 'history'"
        ).fetchall()
    here = {(table, column, KINDS[kind]) for table, column, kind in rows}
    believed = {(table, column, KINDS[kind]) for table, found in TABLES.items() for column, kind in found.items()}
    assert set() == here - there
    assert set() == believed - there


def test_the_ledgers_name_every_step(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """What was applied, and when, stands in the schema."""
    server_store.record(Outcome("a", "boom"))
    for part, ledger in (("history", "errclass_migrations"), ("postgres", "errclass_postgres_migrations")):
        rows = postgres.ask(f"SELECT version, name FROM {schema}.{ledger} ORDER BY version")
        assert [(step.version, step.name) for step in load_migrations(part)] == rows  # type: ignore[arg-type]


def test_nothing_lands_outside_of_the_schema(postgres: PostgresServer, server_store: Store) -> None:
    """A shared database is not littered."""
    server_store.record(Outcome("a", "boom"))
    server_store.merge()
    assert [] == postgres.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")


def test_reading_makes_no_schema(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """Neither a question nor a merge."""
    assert (0, [], False) == (server_store.merge(), list(server_store.outcomes()), server_store.exists())
    with server_store.reading() as session:
        assert [(0,)] == session.execute("SELECT count(*) FROM failures").fetchall()
    assert [] == postgres.ask(f"SELECT 1 FROM pg_namespace WHERE nspname = '{schema}'")


def test_a_store_of_the_first_schema_is_brought_up(first_store: Store) -> None:
    """By the first look, its counts included."""
    assert ["old"] == [outcome.id for outcome in first_store.outcomes()]
    found = first_store.history("ffff", Context(operation="deploy"), type="network")
    assert (1, 1, 0, 3600) == (found.seen, found.type_seen, found.failed_attempts, round(found.recovery_seconds or 0))


def test_a_store_of_the_first_schema_is_written(first_store: Store) -> None:
    """And takes new outcomes."""
    first_store.record(Outcome("new", "boom", fingerprint="ffff"))
    assert (1, 2) == (first_store.merge(), first_store.history("ffff", Context()).seen)


def test_a_later_version_brings_a_store_up(server_store: Store, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both lists of steps grow apart from each other."""
    server_store.record(Outcome("a", "boom"))
    parts = ("history", "postgres")
    more = {
        part: (*load_migrations(part), Migration(9, "more", f"CREATE TABLE more_{part} (id VARCHAR)")) for part in parts
    }
    monkeypatch.setattr(migrating, "load_migrations", more.__getitem__)
    with Store(address) as later:
        later.merge()
        with later.reading() as session:
            assert [] == session.execute("SELECT * FROM history.more_history, history.more_postgres").fetchall()


def test_a_failed_step_changes_nothing(server_store: Store, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version is reached whole or not at all."""
    server_store.record(Outcome("a", "boom"))
    broken = Migration(9, "broken", "CREATE TABLE half (id VARCHAR); SELECT nonsense FROM nowhere")
    known = {part: load_migrations(part) for part in ("history", "postgres")}
    with monkeypatch.context() as patch, Store(address) as later:
        patch.setattr(migrating, "load_migrations", {**known, "history": (*known["history"], broken)}.__getitem__)
        with pytest.raises(StoreError, match="nowhere"):
            later.exists()
    with server_store.reading() as session:
        assert 0 == len(session.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'half'").fetchall())


@pytest.mark.parametrize("ledger", ["errclass_migrations", "errclass_postgres_migrations"])
def test_a_newer_schema_is_refused(
    postgres: PostgresServer, server_store: Store, address: str, schema: str, ledger: str
) -> None:
    """An older errclass does not write into what it does not know, nor read it."""
    server_store.record(Outcome("a", "boom"))
    postgres.ask(f"INSERT INTO {schema}.{ledger} VALUES (77, 'future', '')")
    with Store(address) as older:
        for act in (older.stats, older.merge, lambda: older.record(Outcome("b", "boom"))):
            with pytest.raises(StoreError, match=r"schema 77, this errclass knows \d: upgrade errclass"):
                act()


def test_foreign_tables_are_left_alone(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """Somebody else's schema gets no tables of ours."""
    postgres.ask(f"CREATE SCHEMA {schema}")
    postgres.ask(f"CREATE TABLE {schema}.customers (id BIGINT)")
    with pytest.raises(StoreError, match="not an errclass history: it holds other tables"):
        server_store.record(Outcome("a", "boom"))
    assert [("customers",)] == postgres.ask(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'")


def test_an_empty_schema_is_taken(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """An administrator made it for a role that may not make one."""
    postgres.ask("CREATE ROLE tenant LOGIN PASSWORD 'tenant'")
    postgres.ask(f"CREATE SCHEMA {schema} AUTHORIZATION tenant")
    address = postgres.address(user="tenant", password="tenant", query=f"schema={schema}")
    with Store(address) as store:
        store.record(Outcome("a", "boom"))
        assert (1, 1) == (store.merge(), store.stats().outcomes)


def test_a_database_that_cannot_hold_all_text_is_refused(postgres: PostgresServer) -> None:
    """Before the first text is lost."""
    postgres.ask("CREATE DATABASE narrow ENCODING 'LATIN1' TEMPLATE template0")
    with Store(postgres.address(database="narrow")) as store, pytest.raises(StoreError, match="ENCODING 'UTF8'"):
        store.record(Outcome("a", "boom"))


def test_a_reading_role_reads(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """With the rights that the documentation lists; writing is refused with advice."""
    server_store.record(Outcome("a", "boom", fingerprint="ffff"))
    postgres.ask("CREATE ROLE reporter LOGIN PASSWORD 'reporter'")
    postgres.ask(f"GRANT USAGE ON SCHEMA {schema} TO reporter")
    postgres.ask(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO reporter")
    address = postgres.address(user="reporter", password="reporter", query=f"schema={schema}")
    with Store(address) as store:
        assert (1, 1) == (store.stats().outcomes, store.history("ffff", Context()).seen)
        for act in (store.merge, lambda: store.record(Outcome("b", "boom"))):
            with pytest.raises(StoreError, match="may not do this"):
                act()
