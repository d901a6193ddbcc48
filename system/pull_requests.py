"""Whether a CI job runs for a pull request, and whether that comes from a fork: a stranger's code, a stranger's log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MOST_BYTES = 8 << 20
_PULLS = frozenset({"pull_request", "pull_request_target", "pull_request_review", "pull_request_review_comment"})
_OTHERS = ("JENKINS_URL", "BUILDKITE", "CIRCLECI", "TRAVIS", "TF_BUILD", "BITBUCKET_BUILD_NUMBER", "TEAMCITY_VERSION")


def read_pull_request(environ: Mapping[str, str]) -> dict[str, str]:
    """Return ``pull_request`` and ``fork`` as metadata of a context: ``true``, ``false`` or ``unknown``.

    GitHub Actions and GitLab CI tell. Of another CI system nothing is known; where there is none there is none.
    """
    if environ.get("GITHUB_ACTIONS"):
        return _read_github(environ)
    if environ.get("GITLAB_CI"):
        return _read_gitlab(environ)
    if environ.get("CI") or any(environ.get(name) for name in _OTHERS):
        return _say(None, None)
    return {}


def _read_github(environ: Mapping[str, str]) -> dict[str, str]:
    name, event = environ.get("GITHUB_EVENT_NAME", ""), _read_event(environ.get("GITHUB_EVENT_PATH", ""))
    home = environ.get("GITHUB_REPOSITORY")
    if name in _PULLS:
        return _say(True, _is_other(_dig(event, "pull_request", "head", "repo", "full_name"), home))
    if name == "workflow_run":
        of_pull = _dig(event, "workflow_run", "event") in _PULLS if event else None
        return _say(of_pull, _is_other(_dig(event, "workflow_run", "head_repository", "full_name"), home))
    if name == "issue_comment":
        return _say(_dig(event, "issue", "pull_request") is not None if event else None, None)
    if environ.get("GITHUB_HEAD_REF"):  # set for pull requests only
        return _say(True, None)
    return _say(False if name else None, None)


def _read_gitlab(environ: Mapping[str, str]) -> dict[str, str]:
    if not environ.get("CI_MERGE_REQUEST_IID"):
        return _say(False, None)
    source, home = environ.get("CI_MERGE_REQUEST_SOURCE_PROJECT_ID"), environ.get("CI_MERGE_REQUEST_PROJECT_ID")
    return _say(True, _is_other(source, home))


def _say(pull_request: bool | None, fork: bool | None) -> dict[str, str]:  # noqa: FBT001 - a pair of answers
    said = {"pull_request": pull_request, "fork": fork}
    return {name: "unknown" if value is None else str(value).lower() for name, value in said.items()}


def _is_other(source: Any, home: str | None) -> bool | None:
    """Tell whether the code comes from elsewhere; a fork that was deleted has no name any more."""
    return None if not isinstance(source, str) or not source or not home else source.lower() != home.lower()


def _read_event(path: str) -> Any:
    try:
        file = Path(path)
        if not path or file.stat().st_size > _MOST_BYTES:
            return None
        return json.loads(file.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _dig(value: Any, *keys: str) -> Any:
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
