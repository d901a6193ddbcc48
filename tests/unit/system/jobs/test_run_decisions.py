"""How long a run waits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from errclass.core.types import Plan
from errclass.system.jobs.ci_context import read_ci_context
from errclass.system.jobs.run_decisions import find_wait


@given(st.integers(1, 40), st.floats(0, 60), st.floats(1, 4))
def test_a_wait_is_never_longer_than_planned(number: int, base: float, multiplier: float) -> None:
    """Jitter included."""
    assert 0 <= find_wait(Plan(base_delay=base, multiplier=multiplier, max_delay=30.0), number) <= 30.0


@given(st.integers(1, 40), st.floats(0, 1e6))
def test_what_the_other_side_asks_for_is_waited(number: int, seconds: float) -> None:
    """Also beyond the plan's longest wait."""
    assert find_wait(Plan(base_delay=1.0, max_delay=30.0, retry_after=seconds), number) >= seconds


def test_a_ci_system_tells_the_place() -> None:
    """A pull request's own branch counts, not the merge that is built."""
    environ = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_REPOSITORY": "me/web",
        "GITHUB_HEAD_REF": "fix",
        "GITHUB_REF_NAME": "7/merge",
    }
    assert {"repository": "me/web", "branch": "fix"} == read_ci_context(environ)
    assert {"job": "build"} == read_ci_context({"GITLAB_CI": "true", "CI_JOB_NAME": "build"})


def test_nobody_tells_elsewhere() -> None:
    """Variables of that name may mean anything."""
    assert {} == read_ci_context({"GITHUB_REPOSITORY": "me/web"})
