"""Whether a stranger's code failed, as far as CI systems tell."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from errclass.system.pull_requests import read_pull_request

HOME = "acme/shop"
YES, NO, UNKNOWN = "true", "false", "unknown"


def _pull(full_name: Any) -> dict[str, Any]:
    return {"pull_request": {"head": {"repo": {"full_name": full_name}}}}


def _run(event: str, full_name: str) -> dict[str, Any]:
    return {"workflow_run": {"event": event, "head_repository": {"full_name": full_name}}}


GITHUB = (
    ("pull_request", _pull("Acme/Shop"), YES, NO),
    ("pull_request", _pull("mallory/shop"), YES, YES),
    ("pull_request_target", _pull("mallory/shop"), YES, YES),
    ("pull_request", {"pull_request": {"head": {"repo": None}}}, YES, UNKNOWN),
    ("pull_request", {}, YES, UNKNOWN),
    ("pull_request", [1], YES, UNKNOWN),
    ("pull_request", None, YES, UNKNOWN),
    ("workflow_run", _run("pull_request", "mallory/shop"), YES, YES),
    ("workflow_run", _run("push", HOME), NO, NO),
    ("workflow_run", None, UNKNOWN, UNKNOWN),
    ("issue_comment", {"issue": {"pull_request": {"url": "x"}}}, YES, UNKNOWN),
    ("issue_comment", {"issue": {}}, NO, UNKNOWN),
    ("issue_comment", None, UNKNOWN, UNKNOWN),
    ("push", {}, NO, UNKNOWN),
    ("schedule", None, NO, UNKNOWN),
    ("merge_group", {}, NO, UNKNOWN),
    ("", None, UNKNOWN, UNKNOWN),
)


@pytest.mark.parametrize(("name", "event", "pull_request", "fork"), GITHUB)
def test_github_tells_by_its_event(tmp_path: Path, name: str, event: Any, pull_request: str, fork: str) -> None:
    """A file that is not there, or holds nonsense, tells nothing."""
    environ = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": name, "GITHUB_REPOSITORY": HOME}
    if event is not None:
        (tmp_path / "event.json").write_text(json.dumps(event))
    environ["GITHUB_EVENT_PATH"] = str(tmp_path / "event.json")
    assert {"pull_request": pull_request, "fork": fork} == read_pull_request(environ)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[" * 100_000, b"{", b""])
def test_a_damaged_event_tells_nothing(tmp_path: Path, content: bytes) -> None:
    """So it counts as a stranger's."""
    file = tmp_path / "event.json"
    file.write_bytes(content)
    environ = {"GITHUB_ACTIONS": "1", "GITHUB_EVENT_NAME": "pull_request", "GITHUB_EVENT_PATH": str(file)}
    assert {"pull_request": YES, "fork": UNKNOWN} == read_pull_request(environ | {"GITHUB_REPOSITORY": HOME})


MERGE = {"GITLAB_CI": "true", "CI_MERGE_REQUEST_IID": "7", "CI_MERGE_REQUEST_PROJECT_ID": "1"}
OTHERS: tuple[tuple[dict[str, str], dict[str, str]], ...] = (
    (MERGE | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "1"}, {"pull_request": YES, "fork": NO}),
    (MERGE | {"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2"}, {"pull_request": YES, "fork": YES}),
    (MERGE, {"pull_request": YES, "fork": UNKNOWN}),
    ({"GITLAB_CI": "true"}, {"pull_request": NO, "fork": UNKNOWN}),
    ({"JENKINS_URL": "https://ci"}, {"pull_request": UNKNOWN, "fork": UNKNOWN}),
    ({"CI": "true"}, {"pull_request": UNKNOWN, "fork": UNKNOWN}),
    ({"GITHUB_ACTIONS": "true", "GITHUB_HEAD_REF": "topic"}, {"pull_request": YES, "fork": UNKNOWN}),
    ({}, {}),
    ({"HOME": "/home/ada"}, {}),
)


@pytest.mark.parametrize(("environ", "expected"), OTHERS)
def test_other_systems_tell_what_they_tell(environ: dict[str, str], expected: dict[str, str]) -> None:
    """Outside of a CI system there is no pull request."""
    assert expected == read_pull_request(environ)
