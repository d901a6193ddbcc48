"""Availability, time between failures and rates: per operation, per group, per day, per window."""

from __future__ import annotations

from collections import Counter

import pytest
from support.happenings import DAY, Scene, at, moment

COUNTS = ("calls", "failures", "retries", "incidents", "observed_seconds", "down_seconds")
HOUR = 3600.0


def two_incidents(scene: Scene) -> None:
    """Ten hours of an operation: down from the second to the third hour and from the sixth to the eighth."""
    scene.call("a", 0, True, seconds=10)
    scene.fail("b", 120, "network")
    scene.call("c", 180, True, failure_id="b", seconds=30)
    scene.fail("d", 360, "build")
    scene.fail("e", 420, "build")
    scene.call("f", 480, True)
    scene.call("g", 600, True)


def test_figures_of_an_operation(scene: Scene) -> None:
    """Up 7 of 10 hours with two incidents: 70 %, and 3.5 hours between failures."""
    two_incidents(scene)
    columns = (*COUNTS, "success_rate", "failure_rate", "retry_rate", "mean_seconds", "availability", "mtbf_seconds")
    (row,) = scene.read("operations", *columns)
    assert (7, 3, 1, 2, 10 * HOUR, 3 * HOUR) == row[:6]
    assert pytest.approx((4 / 7, 3 / 7, 1 / 7, 20.0, 0.7, 3.5 * HOUR)) == row[6:]


@pytest.mark.parametrize("order", [(0.1, 0.2, 0.3), (0.2, 0.3, 0.1)])
def test_sums_do_not_depend_on_the_order_of_calls(scene: Scene, order: tuple[float, ...]) -> None:
    """As those of floating point numbers do: threads add in any order, and reports are the same every time."""
    for minute, seconds in enumerate(order):
        scene.call(str(minute), minute, True, seconds=seconds)
    assert [(0.6, 0.6 / 3)] == scene.read("operations", "seconds", "mean_seconds")
    assert [(0.6,)] == scene.read("daily_operations", "seconds")


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (0, 120, (1, 0, 0, 0, 2 * HOUR, 0.0)),
        (150, 390, (2, 1, 1, 1, 4 * HOUR, HOUR)),
        (-600, 0, None),
        (480, 601, (2, 0, 0, 0, 2 * HOUR, 0.0)),
        (370, 410, (0, 0, 0, 0, 2400.0, 2400.0)),
    ],
)
def test_a_window_cuts_spans_exactly(waiting: Scene, since: int, until: int, expected: object) -> None:
    """An incident counts where it opened, its down time wherever it lasted."""
    two_incidents(waiting)
    found = waiting.read("operations", *COUNTS, since=at(since), until=at(until))
    assert ([expected] if expected else []) == found


def test_overlapping_incidents_of_two_operations_count_in_each(waiting: Scene) -> None:
    """Together they are available by their summed times."""
    for operation, end in (("x", 60), ("y", 120)):
        waiting.fail(operation, 0, operation=operation, environment="production")
        waiting.call(f"{operation}-well", end, True, operation=operation, environment="production")
        waiting.call(f"{operation}-still", 240, True, operation=operation, environment="production")
    columns = ("operations", "incidents", "observed_seconds", "down_seconds", "availability", "mtbf_seconds")
    found = {row[:2]: row[2:] for row in waiting.read("reliability", "dimension", "value", *columns)}
    assert (2, 2, 8 * HOUR, 3 * HOUR, 0.625, 2.5 * HOUR) == found["all", "all"]
    assert found["all", "all"] == found["environment", "production"] == found["component", None]
    assert (1, 1, 4 * HOUR, HOUR, 0.75, 3 * HOUR) == found["operation", "x"]


def test_recovery_stands_beside_the_rest(scene: Scene) -> None:
    """All figures of an operation in one row."""
    two_incidents(scene)
    columns = ("dimension", "success_rate", "mttr_seconds", "median_recovery_seconds", "open_incidents", "mean_seconds")
    found = {row[0]: row[1:] for row in scene.read("reliability", *columns)}
    assert pytest.approx((4 / 7, 1.5 * HOUR, HOUR, 0, 20.0)) == found["all"]


def test_an_operation_without_incident_has_no_mtbf(waiting: Scene) -> None:
    """Rather than an endless one."""
    waiting.call("a", 0, True)
    waiting.call("b", 60, True)
    assert [(1.0, None)] == waiting.read("operations", "availability", "mtbf_seconds")


def test_a_single_call_has_no_availability(waiting: Scene) -> None:
    """No time was watched."""
    waiting.fail("a", 0)
    columns = ("calls", "incidents", "observed_seconds", "availability", "mtbf_seconds")
    assert [(1, 1, 0.0, None, 0.0)] == waiting.read("operations", *columns)


def test_what_does_not_count(waiting: Scene) -> None:
    """Cancelled and imported calls."""
    waiting.call("a", 0, True)
    waiting.fail("cancelled", 1, cancelled=True)
    waiting.fail("imported", 2, source="import")
    assert [(1, 0, 0)] == waiting.read("operations", "calls", "failures", "incidents")


def test_calls_of_no_operation_are_calls(waiting: Scene) -> None:
    """But nothing that is watched: their success and failure belong to nothing in particular."""
    waiting.call("a", 0, True)
    waiting.fail("nameless", 60, operation=None)
    columns = ("operation", "calls", "failures", "incidents", "observed_seconds", "availability")
    assert [(None, 1, 1, 0, 0.0, None), ("deploy", 1, 0, 0, HOUR, 1.0)] == waiting.read("operations", *columns)
    assert [(None, 1), ("deploy", 1)] == waiting.read("daily_operations", "operation", "calls")
    assert ("all", 1, 2, 0.5, 1.0) in waiting.read(
        "reliability", "dimension", "operations", "calls", "success_rate", "availability"
    )


def test_days_are_cut_at_midnight(scene: Scene) -> None:
    """An incident from noon to the next noon is down for twelve hours of each day, and opened on the first."""
    scene.call("a", -60, True)
    scene.fail("b", 0)
    scene.call("c", DAY, True)
    days = [moment(0).date(), moment(DAY).date()]
    assert [
        (days[0], 2, 1, 0, 1, 13 * HOUR, 12 * HOUR),
        (days[1], 1, 0, 0, 0, 12 * HOUR, 12 * HOUR),
    ] == scene.read("daily_operations", "day", *COUNTS)


def test_an_incident_that_ends_at_midnight(waiting: Scene) -> None:
    """The new day begins with the success and has no down time."""
    waiting.fail("a", 0)
    waiting.call("b", DAY / 2, True)
    assert [(1, 12 * HOUR, 12 * HOUR), (0, 0.0, 0.0)] == [
        row[1:] for row in waiting.read("daily_operations", "day", "incidents", "observed_seconds", "down_seconds")
    ]


def test_a_day_without_calls_is_watched_all_the_same(waiting: Scene) -> None:
    """Its row has the whole day."""
    waiting.call("a", 0, True)
    waiting.call("b", 3 * DAY, True)
    assert [12 * HOUR, 24 * HOUR, 24 * HOUR, 12 * HOUR] == [
        row[1] for row in waiting.read("daily_operations", "day", "observed_seconds")
    ]


def test_days_add_up_to_the_whole(waiting: Scene) -> None:
    """Whatever happened when."""
    for number in range(40):
        waiting.fail(f"a{number}", number * 700, operation=f"o{number % 3}", branch=f"b{number % 2}")
        waiting.call(f"b{number}", number * 700 + 50 + number * 37, number % 4 > 0, operation=f"o{number % 3}")
    totals: Counter[tuple[object, ...]] = Counter()
    for row in waiting.read("daily_operations", "operation", "branch", *COUNTS):
        for name, figure in zip(COUNTS, row[2:], strict=True):
            totals[*row[:2], name] += figure
    whole = {
        (*row[:2], name): figure
        for row in waiting.read("operations", "operation", "branch", *COUNTS)
        for name, figure in zip(COUNTS, row[2:], strict=True)
    }
    assert 9 == len(whole) / len(COUNTS)
    assert pytest.approx(whole) == dict(totals)


def test_operations_are_watched_from_their_first_to_the_last_of_any(waiting: Scene) -> None:
    """Also where the last is of nobody knows what."""
    waiting.call("a", 0, True)
    waiting.call("b", 60, True, operation=None)
    assert [("deploy", moment(0), moment(60))] == waiting.read(
        "observed_operations", "operation", "observed_from", "observed_until"
    )
