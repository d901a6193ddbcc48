"""What a CI system's environment says of the job: where an operation ran."""

from __future__ import annotations

from collections.abc import Mapping

_VARIABLES = {
    "repository": ("GITHUB_REPOSITORY", "CI_PROJECT_PATH"),
    "branch": ("GITHUB_HEAD_REF", "GITHUB_REF_NAME", "CI_COMMIT_REF_NAME"),
    "commit": ("GITHUB_SHA", "CI_COMMIT_SHA"),
    "job": ("GITHUB_JOB", "CI_JOB_NAME"),
}
_LONGEST = 200
_LINKS = ("CI_JOB_URL", "BUILDKITE_BUILD_URL", "BUILD_URL")
"""Of GitLab, Buildkite and Jenkins."""
_GITHUB = ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")


def read_ci_context(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the fields of a context that GitHub Actions or GitLab CI tell; none elsewhere."""
    if not (environ.get("GITHUB_ACTIONS") or environ.get("GITLAB_CI")):
        return {}
    found = {
        field: next((environ[name] for name in names if environ.get(name)), "") for field, names in _VARIABLES.items()
    }
    return {field: value[:_LONGEST] for field, value in found.items() if value}


def read_ci_link(environ: Mapping[str, str]) -> str | None:
    """Return the address of the job's page, as GitHub Actions, GitLab CI, Buildkite or Jenkins tell; None elsewhere."""
    server, repository, run = (environ.get(name, "") for name in _GITHUB)
    if server and repository and run:
        return f"{server}/{repository}/actions/runs/{run}"
    return next((environ[name] for name in _LINKS if environ.get(name)), None)
