from __future__ import annotations

import random
from typing import TYPE_CHECKING

import psycopg

from errclass.core.happenings import CaseResult
from errclass.core.types import Context, Outcome
from errclass.outcomes import Event, Store
from errclass.outcomes.postgres.address import read_address
from errclass.outcomes.postgres.counting import recount
from errclass.outcomes.postgres.driver import connect

if TYPE_CHECKING:
    import pytest
    from support.postgres import PostgresServer

NOISE = "".join(random.Random(1).choices([chr(code) for code in range(0x4E00, 0x9FFF)], k=4000))
"""A name that no index takes, compressed or not."""


def test_an_unreadable_event_stays_and_blocks_nothing(server_store: Store) -> None:
    """A damaged event is neither merged nor thrown away, nor one of a newer errclass, and the others go on."""
    server_store.record(Outcome("a", "boom"))
    server_store.add_events(
        [
            Event("outcome", "bad", '{"text": "no time"}'),
            Event("label", "worse", "{"),
            Event("future", "f", "{}"),  # type: ignore[arg-type]
        ]
    )
    server_store.record(Outcome("b", "boom"))
    assert (2, 2, (3, 3)) == (server_store.merge(), server_store.stats().outcomes, server_store.count_waiting())


def test_a_batch_of_unreadable_events_does_not_end_the_merge(
    server_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those behind it are taken in the same go."""
    monkeypatch.setattr("errclass.outcomes.postgres.merging.BATCH", 2)
    server_store.add_events(Event("outcome", str(number), "{}") for number in range(5))
    server_store.record(Outcome("a", "boom"))
    assert (1, (5, 5)) == (server_store.merge(), server_store.count_waiting())


def test_an_event_that_the_tables_refuse_is_parked(server_store: Store) -> None:
    """The others of its batch go on; a later version may try it again."""
    outcomes = [Outcome(str(number), "boom") for number in range(20)]
    outcomes[7] = Outcome("7", "boom", context=Context(component=NOISE))
    server_store.record_many(outcomes)
    assert (19, 19, (1, 1)) == (server_store.merge(), server_store.stats().outcomes, server_store.count_waiting())
    server_store.retry_parked()
    assert ((1, 0), 0, (1, 1)) == (server_store.count_waiting(), server_store.merge(), server_store.count_waiting())


def test_one_process_merges_at_a_time(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """The others put it off, and nobody who records or asks waits."""
    server_store.record(Outcome("a", "boom", fingerprint="ffff"))
    with psycopg.connect(postgres.address()) as other:
        other.execute(f"SELECT 1 FROM {schema}.store_state FOR UPDATE".encode())
        assert (0, 0) == (server_store.merge(), server_store.merge(wait=0.1))
        server_store.record(Outcome("b", "boom", fingerprint="ffff"))
        assert (2, 2) == (server_store.history("ffff", Context()).seen, server_store.stats().outcomes)
    assert 2 == server_store.merge()


def test_counts_are_those_of_a_recount(
    postgres: PostgresServer, server_store: Store, address: str, schema: str
) -> None:
    """Kept up merge by merge, they are what counting everything anew gives."""

    def read_counts() -> list[list[tuple[object, ...]]]:
        columns = (
            "scope, name, seen, first_seen, last_seen, retries, retry_successes, recovered, round(recovery_seconds)"
        )
        queries = [f"{columns} FROM {schema}.summaries", f"* FROM {schema}.test_summaries"]
        return [postgres.ask(f"SELECT {query} ORDER BY 1") for query in queries]

    for number in range(6):
        server_store.record(Outcome(f"f{number}", "boom", fingerprint="ffff", context=Context(component="api")))
        server_store.merge()
        server_store.resolve(f"f{number}", number % 2 == 0, how="retry")
        server_store.resolve(f"f{number}", True)
        server_store.record_cases([CaseResult(str(number), test="t", passed=number > 1, commit="c")])
    server_store.merge()
    kept = read_counts()
    with connect(read_address(address)) as connection:
        recount(connection)
    groups, tests = kept
    assert [(6, 6, 3, 6)] * 2 == [(row[2], *row[5:8]) for row in groups]
    assert [("t", 4, 2, 1)] == [row[:4] for row in tests]
    assert kept == read_counts()


def test_the_server_learns_the_tables_sizes(postgres: PostgresServer, server_store: Store, schema: str) -> None:
    """At once, not when it comes to it: without them DuckDB may join a large table with itself."""
    server_store.record_many(Outcome(str(number), "boom") for number in range(200))
    server_store.merge()
    known = postgres.ask(f"SELECT reltuples FROM pg_class WHERE oid = '{schema}.failures'::regclass")
    assert [(200.0,)] == known
