"""When operations did not work, and how long it took until they did."""

from __future__ import annotations

import random

import pytest
from support.happenings import DAY, Scene, at, moment

WHEN = ("opened_at", "recovered_at", "failures")


def test_an_incident_lasts_from_the_first_failure_to_the_first_success(scene: Scene) -> None:
    """Two failures before one recovery are one incident; a success before any failure opens nothing."""
    scene.call("good", -5, True)
    scene.fail("a", 0, "network")
    scene.fail("b", 10, "build")
    scene.call("mended", 30, True)
    scene.call("still", 40, True)
    scene.fail("c", 50, "test")
    columns = (*WHEN, "known_until", "recovered", "seconds", "failure_id", "type", "category", "severity")
    assert [
        (moment(0), moment(30), 2, moment(30), True, 1800.0, "a", "network", "transient", "medium"),
        (moment(50), None, 1, moment(50), False, 0.0, "c", "test", "persistent", "medium"),
    ] == scene.read("incidents", *columns)


def test_an_open_incident_is_known_to_last_until_anything_was_last_seen(waiting: Scene) -> None:
    """Other operations going on show that time passed."""
    waiting.fail("a", 0)
    waiting.call("other", 90, True, operation="build")
    assert [(moment(90), False, 5400.0)] == waiting.read("incidents", "known_until", "recovered", "seconds")


def test_an_operation_is_not_watched_for_more_than_14_days_of_silence(waiting: Scene) -> None:
    """The branch may be gone."""
    waiting.fail("a", 0, branch="gone")
    waiting.call("other", 30 * DAY, True)
    assert [(moment(14 * DAY), False)] == waiting.read("incidents", "known_until", "recovered")


@pytest.mark.parametrize(
    "elsewhere",
    [{"operation": "build"}, {"environment": "staging"}, {"component": "api"}, {"repository": "o/r"}, {"branch": "b"}],
)
def test_a_success_elsewhere_ends_nothing(waiting: Scene, elsewhere: dict[str, str]) -> None:
    """The operation in its own place must work again; what is not said is a place too."""
    waiting.fail("a", 0)
    waiting.call("other", 5, True, **elsewhere)
    assert [(moment(0), None, 1)] == waiting.read("incidents", *WHEN)


def test_incidents_of_different_places_may_overlap(waiting: Scene) -> None:
    """Each has its own."""
    for branch, end in (("x", 20), ("y", 30)):
        waiting.fail(branch, 0, branch=branch)
        waiting.call(f"{branch}-well", end, True, branch=branch)
    assert [("x", 1200.0), ("y", 1800.0)] == waiting.read("incidents", "branch", "seconds")


def test_a_reported_success_ends_an_incident(scene: Scene) -> None:
    """As a successful call does; of several reports the last counts."""
    scene.fail("a", 0)
    scene.store.resolve("a", success=True)
    ((recovered, failures),) = scene.read("incidents", "recovered", "failures")
    assert (True, 1) == (recovered, failures)


def test_a_report_with_the_failures_own_time_does_not_say_how_long_it_took(scene: Scene) -> None:
    """Recovered, but zero seconds would be made up."""
    scene.fail("a", 0, success=True)
    assert [(True, moment(0), None)] == scene.read("incidents", "recovered", "recovered_at", "seconds")


def test_a_call_that_says_when_goes_before_a_report_that_does_not(waiting: Scene) -> None:
    """Whoever records the failure afterwards knows how it ended, and its re-run knows when."""
    waiting.fail("a", 0, success=True)
    waiting.call("again", 5, True, failure_id="a")
    assert [(moment(5), 300.0)] == waiting.read("incidents", "recovered_at", "seconds")


def test_a_failure_and_a_success_at_the_same_moment(waiting: Scene) -> None:
    """The failure comes first."""
    waiting.fail("a", 0)
    waiting.call("well", 0, True)
    assert [(moment(0), moment(0), 1)] == waiting.read("incidents", *WHEN)


def test_what_opens_no_incident(waiting: Scene) -> None:
    """A cancelled call, an imported row, and a call of nobody knows what."""
    waiting.fail("cancelled", 0, cancelled=True)
    waiting.fail("imported", 1, source="import")
    waiting.fail("nameless", 2, operation=None)
    assert [] == waiting.read("incidents", *WHEN)


def test_a_failed_attempt_without_a_failure_opens_an_incident(waiting: Scene) -> None:
    """Of an unknown type, unless a later one of the incident was recorded."""
    waiting.call("x", 0, False)
    waiting.fail("a", 5, "build")
    assert [(moment(0), None, 2, "build")] == waiting.read("incidents", *WHEN, "type")


def test_a_failed_attempt_and_its_failure_are_one_call(scene: Scene) -> None:
    """Told by the run and the number of the call."""
    scene.fail("a", 0, operation_id="run-1")
    scene.call("x", 0, False, operation_id="run-1")
    assert [(moment(0), None, 1)] == scene.read("incidents", *WHEN)


def test_incidents_are_grouped_in_every_way(waiting: Scene) -> None:
    """Each once per way, also where the group's name is not known."""
    waiting.fail("a", 0, "network", environment="production")
    found = waiting.read("incident_groups", "dimension", "value")
    assert {
        "all": "all", "type": "network", "category": "transient", "severity": "medium", "environment": "production",
        "component": None, "repository": None, "operation": "deploy",
    } == dict(found)  # fmt: skip
    assert 8 == len(found)


def test_events_tell_when_an_operation_worked(waiting: Scene) -> None:
    """Calls, and reports of success; a report of failure says nothing new."""
    waiting.fail("a", 0, success=False)
    waiting.fail("b", 1, success=True)
    waiting.call("c", 2, True)
    assert [
        (moment(0), False, True, "a", "a"),
        (moment(1), False, True, "b", "b"),
        (moment(1), True, False, None, "b"),
        (moment(2), True, True, None, "c"),
    ] == waiting.read("operation_events", "moment", "success", "timed", "failure_id", "id")


def test_a_window_chooses_incidents_by_their_opening(waiting: Scene) -> None:
    """From its start on, and before its end."""
    for number in range(4):
        waiting.fail(f"a{number}", 10 * number)
        waiting.call(f"b{number}", 10 * number + 5, True)
    ((incidents,),) = [
        row[1:] for row in waiting.read("mttr", "dimension", "incidents", since=at(10), until=at(30)) if row[0] == "all"
    ]
    assert 2 == incidents


def walk(calls: list[tuple[int, bool]]) -> list[tuple[int, int | None, int]]:
    """Return opening, recovery and failures of each incident, walking through the calls in order."""
    found: list[tuple[int, int | None, int]] = []
    for minute, success in sorted(calls):
        down = bool(found) and found[-1][1] is None
        if down:
            opened, _, failures = found[-1]
            found[-1] = (opened, minute, failures) if success else (opened, None, failures + 1)
        elif not success:
            found.append((minute, None, 1))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_incidents_are_those_of_a_walk_through_the_calls(scene: Scene, seed: int) -> None:
    """Chance calls of two branches, many at the same moment."""
    draw = random.Random(seed)
    calls = [(draw.choice("xy"), draw.randint(0, 60), draw.random() < 0.6) for _ in range(80)]
    for number, (branch, minute, success) in enumerate(calls):
        scene.call(str(number), minute, success, branch=branch)
    expected = [
        (branch, moment(opened), None if recovered is None else moment(recovered), failures)
        for branch in "xy"
        for opened, recovered, failures in walk([call[1:] for call in calls if call[0] == branch])
    ]
    assert expected == scene.read("incidents", "branch", *WHEN)
