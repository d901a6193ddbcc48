from __future__ import annotations

import os
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import psycopg
import pytest

from errclass.core.errors import StoreError
from errclass.core.types import Context, Outcome
from errclass.outcomes import Store
from errclass.outcomes.postgres.address import read_address
from errclass.outcomes.postgres.connections import MOST, Connections
from errclass.outcomes.postgres.driver import connect

if TYPE_CHECKING:
    from support.postgres import PostgresServer

OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'errclass'"


def drop_ours(postgres: PostgresServer) -> int:
    """End all sessions of errclass, as a restart or a firewall would, and return their number."""
    return len(postgres.ask(f"SELECT pg_terminate_backend(pid) FROM ({OURS}) AS ours"))


def test_a_dropped_connection_is_opened_anew(postgres: PostgresServer, server_store: Store) -> None:
    """Writing, asking and merging each go on by themselves."""
    server_store.record(Outcome("a", "boom", fingerprint="ffff"))
    for act in (
        lambda: server_store.record(Outcome("b", "boom", fingerprint="ffff")),
        lambda: server_store.history("ffff", Context()),
        server_store.merge,
    ):
        assert 1 == drop_ours(postgres)
        act()
    assert 2 == server_store.history("ffff", Context()).seen


def test_work_is_tried_twice_and_no_more(postgres: PostgresServer, address: str) -> None:
    """A connection that is dropped each time is a fault."""
    tries = []

    def work(connection: psycopg.Connection[object]) -> None:
        tries.append(connection)
        postgres.ask(f"SELECT pg_terminate_backend({connection.info.backend_pid})")
        connection.execute("SELECT 1")

    connections = Connections(read_address(address))
    with pytest.raises(StoreError, match="postgres://keeper@127"):
        connections.write(work)  # type: ignore[arg-type]
    assert 2 == len(tries)


def test_clashing_transactions_are_tried_again(address: str) -> None:
    """The server undoes one of two that are in each other's way; that is no fault."""
    tries = []

    def work(connection: psycopg.Connection[object]) -> int:
        tries.append(connection)
        if len(tries) < 4:
            raise psycopg.errors.DeadlockDetected
        return len(tries)

    connections = Connections(read_address(address))
    assert 4 == connections.write(work)  # type: ignore[arg-type]
    connections.close()


def test_a_connection_left_in_a_transaction_is_not_used_again(address: str) -> None:
    """Whatever went wrong in it."""
    connections = Connections(read_address(address))

    def leave(connection: psycopg.Connection[object]) -> None:
        connection.execute("BEGIN")
        raise ValueError

    with pytest.raises(ValueError):
        connections.write(leave)  # type: ignore[arg-type]
    connections.write(lambda connection: connection.execute("BEGIN; COMMIT"))
    connections.close()


def test_threads_share_a_few_connections(postgres: PostgresServer, server_store: Store) -> None:
    """Recording, merging and reading at once loses nothing and raises nothing."""

    def work(number: int) -> str:
        name = server_store.record(Outcome(str(number), "boom", fingerprint="ffff"))
        if number % 10 == 0:
            server_store.merge()
        if number % 25 == 0:
            server_store.history("ffff", Context())
        return name

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(work, range(100)))
    assert len(postgres.ask(OURS)) <= MOST
    server_store.merge(wait=5)
    assert Counter(names) == Counter(outcome.id for outcome in server_store.outcomes())


def test_a_store_survives_a_fork(server_store: Store) -> None:
    """Parent and child write with the same value, each over a connection of its own."""
    server_store.record(Outcome("before", "boom"))
    child = os.fork()
    if child == 0:
        server_store.record(Outcome("child", "boom"))
        os._exit(0)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    server_store.record(Outcome("parent", "boom"))
    assert Counter(["before", "child", "parent"]) == Counter(outcome.id for outcome in server_store.outcomes())


@pytest.mark.parametrize(("server", "session"), [("off", "on"), ("local", "local"), ("on", "on")])
def test_commits_are_durable(postgres: PostgresServer, address: str, server: str, session: str) -> None:
    """Also where the role or the server asks for less; what asks for no less stays."""
    postgres.ask(f"ALTER ROLE keeper SET synchronous_commit = {server}")
    try:
        with connect(read_address(address)) as connection:
            assert (session,) == connection.execute("SHOW synchronous_commit").fetchone()
    finally:
        postgres.ask("ALTER ROLE keeper RESET synchronous_commit")


def test_time_limits_are_set(address: str) -> None:
    """Nobody waits for ever, and no stopped client holds a lock for ever."""
    names = ("statement_timeout", "idle_in_transaction_session_timeout")
    with connect(read_address(address)) as connection:
        limits = [connection.execute(f"SHOW {name}".encode()).fetchone() for name in names]
        parameters = connection.info.get_parameters()
    assert [("30s",), ("1min",)] == limits
    assert ("5", "30000") == (parameters["connect_timeout"], parameters["tcp_user_timeout"])


def test_a_time_limit_of_the_address_stays(address: str) -> None:
    """Whoever is far from the server knows best."""
    with connect(read_address(f"{address}&connect_timeout=9")) as connection:
        assert "9" == connection.info.get_parameters()["connect_timeout"]
