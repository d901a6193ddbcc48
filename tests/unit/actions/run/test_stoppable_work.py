"""Work between two calls, and those who stop it."""

from __future__ import annotations

import threading

import pytest

from errclass.actions.run.stoppable_work import do_stoppably


def test_the_result_is_the_works_own() -> None:
    """Nobody stopped it."""
    assert (42, False) == do_stoppably(lambda stopped: (42, stopped.is_set()), lambda: False)


def test_whoever_stops_the_run_stops_the_work() -> None:
    """It is told, and may take its time to end."""
    asked: list[threading.Thread] = []

    def is_stopped() -> bool:
        asked.append(threading.current_thread())
        return True

    assert do_stoppably(lambda stopped: stopped.wait(60), is_stopped)
    assert {threading.main_thread()} == set(asked)


def test_a_fault_is_raised_where_it_was_asked_for() -> None:
    """As without a thread."""
    with pytest.raises(ZeroDivisionError):
        do_stoppably(lambda stopped: 1 // 0, lambda: False)
