"""Escalations that processes share through a store, and that outlive them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import escalation_workers
from support.escalation_workers import make_manager, succeed
from support.escalations import make_request

from errclass.actions.escalate import Escalation, EscalationManager, HandlerResult
from errclass.core.clock import utc_now
from errclass.outcomes import Store

if TYPE_CHECKING:
    from support.postgres import PostgresServer


@pytest.fixture(params=["folder", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store that nothing was written to yet, of each kind."""
    if request.param == "folder":
        yield str(tmp_path / "store")
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.lend_place() as lent:
        yield lent


def test_the_same_is_begun_once_over_all_threads_and_stores(place: str) -> None:
    """Eight ask at once, each with a store of its own."""
    inside, leave, results = threading.Event(), threading.Event(), []

    def wait(_: Escalation) -> HandlerResult:
        inside.set()
        leave.wait(30)
        return HandlerResult(success=True, summary="done")

    def ask() -> None:
        with Store(place) as store:
            result = make_manager(store, wait).escalate_error(make_request())
        results.append(result.refused)
        if len(results) == 7:
            leave.set()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (7, 1) == (results.count("escalation_in_progress"), results.count(None))
    with Store(place) as store:
        (one,) = EscalationManager(keeper=store).get_history()
    assert ("completed", 7, True) == (one.status, one.repeats, inside.is_set())


def test_what_is_kept_comes_back_as_it_was(place: str) -> None:
    """Another process sees it, and settles it."""
    with Store(place) as store:
        manager = EscalationManager(keeper=store)
        manager.register_handler("manual", succeed)
        result = manager.escalate_error(make_request(target="manual", text="'); DROP TABLE escalations; --\x00"))
        written = manager.get_history()
    with Store(place) as store:
        other = EscalationManager(keeper=store)
        assert written == other.get_history() == other.get_active_escalations()
        assert "resolved" == other.resolve(result.escalation_id or "", by="ada").status
        assert ((), "resolved") == (other.get_active_escalations(), other.find(written[0].id).status)  # type: ignore[union-attr]
        other.reset()
        assert () == other.get_history()


def test_a_store_that_was_never_written_has_none(place: str) -> None:
    """Reading does not create it."""
    with Store(place) as store:
        manager = EscalationManager(keeper=store)
        assert ((), None, 0) == (manager.get_history(), manager.find("x"), store.forget_escalations())
        assert not store.exists()


def test_the_newest_closed_ones_are_kept(place: str) -> None:
    """A thousand, and all that are open."""
    start = utc_now()

    def document(number: int, *, open: bool) -> dict[str, object]:  # noqa: A002 - as it is stored
        return {"id": f"{open}-{number}", "open": open, "created": (start + timedelta(seconds=number)).isoformat()}

    with Store(place) as store:
        documents = [document(number, open=False) for number in range(1_005)] + [document(0, open=True)]
        store.change_escalations(lambda _: (documents, None))
        found = [one["id"] for one in store.read_escalations(limit=None)]
    assert (1_001, "False-1004", True, False) == (len(found), found[0], "True-0" in found, "False-4" in found)


@pytest.mark.skipif(sys.platform == "win32", reason="it kills as POSIX does")
@pytest.mark.parametrize(("target", "expected"), [("codegen", "completed"), ("system_reset", "error")])
def test_what_a_killed_process_carried_out_is_found(tmp_path: Path, target: str, expected: str) -> None:
    """Not before its lease is over; then it is begun again, or marked for a person."""
    place = str(tmp_path / "store")
    program = Path(str(escalation_workers.__file__))
    environment = {**os.environ, "PYTHONPATH": str(program.parent.parent)}
    command = [sys.executable, str(program), place, target]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=tmp_path, env=environment) as process:
        assert process.stdout is not None
        assert "executing\n" == process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with Store(place) as store:
        now = utc_now()
        manager = EscalationManager(keeper=store, clock=lambda: now)
        manager.register_handler("codegen", succeed)
        manager.register_handler("system_reset", succeed)
        assert ((), "executing") == (manager.resume_abandoned(), manager.get_history()[0].status)
        assert "escalation_in_progress" == manager.escalate_error(make_request(target=target)).refused
        now += timedelta(seconds=331)
        manager.resume_abandoned()
        (one,) = manager.get_history()
    assert (expected, target == "system_reset") == (one.status, one.open)


def test_a_damaged_row_is_a_fault_of_the_store_alone(tmp_path: Path) -> None:
    """The process goes on by itself."""
    import sqlite3

    place = tmp_path / "store"
    with Store(place) as store:
        EscalationManager(keeper=store).escalate_error(make_request())
    with sqlite3.connect(place / "inbox.sqlite") as connection:
        connection.execute("UPDATE escalations SET document = '[1'")
    connection.close()
    with Store(place) as store:
        manager = EscalationManager(keeper=store)
        manager.register_handler("codegen", succeed)
        assert manager.escalate_error(make_request()).success
