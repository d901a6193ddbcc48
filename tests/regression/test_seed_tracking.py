"""What failure tracking told in the system before was not so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import errclass

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that is set by hand."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def tracking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[errclass.FailureTracking]:
    monkeypatch.setenv("ERRCLASS_HOME", str(tmp_path / "home"))
    with errclass.Store(tmp_path / "store") as store:
        yield errclass.FailureTracking(store, clock=clock)


def call(tracking: errclass.FailureTracking, clock: Clock, minute: float, seconds: float, *, success: bool) -> None:
    """Call an operation that begins at a minute and takes so many seconds."""
    clock.now = NOW + timedelta(minutes=minute)
    name = tracking.start_operation("deploy")
    clock.now += timedelta(seconds=seconds)
    if success:
        tracking.record_success(name)
    else:
        tracking.record_failure(name, "connection refused")


@pytest.fixture
def outage(tracking: errclass.FailureTracking, clock: Clock) -> errclass.FailureTracking:
    """Four calls of 6 s, the second and the third of which failed: down from minute 10 to minute 40."""
    for minute, success in ((0, True), (10, False), (20, False), (40, True)):
        call(tracking, clock, minute, 6, success=success)
    clock.now = NOW + timedelta(minutes=60)
    return tracking


def test_the_time_to_recovery_is_not_the_duration_of_failed_calls(outage: errclass.FailureTracking) -> None:
    """It was 6 s; it is from the first failure to the next success."""
    assert 1800.0 == outage.get_current_metrics("24h").mttr.mean_seconds


def test_the_time_between_failures_is_not_the_gap_between_failed_calls(outage: errclass.FailureTracking) -> None:
    """It was 600 s; it is the time in which the operation worked, for each time that it stopped."""
    found = outage.get_current_metrics("24h")
    assert (600.0, 1) == (found.mtbf_seconds, found.incidents)


def test_availability_is_of_time_and_not_of_durations(outage: errclass.FailureTracking) -> None:
    """It was 1 - 12 s / 24 s; the operation was down for 30 of 40 minutes."""
    assert 0.25 == outage.get_current_metrics("24h").availability


def test_an_outage_that_goes_on_counts(tracking: errclass.FailureTracking, clock: Clock) -> None:
    """It did not, before something had succeeded again."""
    call(tracking, clock, 0, 0, success=True)
    call(tracking, clock, 10, 0, success=False)
    call(tracking, clock, 40, 0, success=False)
    clock.now = NOW + timedelta(minutes=41)
    found = tracking.get_current_metrics("24h")
    assert (1, 1, 1800.0, 0.25) == (found.open_incidents, found.mttr.open, found.down_seconds, found.availability)


def test_a_series_is_not_all_zeros(outage: errclass.FailureTracking) -> None:
    """It looked for ``success_rate`` where ``successRate`` had been kept; and a slot without calls is no 0 %."""
    points = [point.value for point in outage.get_time_series("success_rate", "60m", "15m").points]
    assert [0.5, 0.0, 1.0, None] == points
    with pytest.raises(errclass.UsageError, match="no metric is called 'successRate'"):
        outage.get_time_series("successRate", "60m")


@pytest.mark.parametrize("window", ["5x", "day", "24", ""])
def test_an_unknown_window_is_not_a_day(outage: errclass.FailureTracking, window: str) -> None:
    """It was, without a word."""
    with pytest.raises(errclass.UsageError):
        outage.get_current_metrics(window)
    with pytest.raises(errclass.UsageError):
        outage.get_time_series("mttr", window)


def test_windows_choose(outage: errclass.FailureTracking) -> None:
    """In minutes, hours, days and weeks."""
    assert [1, 4, 4, 4] == [outage.get_current_metrics(window).calls for window in ("25m", "2h", "3d", "1w")]


def test_finished_operations_do_not_recurse(tracking: errclass.FailureTracking, clock: Clock) -> None:
    """Tracking never came back after the first one; each ends once, and is held no longer."""
    for number in range(50):
        call(tracking, clock, number, 1, success=number % 2 == 0)
    found = tracking.get_statistics()
    assert (50, 25, 25, 0) == (found.started, found.succeeded, found.failed, found.open)
