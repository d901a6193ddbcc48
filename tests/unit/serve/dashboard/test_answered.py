"""What was answered since the queue was looked at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from errclass.serve.dashboard.answered import Answered

START = datetime(2026, 5, 4, tzinfo=UTC)


def test_an_answer_is_remembered_until_a_look_knows_of_it() -> None:
    """Unless it was taken back; a look that began at the same moment may not know of it yet."""
    now = [START]
    answered = Answered(clock=lambda: now[0])
    answered.add("first")
    now[0] += timedelta(seconds=10)
    answered.add("second")
    answered.add("third")
    answered.discard("third")
    answered.discard("unknown")
    assert {"first", "second"} == answered.since(START)
    assert {"second"} == answered.since(START + timedelta(seconds=10))
    assert set() == answered.since(START + timedelta(seconds=11))
