"""Alerts that processes share through a store: who looks at once tells once, and who is killed loses nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import alert_workers
from support.alert_workers import look, record_critical

from errclass.outcomes import Store
from errclass.reports.alerts import AlertBook
from errclass.system.alerting import KIND, NAME

if TYPE_CHECKING:
    from support.postgres import PostgresServer

SECONDS = 240


@pytest.fixture(params=["folder", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store with one critical failure, of each kind."""
    if request.param == "folder":
        place = str(tmp_path / "store")
        plant(place)
        yield place
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.lend_place() as lent:
        plant(lent)
        yield lent


def plant(place: str) -> None:
    with Store(place) as store:
        record_critical(store)


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, alert_workers.__file__, *arguments], cwd=Path(alert_workers.__file__).parents[1]
    )


def read(place: str) -> tuple[list[str], list[tuple[str, str | None, int]]]:
    """Return the kinds of what was queued, and the alerts with what people were told of each."""
    with Store(place) as store:
        entries = store.read_mail(lambda box: box.list_entries(limit=100), absent=[])
        book = AlertBook.from_dict(store.read_state(KIND, NAME))
    return [entry.document["kind"] for entry in entries], [(one.id, one.told, one.tellings) for one in book.current]


def test_processes_that_look_at_once_tell_once(place: str) -> None:
    """Four, three times each."""
    processes = [start(place) for _ in range(4)]
    assert [0] * 4 == [process.wait(SECONDS) for process in processes]
    queued, alerts = read(place)
    assert (1, 1) == (queued.count("alert"), [name for name, *_ in alerts].count("critical_errors"))
    assert all(("firing", 1) == (told, tellings) for _, told, tellings in alerts)


@pytest.mark.parametrize(("when", "queued"), [("before", []), ("after", ["alert"])])
def test_what_a_killed_process_was_about_to_tell_is_told_once(place: str, when: str, queued: list[str]) -> None:
    """Whether it was killed before it was queued or before that was noted."""
    assert -9 == start(place, when).wait(SECONDS)
    assert (queued, [("critical_errors", None, 0)]) == read(place)
    for _ in range(2):
        look(place)
    assert (["alert"], [("critical_errors", "firing", 1)]) == read(place)
