"""The checks of a store in a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from errclass.core.clock import utc_now
from errclass.core.types import Outcome
from errclass.outcomes import Store
from errclass.system.checks import check_breakers, check_queue, check_store
from errclass.system.checks.clock_check import check_clock
from errclass.system.checks.locks_check import check_locks
from errclass.system.settings import Settings

if TYPE_CHECKING:
    from support.postgres import PostgresServer


@pytest.fixture
def settings(postgres: PostgresServer, tmp_path: Path) -> Iterator[Settings]:
    """Return settings whose store is a schema of its own, that nobody made yet."""
    with postgres.lend_place() as address:
        yield Settings(home=tmp_path, store=address)


def test_a_schema_that_nobody_made_yet_is_well_and_is_not_made(settings: Settings) -> None:
    """The server answers."""
    assert ("ok", False) == ((check := check_store(settings)).status, check.details["exists"])
    assert ["ok", "ok"] == [check_queue(settings).status, check_breakers(settings).status]
    with Store(settings.store) as store:
        assert not store.exists()


def test_a_store_in_a_server_is_looked_at_as_one_in_a_folder(settings: Settings) -> None:
    """It takes the probe, and its queue and breakers are counted."""
    with Store(settings.store) as store:
        store.record(Outcome(id="a", text="x", time=utc_now()))
    check = check_store(settings)
    assert ("ok", True) == (check.status, check.details["engine"].startswith("PostgreSQL"))
    assert ("ok", 1) == ((queue := check_queue(settings)).status, queue.details["events"])
    assert ["ok", "ok", "ok"] == [look(settings).status for look in (check_breakers, check_clock, check_locks)]


def test_a_wrong_password_is_a_problem_and_is_not_shown(settings: Settings) -> None:
    """Neither the wrong one nor the right one."""
    head, _, tail = settings.store.partition("@")
    user = head.rpartition(":")[0]
    check = check_store(settings.model_copy(update={"store": f"{user}:wr0ngw0rd@{tail}"}))
    assert "problem" == check.status
    assert "check user and password" in check.advice
    assert "wr0ngw0rd" not in check.message + check.advice
