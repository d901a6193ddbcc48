"""Issues in a workspace that speaks Linear's API."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from support.hostile import HOSTILE, Hostile, name_case
from support.linear_server import KEY, TEAM, Workspace, rate_limited, serve_linear
from support.posts_server import Answer

from errclass.actions.notify import Delivered, Dispatch, Notice
from errclass.actions.notify.channels.linear import LinearChannel
from errclass.core.types import Severity

NOTICE = Notice("deploy [failed]", fingerprint="f", evidence=("exit 1",), tried=("once",))
FIRST = Dispatch("k1", NOTICE)


@pytest.fixture
def linear() -> Iterator[Workspace]:
    """An empty workspace."""
    with serve_linear() as workspace:
        yield workspace


def make(workspace: Workspace, key: str = KEY, team: str = TEAM) -> LinearChannel:
    return LinearChannel.from_settings({"api_key": key, "team_id": team, "url": workspace.url})


def fault(workspace: Workspace, *answers: Answer) -> None:
    assert workspace.server is not None
    workspace.server.faults = list(answers)


@pytest.mark.parametrize(("priority", "number"), [("critical", 1), ("high", 2), ("medium", 3), ("low", 4)])
def test_an_issue_is_created_with_the_right_priority(linear: Workspace, priority: Severity, number: int) -> None:
    """One is urgent, four is low."""
    delivered = make(linear).deliver(replace(FIRST, content=replace(NOTICE, priority=priority)), 5.0)
    (issue,) = linear.issues.values()
    assert Delivered("sent", reference=issue["id"]) == delivered
    assert (number, TEAM) == (issue["priority"], issue["teamId"])
    assert "```text\nexit 1\n```" in issue["description"]


def test_the_same_failure_updates_its_issue(linear: Workspace) -> None:
    """It gets no second one."""
    channel = make(linear)
    reference = channel.deliver(FIRST, 5.0).reference
    again = Dispatch("k2", replace(NOTICE, count=7, priority="high"), reference=reference)
    assert Delivered("sent", reference=reference) == channel.deliver(again, 5.0)
    (issue,) = linear.issues.values()
    assert (True, 2, "s-backlog") == ("7 times" in issue["description"], issue["priority"], issue["stateId"])


@pytest.mark.parametrize("state", ["s-done", "s-canceled"])
def test_a_closed_issue_is_opened_again(linear: Workspace, state: str) -> None:
    """When its failure comes back."""
    channel = make(linear)
    reference = channel.deliver(FIRST, 5.0).reference
    assert reference is not None
    linear.issues[reference]["stateId"] = state
    channel.deliver(Dispatch("k2", NOTICE, reference=reference), 5.0)
    assert "s-todo" == linear.issues[reference]["stateId"]


def test_a_deleted_issue_is_made_anew(linear: Workspace) -> None:
    """And its id is the new reference."""
    channel = make(linear)
    reference = channel.deliver(FIRST, 5.0).reference
    linear.issues.clear()
    delivered = channel.deliver(Dispatch("k2", NOTICE, reference=reference), 5.0)
    assert [delivered.reference] == list(linear.issues)
    assert reference != delivered.reference


def test_a_resolved_failure_is_a_comment(linear: Workspace) -> None:
    """Whether it is closed is a person's to say; a comment comes once, however often it is sent."""
    channel = make(linear)
    reference = channel.deliver(FIRST, 5.0).reference
    resolved = Dispatch("k2", replace(NOTICE, kind="resolved"), reference=reference)
    for dispatch in (resolved, replace(resolved, again=True)):
        assert Delivered("sent", reference=reference) == channel.deliver(dispatch, 5.0)
    (comment,) = linear.comments.values()
    assert comment["body"].startswith("**Resolved\\: deploy \\[failed\\]**")
    assert ["s-backlog"] == [issue["stateId"] for issue in linear.issues.values()]


def test_the_end_of_what_has_no_issue_makes_none(linear: Workspace) -> None:
    """It is not said to be told either."""
    resolved = Dispatch("k2", replace(NOTICE, kind="resolved"), reference=None)
    assert ("refused", 0) == (make(linear).deliver(resolved, 5.0).status, len(linear.issues))


def test_an_attempt_that_was_cut_off_makes_no_second_issue(linear: Workspace) -> None:
    """The issue's id follows from the message's key, and is looked for."""
    channel = make(linear)
    channel.deliver(FIRST, 5.0)
    delivered = channel.deliver(replace(FIRST, again=True), 5.0)
    assert ([delivered.reference], "sent") == (list(linear.issues), delivered.status)


def test_an_attempt_that_did_not_arrive_is_made_again(linear: Workspace) -> None:
    """Nothing of its id is found."""
    assert "sent" == make(linear).deliver(replace(FIRST, again=True), 5.0).status
    assert 1 == len(linear.issues)


@pytest.mark.parametrize(
    ("answer", "status", "wait"),
    [
        (rate_limited(), "again", 60.0),
        (rate_limited("9"), "again", 9.0),
        (Answer(429, b"", {"Retry-After": "5"}), "again", 5.0),
        (Answer(500, b"oops"), "again", None),
        (Answer(200, b"<html>"), "again", None),
        (Answer(200, b"[" * 100_000), "again", None),
        (Answer(200, b"{}"), "again", None),
        (Answer(200, b'{"data": {"issueCreate": {"success": false}}}'), "again", None),
        (Answer(200, b'{"data": {"issueCreate": null}}'), "again", None),
        (Answer(200, b'{"errors": ["odd"]}'), "again", None),
        (Answer(200, b'{"errors": [{"message": "Internal", "extensions": {"code": "INTERNAL"}}]}'), "again", None),
        (Answer(200, b'{"errors": [{"message": "no", "extensions": {"code": "FORBIDDEN"}}]}'), "refused", None),
        (Answer(200, b'{"data"', cuts=True), "again", None),
        (Answer(302, b"", {"Location": "http://evil.example"}), "refused", None),
    ],
    ids=str,
)
def test_what_an_answer_means(linear: Workspace, answer: Answer, status: str, wait: float | None) -> None:
    """Errors come with HTTP 200 too, and rate limits with 400."""
    fault(linear, answer)
    delivered = make(linear).deliver(FIRST, 5.0)
    assert (status, wait) == (delivered.status, delivered.retry_after)
    assert KEY not in delivered.detail


def test_a_wrong_key_or_team_is_refused(linear: Workspace) -> None:
    """With what Linear says."""
    assert "Authentication required" in make(linear, key="wrong").deliver(FIRST, 5.0).detail
    assert "teamId" in make(linear, team="wrong").deliver(FIRST, 5.0).detail


@pytest.mark.parametrize("answer", [Answer(500), rate_limited(), Answer(200, b"x")], ids=str)
def test_a_look_that_fails_makes_no_issue(linear: Workspace, answer: Answer) -> None:
    """It is tried again as a whole."""
    channel = make(linear)
    reference = channel.deliver(FIRST, 5.0).reference
    fault(linear, answer)
    assert "again" == channel.deliver(Dispatch("k2", NOTICE, reference=reference), 5.0).status
    assert 1 == len(linear.issues)


@pytest.mark.parametrize("case", HOSTILE, ids=name_case)
def test_hostile_text_is_text(linear: Workspace, case: Hostile) -> None:
    """The only link is ours, and the key's query is not changed by it."""
    text = case.text[:20_000]
    notice = Notice(
        text, operation=text, tried=(text,), next_step=text, evidence=(text,), link="https://ci.example.com/"
    )
    assert "sent" == make(linear).deliver(Dispatch("k1", notice), 5.0).status
    (issue,) = linear.issues.values()
    assert issue["description"].endswith("[Open](<https://ci.example.com/>)")
    assert 1 == len(issue["title"].splitlines())
