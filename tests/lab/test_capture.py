"""A capture counts only if the tool failed as it was meant to."""

from __future__ import annotations

import pytest
from capture import _check
from sandbox import Finished, SandboxError
from scenario import Scenario

SCENARIO = Scenario(id="refused", tool="curl", type="network", command="curl x", expect="refused")


def test_the_provoked_failure_counts() -> None:
    """A failure that says what was expected passes."""
    assert _check(SCENARIO, Finished(7, ""), "curl: (7) connection refused") is None


@pytest.mark.parametrize(
    ("finished", "text", "complaint"),
    [
        (Finished(0, ""), "connection refused", "succeeded"),
        (Finished(6, ""), "could not resolve host", "nothing matches"),
        (Finished(137, "", timed_out=True), "connection refused", "did not end"),
        (Finished(7, ""), "connection refused\n" * 300, "more than a capture may have"),
        (Finished(7, ""), "connection refused" * 1000, "more than a capture may have"),
    ],
    ids=["succeeded", "something else", "too slow", "too many lines", "too long"],
)
def test_anything_else_does_not(finished: Finished, text: str, complaint: str) -> None:
    """Success, another failure, a hang or a flood is no capture."""
    with pytest.raises(SandboxError, match=complaint):
        _check(SCENARIO, finished, text)


def test_a_hang_may_be_what_is_meant() -> None:
    """A scenario about a step that is stopped expects no words."""
    scenario = Scenario(id="hang", tool="shell", type="unknown", command="sleep 9", expect="(timed out)")
    assert _check(scenario, Finished(137, "", timed_out=True), "waiting") is None
