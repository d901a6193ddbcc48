"""Calls of operations, each counted once."""

from __future__ import annotations

from support.happenings import Scene, moment

COLUMNS = ("run_id", "known_by", "success", "failure_id")


def test_attempts_and_failures_without_one_are_calls(scene: Scene) -> None:
    """An attempt stands for the failure of its own call, told by operation, run and number."""
    scene.fail("first", 0, operation_id="r")
    scene.call("second", 1, False, operation_id="r", attempt=2)
    scene.fail("of second", 1, operation_id="r", attempt=2)
    scene.call("third", 2, True, operation_id="r", attempt=3)
    assert [
        ("first", "failure", False, "first"),
        ("second", "attempt", False, "of second"),
        ("third", "attempt", True, None),
    ] == scene.read("runs", *COLUMNS)


def test_an_attempt_with_the_failures_id_stands_for_it(waiting: Scene) -> None:
    """For callers who name no run."""
    waiting.fail("x", 0)
    waiting.call("x", 0, False)
    assert [("x", "attempt", False, "x")] == waiting.read("runs", *COLUMNS)


def test_what_is_not_the_same_call(waiting: Scene) -> None:
    """Another operation of the run, another number, no run, or a call that succeeded."""
    waiting.fail("other operation", 0, operation="test", operation_id="r")
    waiting.fail("other number", 0, operation_id="r", attempt=2)
    waiting.fail("no run", 0)
    waiting.fail("succeeded", 0, operation_id="s")
    waiting.call("failed", 1, False, operation_id="r")
    waiting.call("well", 1, True, operation_id="s")
    assert 6 == len(waiting.read("runs", "run_id"))


def test_two_failures_of_one_call_are_one_call(waiting: Scene) -> None:
    """As a log may hold two; the first by id is named."""
    waiting.fail("a", 0, operation_id="r")
    waiting.fail("b", 0, operation_id="r")
    waiting.call("x", 0, False, operation_id="r")
    assert [("x", "attempt", False, "a")] == waiting.read("runs", *COLUMNS)


def test_runs_without_an_operation_are_matched_too(waiting: Scene) -> None:
    """What is not said is the same on both sides."""
    waiting.fail("a", 0, operation=None, operation_id="r")
    waiting.call("x", 0, False, operation=None, operation_id="r")
    assert [("x", None)] == waiting.read("runs", "run_id", "operation")


def test_a_call_knows_its_time_and_what_it_followed(waiting: Scene) -> None:
    """Failures have no duration; a re-run is a later call, or one that a failure made necessary."""
    waiting.fail("a", 0)
    waiting.call("b", 2, True, failure_id="a", seconds=30, recovery="clear_cache", unchanged=False)
    waiting.fail("c", 3, attempt=2)
    columns = ("run_id", "ended_at", "seconds", "retry", "unchanged", "recovery", "follows")
    assert [
        ("a", moment(0), None, False, None, None, None),
        ("b", moment(2), 30.0, True, False, "clear_cache", "a"),
        ("c", moment(3), None, True, None, None, None),
    ] == waiting.read("runs", *columns)


def test_cancelled_and_imported_calls_are_marked(waiting: Scene) -> None:
    """An attempt is cancelled when its failure is."""
    waiting.fail("a", 0, operation_id="r", cancelled=True)
    waiting.call("x", 0, False, operation_id="r")
    waiting.fail("b", 1, source="import")
    assert [("b", False, True), ("x", True, False)] == waiting.read("runs", "run_id", "cancelled", "imported")


def test_an_id_that_all_runs_share_costs_no_pairs(waiting: Scene) -> None:
    """Whoever names every run alike gets every attempt once, not every attempt with every failure."""
    for number in range(20):
        waiting.fail(f"f{number}", number, operation_id="nightly")
        waiting.call(f"a{number}", number, False, operation_id="nightly")
    assert [(f"a{number}", "f0") for number in range(20)] == sorted(
        waiting.read("runs", "run_id", "failure_id"), key=lambda row: int(row[0][1:])
    )
