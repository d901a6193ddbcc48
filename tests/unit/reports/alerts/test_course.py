"""The course of an alert: pure, with moments that the test says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from errclass.reports.alerts import (
    Alert,
    AlertBook,
    AlertRule,
    Finding,
    Measurement,
    Step,
    acknowledge,
    advance,
    list_tellings,
    make_rule,
    mark_told,
)

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
RULE = make_rule("high_failure_rate", for_at_least=300, clear_after=900)
ALL = RULE.name


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def find(value: float | None, rule: AlertRule = RULE, **more: Any) -> Finding:
    return Finding(rule, Measurement(value, more.pop("cases", 100), **more))


class Course:
    """Look at one rule again and again, and note what happened."""

    def __init__(self, rule: AlertRule = RULE) -> None:
        self.rule, self.book = rule, AlertBook()
        self.events: list[tuple[float, str]] = []

    def look(self, minutes: float, *findings: Finding) -> Step:
        step = advance(self.book, [self.rule], findings, at(minutes))
        self.book = step.book
        self.events += [(minutes, "fired") for _ in step.fired] + [(minutes, "resolved") for _ in step.resolved]
        return step

    def see(self, values: dict[float, float | None]) -> list[tuple[float, str]]:
        for minutes, value in values.items():
            self.look(minutes, find(value, self.rule))
        return self.events

    @property
    def state(self) -> str | None:
        alert = self.book.find(ALL)
        return alert.state if alert else None


def test_it_is_pending_until_it_has_held_long_enough() -> None:
    """And fires once, however often it is looked at."""
    course = Course()
    course.see({0: 0.5})
    assert "pending" == course.state
    assert [] == course.see({4.9: 0.5})
    assert [(5, "fired")] == course.see({5: 0.5, 6: 0.5, 60: 0.5})
    assert "firing" == course.state


def test_what_is_over_before_its_time_never_fired() -> None:
    """A new sign begins to count anew."""
    course = Course()
    assert [] == course.see({0: 0.5, 4: 0.05, 5: 0.5, 9: 0.5})
    assert [(10, "fired")] == course.see({10: 0.5})


def test_what_needs_not_hold_fires_at_once() -> None:
    """With a duration of 0."""
    assert [(0, "fired")] == Course(replace(RULE, for_at_least=timedelta())).see({0: 0.5})


def test_it_is_resolved_once_it_has_been_good_for_long_enough() -> None:
    """Once, and then it is past."""
    course = Course()
    assert [(5, "fired")] == course.see({0: 0.5, 5: 0.5, 10: 0.05, 24.9: 0.05})
    assert [(5, "fired"), (25, "resolved")] == course.see({25: 0.05, 26: 0.05, 90: 0.05})
    assert (None, ["resolved"]) == (course.state, [one.state for one in course.book.past])


def test_between_both_numbers_it_stays_as_it_is() -> None:
    """Neither fires nor is over: 0.08 to 0.1."""
    course = Course()
    assert [] == course.see(dict.fromkeys(range(0, 60, 5), 0.09))
    course.see({60: 0.5, 65: 0.5})
    assert [(65, "fired")] == course.see({70.0 + minute: 0.09 for minute in range(0, 60, 5)})
    assert [(65, "fired"), (155, "resolved")] == course.see({140: 0.07, 155: 0.07})


def test_what_swings_about_the_threshold_does_not_flap() -> None:
    """It fires once and is not over, while it never stays good for long enough."""
    course = Course()
    course.see({0: 0.2, 5: 0.2})
    swings = {6.0 + 2 * step: 0.2 if step % 4 == 3 else 0.01 for step in range(200)}
    assert [(5, "fired")] == course.see(swings)


def test_too_few_cases_are_no_sign_and_no_proof_that_it_goes_on() -> None:
    """None fires; what fired is resolved, and says why."""
    course = Course()
    for minutes in (0, 10):
        course.look(minutes, find(1.0, cases=9))
    assert (None, []) == (course.state, course.events)
    course.see({20: 0.5, 25: 0.5})
    for minutes in (30, 45):
        course.look(minutes, find(1.0, cases=9))
    assert [(25, "fired"), (45, "resolved")] == course.events
    assert "9 calls are too few to say" == course.book.past[0].reason


@pytest.mark.parametrize(
    ("kind", "value", "low", "high", "verdict"),
    [
        ("high_failure_rate", 0.2, 0.08, 0.4, "between"),
        ("high_failure_rate", 0.2, 0.1, 0.3, "beyond"),
        ("high_failure_rate", 0.08, 0.05, 0.3, "clear"),
        ("low_success_rate", 0.8, 0.7, 0.91, "between"),
        ("low_success_rate", 0.8, 0.7, 0.9, "beyond"),
        ("low_success_rate", 0.92, 0.8, 0.96, "clear"),
        ("high_mttr", 3600.0, None, None, "beyond"),
        ("high_mttr", 2900.0, None, None, "between"),
        ("critical_errors", 1, None, None, "beyond"),
        ("critical_errors", 0, None, None, "clear"),
        ("low_availability", None, None, None, "clear"),
    ],
)
def test_a_number_counts_by_the_sure_end_of_its_interval(
    kind: str, value: float | None, low: float | None, high: float | None, verdict: str
) -> None:
    """And is over by itself."""
    assert verdict == find(value, make_rule(kind), low=low, high=high).verdict


def test_what_is_not_seen_any_more_is_over() -> None:
    """After the usual time; the alert of a rule that is gone at once, and a pending one without a word."""
    course = Course()
    course.see({0: 0.5, 5: 0.5})
    course.look(10)
    course.look(25)
    assert [(5, "fired"), (25, "resolved")] == course.events
    again = Course()
    again.see({0: 0.5, 5: 0.5})
    step = advance(again.book, [], [], at(6))
    assert ["its rule is no longer there"] == [one.reason for one in step.resolved]
    pending = Course()
    pending.see({0: 0.5})
    assert ((), (), ()) == (pending.look(1).fired, pending.book.current, pending.book.past)


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("critical_errors", 0, ""),
        ("breaker_trips", 0, ""),
        ("failure_spike", 0, ""),
        ("high_mttr", 9e9, "nothing is known of it any more"),
    ],
)
def test_where_nothing_is_counted_there_are_none(kind: str, value: float, reason: str) -> None:
    """That is known; of a mean it is not."""
    course = Course(make_rule(kind, for_at_least=0))
    course.look(0, find(9e9, course.rule))
    course.look(10)
    course.look(25)
    assert [(value, reason)] == [(one.value, one.reason) for one in course.book.past]


def test_what_cannot_be_said_leaves_it_as_it_is() -> None:
    """None begins; one that is pending stays so, and one that fires stays so until it is known again."""
    course = Course()
    unknown = find(1.0, lacking="nothing succeeded", ongoing=True)
    course.look(0, unknown)
    assert course.state is None
    course.look(1, find(0.5))
    course.look(20, unknown)
    assert "pending" == course.state
    course.look(21, find(0.5))
    for minutes in (30, 60, 9000):
        course.look(minutes, unknown)
    assert ("firing", [(21, "fired")]) == (course.state, course.events)
    course.see({9010: 0.01, 9025: 0.01})
    assert [(21, "fired"), (9025, "resolved")] == course.events


def test_places_are_told_apart() -> None:
    """Each has an alert of its own, whose id follows from rule and place alone."""
    rule = make_rule("in_places", "high_failure_rate", by="environment", for_at_least=0)
    step = advance(AlertBook(), [rule], [find(0.5, rule, place="a"), find(0.5, rule, place="b")], at(0))
    other = advance(AlertBook(), [rule], [find(0.5, rule, place="b")], at(7))
    ids = {alert.labels["environment"]: alert.id for alert in step.fired}
    assert {"a", "b"} == set(ids)
    assert 2 == len(set(ids.values()))
    assert [ids["b"]] == [alert.id for alert in other.fired]
    after = advance(step.book, [rule], [find(0.5, rule, place="a")], at(100))
    assert {"a": None, "b": at(100)} == {one.labels["environment"]: one.clear_since for one in after.book.current}


def test_the_same_moment_twice_changes_nothing() -> None:
    """Two processes may look at once."""
    first = advance(AlertBook(), [RULE], [find(0.5)], at(0))
    fired = advance(first.book, [RULE], [find(0.5)], at(5))
    again = advance(fired.book, [RULE], [find(0.5)], at(5))
    assert (fired.book, (), ()) == (again.book, again.fired, again.resolved)


def test_older_figures_change_nothing() -> None:
    """Somebody who took long to read them is no longer right."""
    course = Course()
    course.see({0: 0.5, 5: 0.5})
    before = course.book
    assert before == course.look(4, find(0.01)).book


def test_a_clock_that_was_wrong_does_not_stop_the_others() -> None:
    """What it wrote from far ahead counts for nothing, and an alert fires in its time."""
    ahead = advance(AlertBook(), [RULE], [find(0.5)], at(24 * 60))
    course = Course()
    course.book = ahead.book
    course.see({0: 0.5})
    assert at(0) == course.book.current[0].since
    assert [(5, "fired")] == course.see({5: 0.5})


def fire(rule: AlertRule = RULE) -> AlertBook:
    course = Course(rule)
    course.see({0: 0.5, 5: 0.5})
    return course.book


def tell(book: AlertBook, minutes: float, repeat: float | None = None) -> tuple[AlertBook, list[tuple[str, bool]]]:
    """Tell all that is due, and return what that was."""
    said = []
    for one in list(list_tellings(book, at(minutes), None if repeat is None else timedelta(minutes=repeat))):
        said.append((one.kind, one.again))
        book = mark_told(book, one, at(minutes))
    return book, said


def test_people_are_told_once_that_it_fires_and_once_that_it_is_over() -> None:
    """Not while it is pending, and not twice."""
    pending = advance(AlertBook(), [RULE], [find(0.5)], at(0)).book
    assert [] == tell(pending, 0)[1]
    book, said = tell(fire(), 5)
    assert [("firing", False)] == said
    assert [] == tell(book, 500)[1]
    for minutes in (10, 25):
        book = advance(book, [RULE], [find(0.01)], at(minutes)).book
    book, said = tell(book, 25)
    assert [("resolved", False)] == said
    assert [] == tell(book, 26)[1]


def test_the_end_of_what_nobody_heard_of_is_not_told() -> None:
    """It would be about nothing that anybody knows."""
    book = fire()
    for minutes in (10, 25):
        book = advance(book, [RULE], [find(0.01)], at(minutes)).book
    assert [] == tell(book, 25)[1]


def test_people_are_told_again_after_a_while_unless_somebody_has_taken_it_up() -> None:
    """Where the settings want it."""
    book, _ = tell(fire(), 5)
    assert [] == tell(book, 64.9, repeat=60)[1]
    again, said = tell(book, 65, repeat=60)
    assert [("firing", True)] == said
    assert [] == tell(again, 124, repeat=60)[1]
    taken = book.replace(acknowledge(book.current[0], at(10), by="ada", note="the registry"))
    assert [] == tell(taken, 300, repeat=60)[1]
    for minutes in (310, 325):
        taken = advance(taken, [RULE], [find(0.01)], at(minutes)).book
    assert [("resolved", False)] == tell(taken, 325, repeat=60)[1]


def test_one_telling_has_one_id_whoever_tells_it() -> None:
    """And whoever notes it second notes nothing."""
    book = fire()
    (mine,), (theirs,) = list_tellings(book, at(5), None), list_tellings(book, at(6), None)
    assert mine.id == theirs.id
    noted = mark_told(book, mine, at(5))
    assert noted == mark_told(noted, theirs, at(6))
    assert mine.id != next(iter(list_tellings(noted, at(90), timedelta(minutes=1)))).id


def test_the_next_time_is_told_as_a_new_one() -> None:
    """With the old id for the alert, and others for what is told."""
    book, _ = tell(fire(), 5)
    first = next(iter(list_tellings(fire(), at(5), None))).id
    for minutes, value in ((10, 0.01), (25, 0.01), (30, 0.5), (35, 0.5)):
        book = advance(book, [RULE], [find(value)], at(minutes)).book
    due = list(list_tellings(book, at(35), None))
    assert [("resolved", ALL), ("firing", ALL)] == [(one.kind, one.alert.id) for one in due]
    assert 3 == len({first, *(one.id for one in due)})


def test_acknowledging_is_for_what_fires() -> None:
    """The first who took it up stays."""
    alert = fire().current[0]
    taken = acknowledge(alert, at(6), by="ada", note="looking")
    assert ("acknowledged", "ada", "looking", True) == (taken.state, taken.acknowledged_by, taken.note, taken.active)
    assert taken == acknowledge(taken, at(7), by="bob")
    pending = replace(alert, state="pending")
    assert pending == acknowledge(pending, at(6), by="ada")


def test_a_book_is_kept_and_read_as_it_was() -> None:
    """All of its alerts, with strangers' names in them."""
    rule = make_rule("in_places", "high_failure_rate", by="environment", for_at_least=0, channels=("slack",))
    finding = find(0.5, rule, place="<!channel> \ud83d\ude00", low=0.4, high=0.6, details=("a", "b"))
    book = advance(AlertBook(), [rule], [finding], at(0)).book
    for minutes in (10, 30):
        book = advance(book, [rule], [], at(minutes)).book
    book = advance(book, [rule], [finding], at(40)).book
    assert book == AlertBook.from_dict(book.to_dict())
    assert (1, 1) == (len(book.current), len(book.past))


@pytest.mark.parametrize(
    "damage",
    [
        {"since": "yesterday"},
        {"labels": 3},
        {"since": None},
        {"channels": 5},
        "nothing",
        None,
        {"since": ""},
        {"since": 7},
        {"since": False},
        {"told_at": ""},
        *({name: "2026-03-02T12:00:00"} for name in ("since", "fired_at", "clear_since", "resolved_at", "told_at")),
        {"acknowledged_at": "2026-03-02"},
    ],
)
def test_a_damaged_alert_is_left_out(damage: Any) -> None:
    """And hides no other."""
    values = fire().to_dict()
    (alert,) = values["current"]
    broken = {**alert, **damage} if isinstance(damage, dict) else damage
    if isinstance(damage, dict) and damage.get("since", "") is None:
        broken.pop("since")
    book = AlertBook.from_dict({**values, "current": [broken, alert], "checked_at": 7})
    assert [ALL] == [one.id for one in book.current]
    assert AlertBook() == AlertBook.from_dict({"current": "x", "past": {}, "checked_at": "soon"})


def test_a_moment_without_a_time_zone_is_damaged() -> None:
    """A look goes on as if it were not there, rather than to fail each time."""
    values = {**fire().to_dict(), "checked_at": "2026-03-02T12:05:00"}
    values["current"] = [{**values["current"][0], "since": "2026-03-02T12:00:00"}]
    book = AlertBook.from_dict(values)
    assert (None, ()) == (book.checked_at, book.current)
    assert ["pending"] == [one.state for one in advance(book, [RULE], [find(0.5)], at(6)).book.current]


def test_what_is_over_is_kept_for_its_time_and_no_more_than_the_newest() -> None:
    """But its end is told first."""
    book, _ = tell(fire(), 5)
    for minutes in (10, 25):
        book = advance(book, [RULE], [find(0.01)], at(minutes)).book
    assert 1 == len(book.forget_before(at(100)).past)
    told, _ = tell(book, 26)
    assert (1, 0) == (len(told.forget_before(at(25)).past), len(told.forget_before(at(26)).past))
    one = told.past[0]
    many = replace(told, past=tuple(replace(one, id=f"x{number}") for number in range(500)))
    assert [f"x{number}" for number in range(300, 500)] == [one.id for one in many.forget_before(at(0)).past]


def test_an_end_that_people_are_to_be_told_of_is_not_forgotten() -> None:
    """Even when more of them than are kept end at once: those that were told make room first."""
    book, _ = tell(fire(), 5)
    for minutes in (10, 25):
        book = advance(book, [RULE], [find(0.01)], at(minutes)).book
    (due,) = book.past
    told = replace(due, told="resolved")
    past = [replace(told if number % 2 else due, id=f"x{number}") for number in range(600)]
    kept = replace(book, past=tuple(past)).forget_before(at(0)).past
    assert [one for one in past if one.told == "firing"] == [one for one in kept if one.told == "firing"]
    assert past[201::2] == [one for one in kept if one.told == "resolved"][-200:]
    assert 500 == len(kept)


def test_the_list_has_what_is_newest_first() -> None:
    """What fires before what is over."""

    def make(name: str, minutes: float, state: Any) -> Alert:
        return replace(fire().current[0], id=name, fired_at=at(minutes), state=state)

    book = AlertBook(
        (make("old", 1, "firing"), make("new", 2, "acknowledged")),
        (make("first", 0, "resolved"), make("second", 0, "resolved")),
    )
    assert ["new", "old", "second", "first"] == [one.id for one in book.list_all()]
