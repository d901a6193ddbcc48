"""Re-runs, what they and recoveries are worth, and the time that failed calls took."""

from __future__ import annotations

import pytest
from support.happenings import DAY, Scene, at, decide

from errclass.core.happenings import Action

CAUSE = "0123456789abcdef"


def test_what_is_a_telling_re_run(scene: Scene) -> None:
    """Named, of the same run on the same commit, or reported as a retry; changed ones tell nothing without a recovery."""
    scene.fail("a", 0, "network", operation_id="r", commit="1", fingerprint=CAUSE)
    scene.call("by run", 1, True, operation_id="r", attempt=2, seconds=20)
    scene.call("named", 1, False, failure_id="a")
    scene.call("recovered", 1, True, failure_id="a", recovery="clear_cache", unchanged=False)
    scene.call("changed", 1, True, failure_id="a", unchanged=False)
    scene.call("another commit", 1, True, operation_id="r", attempt=2, commit="2")
    scene.call("not the next", 1, True, operation_id="r", attempt=3)
    scene.call("another operation", 1, True, operation_id="r", attempt=2, operation="build")
    scene.fail("b", 2, decision=decide("build", strategy="retry"), success=False)
    scene.fail("c", 2, "build", success=True)
    columns = ("rerun_id", "known_by", "failure_id", "success", "recovery", "seconds", "type", "fingerprint")
    assert [
        ("b:resolution", "report", "b", False, None, None, "build", None),
        ("by run", "run", "a", True, None, 20.0, "network", CAUSE),
        ("named", "named", "a", False, None, None, "network", CAUSE),
        ("recovered", "named", "a", True, "clear_cache", None, "network", CAUSE),
    ] == scene.read("retries", *columns)


def test_a_re_run_after_two_failures_of_a_call_counts_once(waiting: Scene) -> None:
    """As a log may hold two; the last by id is named."""
    for name in "ab":
        waiting.fail(name, 0, operation_id="r")
    waiting.call("again", 1, True, operation_id="r", attempt=2)
    assert [("again", "b")] == waiting.read("retries", "rerun_id", "failure_id")


def test_re_runs_are_counted_as_decisions_count_them(waiting: Scene) -> None:
    """The marts and what a decision knows of the past agree."""
    for number in range(5):
        waiting.fail(f"a{number}", number, "network", fingerprint=CAUSE, operation_id=f"r{number}")
        waiting.call(f"b{number}", number, number % 2 == 0, operation_id=f"r{number}", attempt=2)
    waiting.store.merge()
    with waiting.store.reading() as session:
        summary = session.execute(
            "SELECT retries, retry_successes FROM history.summaries WHERE scope = 'type' AND name = 'network'"
        ).fetchall()
    assert summary == waiting.read("retry_worth", "retries", "successes")


@pytest.mark.parametrize(
    ("tries", "successes", "low", "high"), [(10, 8, 0.4902, 0.9433), (1, 1, 0.2065, 1.0), (5, 0, 0.0, 0.4345)]
)
def test_the_interval_of_a_re_runs_worth(waiting: Scene, tries: int, successes: int, low: float, high: float) -> None:
    """Wilson's, as statsmodels.stats.proportion.proportion_confint computes it."""
    waiting.fail("a", 0, "network")
    for number in range(tries):
        waiting.call(f"b{number}", 1, number < successes, failure_id="a", seconds=60)
    waiting.call("recovered", 1, True, failure_id="a", recovery="clear_cache")
    columns = ("type", "category", "failures", "retries", "successes", "mean_seconds", "success_rate", "low", "high")
    ((*counts, rate, found_low, found_high),) = waiting.read("retry_worth", *columns)
    assert ["network", "transient", 1, tries, successes, 60.0] == counts
    assert (successes / tries, low, high) == pytest.approx((rate, found_low, found_high), abs=5e-5)


def test_the_worth_in_a_window(waiting: Scene) -> None:
    """By when the re-run ended."""
    waiting.fail("a", 0, "network")
    waiting.call("b", 1, True, failure_id="a")
    waiting.call("c", 2, False, failure_id="a")
    assert [(1, 0)] == waiting.read("retry_worth", "retries", "successes", since=at(2))
    assert [(1, 1)] == waiting.read("retry_worth", "retries", "successes", until=at(2))


def test_what_recoveries_are_worth(scene: Scene) -> None:
    """How the recipe ended, and whether the operation succeeded after it; either may be unknown."""
    scene.fail("a", 0, "build")
    for name, result in (("1", "success"), ("2", "partial"), ("3", "failed"), ("4", "skipped")):
        started = at(0) if result != "skipped" else None
        scene.store.record_action(Action(name, "recover", "clear_cache", result, "a", None, started, at(2)))  # type: ignore[arg-type]
    scene.store.record_action(Action("5", "recover", "reinstall", "success", ended=at(2)))
    scene.store.record_action(Action("6", "reset", "soft", "success", "a", ended=at(2)))
    scene.call("x", 3, True, failure_id="a", recovery="clear_cache", unchanged=False)
    scene.call("y", 4, False, failure_id="a", recovery="clear_cache", unchanged=False)
    scene.call("z", 4, False, failure_id="a")
    columns = ("recovery", "type", "runs", "completed", "failed", "skipped", "mean_seconds", "tries", "successes")
    assert [
        ("clear_cache", "build", 4, 2, 1, 1, 120.0, 2, 1),
        ("reinstall", None, 1, 1, 0, 0, None, 0, 0),
    ] == scene.read("recoveries", *columns)
    assert [("clear_cache", 0.5), ("reinstall", None)] == scene.read("recoveries", "recovery", "success_rate")


def test_time_lost_and_saved(scene: Scene) -> None:
    """Failed calls, failed re-runs among them, and re-runs that helped; first successes cost nothing."""
    scene.fail("a", 0, "network", operation_id="r")
    scene.call("first", 0, False, operation_id="r", seconds=100)
    scene.call("second", 1, False, operation_id="r", attempt=2, seconds=50)
    scene.call("third", 2, True, failure_id="a", seconds=40)
    scene.call("fresh", 3, True, seconds=1000)
    scene.fail("next day", DAY, "build")
    scene.fail("cancelled", DAY, "build", cancelled=True)
    columns = (
        "type", "failed_calls", "failed_seconds", "failed_retries", "failed_retry_seconds", "saving_retries",
        "saving_retry_seconds", "untimed_calls",
    )  # fmt: skip
    assert [("build", 1, 0.0, 0, 0.0, 0, 0.0, 1), ("network", 2, 150.0, 1, 50.0, 1, 40.0, 0)] == scene.read(
        "waste", *columns
    )
