"""How long to wait: curves, caps, and jitter that stays at the cap."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errclass.actions.retry import Backoff
from errclass.core.errors import UsageError

CURVES = ("exponential", "linear", "fixed", "fibonacci", "decorrelated")
seconds = st.floats(0, 1e6)


@pytest.mark.parametrize(
    ("backoff", "delays"),
    [
        (Backoff(jitter="none"), [1, 2, 4, 8, 16, 30, 30]),
        (Backoff(jitter="none", factor=3, cap=120), [1, 3, 9, 27, 81, 120, 120]),
        (Backoff(curve="linear", jitter="none", base=2), [2, 4, 6, 8, 10, 12, 14]),
        (Backoff(curve="linear", jitter="none", increment=0.5), [1, 1.5, 2, 2.5, 3, 3.5, 4]),
        (Backoff(curve="fixed", jitter="none", base=7), [7] * 7),
        (Backoff(curve="fibonacci", jitter="none"), [1, 1, 2, 3, 5, 8, 13]),
        (Backoff(base=0, jitter="none"), [0] * 7),
    ],
)
def test_curves(backoff: Backoff, delays: list[float]) -> None:
    """The delay after the first failure, the second, and so on."""
    assert delays == [backoff.delay(number) for number in range(1, 8)]


@pytest.mark.parametrize(
    ("jitter", "least", "most"), [("full", 0.0, 8.0), ("equal", 4.0, 8.0), ("none", 8.0, 8.0), (1.0, 7.0, 8.0)]
)
def test_jitter_does_not_vanish_at_the_cap(jitter: Any, least: float, most: float) -> None:
    """Those who have reached it come back at different times nevertheless."""
    backoff = Backoff(cap=8, jitter=jitter)
    assert (least, pytest.approx(most)) == (
        backoff.delay(50, draw=lambda: 0.0),
        backoff.delay(50, draw=lambda: 0.999_999_999_9),
    )


@given(
    st.sampled_from(CURVES), seconds, st.floats(0, 100), seconds,
    st.sampled_from(["full", "equal", "none", 0.5, 1e9]), st.integers(1, 10**6), seconds, st.floats(0, 1, exclude_max=True),
)  # fmt: skip
def test_no_delay_is_negative_or_above_the_cap(
    curve: Any, base: float, factor: float, cap: float, jitter: Any, number: int, previous: float, drawn: float
) -> None:
    """Whatever the options, after a million failures too."""
    delay = Backoff(curve, base, factor, None, cap, jitter).delay(number, previous, lambda: drawn)
    assert 0 <= delay <= cap


@given(st.floats(0.01, 10), st.lists(st.floats(0, 1, exclude_max=True), min_size=1, max_size=20))
def test_decorrelated_delays_grow_from_the_one_before(base: float, draws: list[float]) -> None:
    """Between the base and three times the delay before, below the cap."""
    backoff, previous = Backoff("decorrelated", base=base, cap=60), 0.0
    for number, drawn in enumerate(draws, start=1):
        delay = backoff.delay(number, previous, lambda drawn=drawn: drawn)
        assert min(base, 60) <= delay <= min(60, 3 * max(previous, base)) + 1e-9
        previous = delay


@pytest.mark.parametrize(
    "options", [{"base": -1}, {"cap": -1}, {"factor": float("nan")}, {"jitter": -2}, {"jitter": "lots"}]
)
def test_options_that_make_no_sense_are_refused(options: dict[str, Any]) -> None:
    """With what they have to be."""
    with pytest.raises(UsageError, match=r"^\w+: give .*, not "):
        Backoff(**options)
