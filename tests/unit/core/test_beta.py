from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import betainc

from errclass.core.beta import beta_quantile, beta_share

SHAPES = st.floats(0.05, 20_000)


@given(st.floats(0, 1), SHAPES, SHAPES)
def test_share_is_that_of_an_independent_implementation(value: float, a: float, b: float) -> None:
    """SciPy's incomplete beta, over shapes from almost nothing known to a great deal."""
    assert beta_share(value, a, b) == pytest.approx(betainc(a, b, value), abs=1e-7)


@given(st.floats(0.01, 0.99), SHAPES, SHAPES)
def test_quantile_and_share_undo_each_other(share: float, a: float, b: float) -> None:
    """To within the width that a quantile is found to."""
    found = beta_quantile(share, a, b)
    assert beta_share(found - 1e-6, a, b) <= share <= beta_share(found + 1e-6, a, b)


@pytest.mark.parametrize(("share", "expected"), [(0.025, 0.025), (0.5, 0.5), (0.975, 0.975)])
def test_uniform_is_its_own_quantile(share: float, expected: float) -> None:
    """Beta(1, 1) knows nothing."""
    assert expected == pytest.approx(beta_quantile(share, 1, 1), abs=1e-6)


def test_ends_hold_nothing_and_everything() -> None:
    """Values outside of 0 to 1 too."""
    assert (0.0, 0.0, 1.0, 1.0) == tuple(beta_share(value, 2, 3) for value in (-1.0, 0.0, 1.0, 2.0))
