"""Causes over time."""

from __future__ import annotations

import pytest
from support.happenings import DAY, Scene, moment

CAUSE = "0123456789abcdef"


@pytest.mark.parametrize(
    ("days_ago", "state", "returned"),
    [
        ([0], "new", None),
        ([7], "new", None),
        ([7.1], "recurring", None),
        ([40, 27, 14], "recurring", None),
        ([40, 14.1], "quiet", 14.1),
        ([40, 26, 3], "regressed", 3),
        ([40, 26.1, 12.2], "recurring", None),
        ([60, 40, 20, 5], "regressed", 5),
        ([40, 20, 8], "recurring", 20),
        ([30, 6, 1], "regressed", 6),
    ],
)
def test_a_cause_is_new_back_quiet_or_goes_on(
    waiting: Scene, days_ago: list[float], state: str, returned: float | None
) -> None:
    """Counted back from the newest failure of any cause; 14 days of silence make a return."""
    for number, days in enumerate(days_ago):
        waiting.fail(f"a{number}", -days * DAY, fingerprint=CAUSE)
    waiting.fail("now", 0)
    expected = None if returned is None else moment(-returned * DAY)
    assert [(state, expected)] == waiting.read("fingerprints", "state", "returned_at")


def test_figures_of_a_cause(scene: Scene) -> None:
    """The newest failure tells the type and is the example; failures without a fingerprint have no row."""
    scene.fail("a", 0, "network", fingerprint=CAUSE, tool="curl", repository="x", operation_id="r")
    scene.fail("b", DAY, "build", fingerprint=CAUSE, tool="npm", repository="y")
    scene.fail("c", DAY + 1, "build", fingerprint=CAUSE, tool="npm", repository="y")
    scene.call("again", 1, True, operation_id="r", attempt=2, repository="x")
    scene.call("mended", DAY + 2, True, failure_id="b", recovery="clear_cache")
    scene.fail("other", 0)
    columns = (
        "fingerprint", "type", "category", "tool", "failures", "jobs", "days_active", "first_seen", "last_seen", "retries",
        "retry_successes", "example_failure_id",
    )  # fmt: skip
    assert [
        (CAUSE, "build", "persistent", "npm", 3, 2, 2, moment(0), moment(DAY + 1), 1, 1, "c"),
    ] == scene.read("fingerprints", *columns)


def test_calls_that_succeed_show_that_a_cause_went_quiet(waiting: Scene) -> None:
    """Time passes also while nothing fails."""
    waiting.fail("a", 0, fingerprint=CAUSE)
    waiting.call("well", 15 * DAY, True)
    assert [("quiet",)] == waiting.read("fingerprints", "state")
