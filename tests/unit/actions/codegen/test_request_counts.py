"""The agent's rate limits hold over all processes that share a store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.codegen_server import Codegen, Trouble
from support.escalations import WallClock, make_escalation

from errclass.actions.codegen import CodegenIntegration, RateLimit
from errclass.actions.codegen.request_counts import KIND, RequestCount
from errclass.actions.memory_states import MemoryStates
from errclass.outcomes import Store
from errclass.testing import FakeClock

Make = Callable[..., CodegenIntegration]


def test_the_eleventh_creation_waits(codegen: Codegen, make: Make, clock: WallClock) -> None:
    """Ten a minute are documented, over both integrations."""
    keeper = MemoryStates()
    pair = [make(keeper=keeper), make(keeper=keeper)]
    began = clock.seconds()
    for number in range(11):
        assert (
            "started"
            == pair[number % 2]
            .trigger_error_resolution(make_escalation(f"esc-{number}", fingerprint=f"{number:016}"))
            .kind
        )
    assert 60 == clock.seconds() - began


def test_who_would_wait_too_long_is_told_so(codegen: Codegen, make: Make) -> None:
    """And asks nothing; the wait is told."""
    integration = make(patience=30.0)
    for number in range(10):
        integration.trigger_error_resolution(make_escalation(f"esc-{number}", fingerprint=f"{number:016}"))
    result = integration.trigger_error_resolution(make_escalation("esc-10", fingerprint="10" * 16))
    assert ("rate_limited", 60.0, True, 10) == (result.kind, result.retry_after, result.retryable, len(codegen.asked))


def test_what_one_is_told_to_wait_all_wait(codegen: Codegen, make: Make, clock: WallClock) -> None:
    """A Retry-After counts for every process."""
    keeper = MemoryStates()
    codegen.troubles = [Trouble(429, b"{}", {"Retry-After": "300"})]
    result = make(keeper=keeper, patience=20.0).trigger_error_resolution(make_escalation())
    assert ("rate_limited", 1) == (result.kind, len(codegen.asked))
    other = make(keeper=keeper, patience=20.0).trigger_error_resolution(make_escalation("esc-2", fingerprint="2" * 16))
    assert ("rate_limited", 1) == (other.kind, len(codegen.asked))
    clock.sleep(301)
    assert (
        "started" == make(keeper=keeper).trigger_error_resolution(make_escalation("esc-3", fingerprint="3" * 16)).kind
    )


def test_a_store_shares_the_count(tmp_path: Path) -> None:
    """Two processes are two values over one store."""
    clock = FakeClock(1_000)
    with Store(tmp_path / "store") as store:
        one, two = (RequestCount(store, "codegen/1/create", RateLimit(2, 60), clock=clock) for _ in range(2))
        waits = [one.reserve(100), two.reserve(100), one.reserve(100), two.reserve(10)]
    assert [(0.0, True), (0.0, True), (60.0, True), (60.0, False)] == waits


def test_a_broken_store_leaves_everyone_a_count_of_their_own(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """And is told of once."""
    (tmp_path / "store").write_text("no folder")
    count = RequestCount(Store(tmp_path / "store"), "codegen/1/create", RateLimit(1, 60), clock=FakeClock(1_000))
    assert [(0.0, True), (60.0, False)] == [count.reserve(10), count.reserve(10)]
    assert 1 == sum("errclass.shared_state_lost" in record.message for record in caplog.records)


@pytest.mark.parametrize(
    "state",
    [{"times": "never"}, {"times": [None]}, {"times": [9e18], "blocked": 9e18}, {"blocked": "x"}, {"times": 5}, {}],
    ids=str,
)
def test_a_damaged_count_starts_anew(state: dict[str, Any]) -> None:
    """So does one from a clock that was wrong by years."""
    keeper = MemoryStates()
    keeper.change_state(KIND, "x", lambda _: (state, None))
    assert (0.0, True) == RequestCount(keeper, "x", RateLimit(1, 60), clock=FakeClock(1_000)).reserve(10)


@given(
    st.integers(1, 5),
    st.floats(0.5, 100),
    st.lists(st.tuples(st.floats(0, 50), st.floats(0, 200)), max_size=60),
)
def test_no_window_ever_holds_more_than_the_limit(
    calls: int, seconds: float, requests: list[tuple[float, float]]
) -> None:
    """Whoever asks when, and however patient."""
    clock = FakeClock(1_000)
    count = RequestCount(None, "x", RateLimit(calls, seconds), clock=clock)
    moments = []
    for pause, patience in requests:
        clock.sleep(pause)
        wait, free = count.reserve(patience)
        if free:
            moments.append(clock() + wait)
    moments.sort()
    for early, late in zip(moments, moments[calls:], strict=False):
        assert late - early >= seconds - 1e-6
