"""Intervals of what small numbers can tell, against their definitions."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.reports.intervals import change_interval, difference_interval, share_interval


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """The example of his paper: 56 of 70 against 48 of 80, 0.0524 to 0.3339."""
    low, high = difference_interval((56, 70), (48, 80))
    assert pytest.approx((0.0524, 0.3339), abs=5e-5) == (low, high)


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_an_interval_holds_its_share(successes: int, failures: int) -> None:
    """And lies between 0 and 1."""
    low, high = share_interval(successes, successes + failures)
    if successes + failures == 0:
        assert (None, None) == (low, high)
    else:
        assert low is not None
        assert high is not None
        assert 0 <= low <= successes / (successes + failures) + 1e-12
        assert successes / (successes + failures) - 1e-12 <= high <= 1


@pytest.mark.parametrize(("successes", "tries"), [(40, 50), (1, 3), (7, 1000), (499, 500)])
def test_the_ends_of_an_interval_are_where_the_score_test_turns(successes: int, tries: int) -> None:
    """Wilson's definition: shares from which the seen one is 1.96 standard errors away."""
    share = successes / tries
    for end in share_interval(successes, tries):
        assert end is not None
        assert pytest.approx(1.959964, rel=1e-6) == abs(share - end) / math.sqrt(end * (1 - end) / tries)


@pytest.mark.parametrize(("now", "before"), [(40, 10), (10, 40), (5, 5)])
def test_the_interval_of_a_change(now: int, before: int) -> None:
    """At its ends, the share of both together that is new is an end of Wilson's interval."""
    shares = [(1 + change) / (2 + change) for change in change_interval(now, before) if change is not None]
    assert pytest.approx(list(share_interval(now, now + before))) == shares


def test_a_change_from_nothing_has_no_end() -> None:
    """More than before, nobody knows how much."""
    low, high = change_interval(10, 0)
    assert low is not None
    assert low > 0
    assert high is None
