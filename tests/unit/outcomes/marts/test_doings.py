"""Escalations, actions and messages, and flaky tests."""

from __future__ import annotations

from support.happenings import DAY, START, Scene, at, moment

from errclass.core.happenings import Action, CaseResult, Message

TODAY = START.date()


def test_escalations_by_what_was_escalated(scene: Scene) -> None:
    """With how long they took where that is known."""
    scene.fail("a", 0, "build", environment="production")
    for number, started in enumerate((at(0), None)):
        scene.store.record_action(Action(str(number), "escalate", "codegen", "success", "a", None, started, at(1)))
    scene.store.record_action(Action("2", "escalate", "manual", "failed", ended=at(1)))
    scene.store.record_action(Action("3", "notify", "slack", "success", "a", ended=at(1)))
    columns = (
        "day",
        "target",
        "result",
        "type",
        "severity",
        "environment",
        "escalations",
        "failures",
        "timed",
        "seconds",
    )
    assert [
        (TODAY, "codegen", "success", "build", "medium", "production", 2, 1, 1, 60.0),
        (TODAY, "manual", "failed", None, None, None, 1, 0, 0, 0.0),
    ] == scene.read("escalations", *columns)


def test_actions_by_day_kind_name_and_result(scene: Scene) -> None:
    """The day is that of their end."""
    scene.store.record_action(Action("1", "reset", "soft", "success", None, None, at(DAY / 2 - 1), at(DAY / 2)))
    scene.store.record_action(Action("2", "retry", "deploy", "failed", ended=at(0)))
    scene.store.record_action(Action("3", "retry", "deploy", "failed", ended=at(1)))
    columns = ("day", "kind", "name", "result", "actions", "timed", "seconds")
    assert [
        (TODAY, "retry", "deploy", "failed", 2, 0, 0.0),
        (moment(DAY / 2).date(), "reset", "soft", "success", 1, 1, 60.0),
    ] == scene.read("daily_actions", *columns)


def test_messages_by_day_channel_priority_and_status(scene: Scene) -> None:
    """And how many failures they were about."""
    for number, (status, failure) in enumerate((("sent", "a"), ("sent", "a"), ("sent", None), ("rate_limited", "b"))):
        scene.store.record_message(Message(str(number), "slack", "high", status, failure, time=at(number)))  # type: ignore[arg-type]
    assert [
        (TODAY, "slack", "high", "rate_limited", 1, 1),
        (TODAY, "slack", "high", "sent", 3, 1),
    ] == scene.read("daily_notifications", "day", "channel", "priority", "status", "messages", "failures")


def test_flaky_tests(scene: Scene) -> None:
    """Passed and failed on one commit of one repository; a commit that nobody named proves nothing."""
    results = [
        ("flaky", True, "1", "x"), ("flaky", False, "1", "x"), ("flaky", False, "2", "x"), ("flaky", True, None, "x"),
        ("mended", False, "1", "x"), ("mended", True, "2", "x"),
        ("elsewhere", False, "1", "x"), ("elsewhere", True, "1", "y"),
        ("unsaid", False, None, "x"), ("unsaid", True, None, "x"),
    ]  # fmt: skip
    scene.store.record_cases(
        CaseResult(str(number), test, passed, commit, repository, time=at(number))
        for number, (test, passed, commit, repository) in enumerate(results)
    )
    columns = (
        "test", "runs", "passes", "failures", "flaky_commits", "commits", "last_failed_at", "last_flaky_at", "failure_rate",
    )  # fmt: skip
    assert [("flaky", 4, 2, 2, 1, 2, moment(2), moment(1), 0.5)] == scene.read("flaky_tests", *columns)


def test_flaky_tests_are_those_that_decisions_know(waiting: Scene) -> None:
    """The mart and the counts kept at merges agree."""
    waiting.store.record_cases(
        CaseResult(str(number), f"t{number % 5}", number % 3 > 0, f"c{number % 4}", time=at(number))
        for number in range(60)
    )
    waiting.store.merge()
    columns = ("test", "passes", "failures", "flaky_commits", "last_failed_at", "last_flaky_at")
    with waiting.store.reading() as session:
        kept = session.execute(
            f"SELECT {', '.join(columns)} FROM history.test_summaries WHERE flaky_commits > 0 ORDER BY test"
        ).fetchall()
    assert kept == waiting.read("flaky_tests", *columns)
