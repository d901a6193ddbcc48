"""Why nothing is suggested, and how much more it takes."""

from __future__ import annotations

import pytest

from errclass.system.jobs.suggestion.limits import FLOOR, Limits, bound_precision
from errclass.system.jobs.suggestion.mining import StageFindings
from errclass.system.jobs.suggestion.verdict import explain_silence


def stage(wrong: int, found: int = 0, tested: int = 0) -> StageFindings:
    return StageFindings("evidence", frozenset(map(str, range(wrong))), found, tested, ())


@pytest.mark.parametrize(
    ("causes", "findings", "expected"),
    [
        (0, [], "known of 0 decided causes, and a rule needs 10 causes in the older half of history and 10 in the newer; label some: errclass outcomes review"),
        (19, [stage(19)], "known of 19 decided causes"),
        (20, [stage(0), stage(0)], "answer all 20 labelled causes rightly; there is nothing to mend"),
        (50, [stage(7), stage(7)], "7 of 50 labelled causes are answered wrongly, and nothing that they share"),
        (50, [stage(20, 3), stage(0)], "mend too little, or make right answers worse"),
        (50, [stage(20, 3, 1), stage(0)], "one rule was found on the older half of history, and none held"),
        (50, [stage(20, 3, 1), stage(20, 2, 2)], "3 rules were found"),
    ],
)  # fmt: skip
def test_each_reason_is_told(causes: int, findings: list[StageFindings], expected: str) -> None:
    """From too few labels to rules that did not hold."""
    assert expected in explain_silence(causes, findings, Limits())


@pytest.mark.parametrize(
    ("minimum", "needed"), [(1, (1, 8)), (7, (7, 8)), (8, (8, 8)), (10, (10, 10)), (500, (500, 500))]
)
def test_fewer_than_can_prove_anything_are_never_enough(minimum: int, needed: tuple[int, int]) -> None:
    """However few the user asks for, as many must be right as make the floor certain."""
    assert needed == Limits(minimum).needed
    assert bound_precision(needed[1], 0, 1) > FLOOR


def test_the_more_rules_are_tested_the_more_each_has_to_show() -> None:
    """And the less certain is what the same figures show; a rule that is wrong shows less than one that is right."""
    bounds = [bound_precision(20, 0, tested) for tested in (0, 1, 2, 10, 100)]
    assert bounds[0] == bounds[1]
    assert sorted(set(bounds[1:]), reverse=True) == bounds[1:]
    assert bound_precision(20, 0, 1) > bound_precision(19, 1, 1) > bound_precision(0, 20, 1)
    # All of 20 right: the value v with v^21 = 0.05.
    assert 0.05 == pytest.approx(bound_precision(20, 0, 1) ** 21, abs=1e-4)
