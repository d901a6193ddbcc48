"""Errors reach other processes whole."""

from __future__ import annotations

import copy
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest
from support.breaker_workers import refuse

from errclass.core import errors
from errclass.core.errors import CircuitOpenError, ErrclassError, MissingExtraError

ERRORS: list[ErrclassError] = [
    CircuitOpenError("deploy", 45.0),
    CircuitOpenError("deploy", float("inf")),
    CircuitOpenError("deploy", 0.0),
    MissingExtraError("otel", "otel"),
    MissingExtraError("stamina"),
    *(kind("said") for kind in vars(errors).values() if isinstance(kind, type) and kind.__init__ is Exception.__init__),
]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_survives_pickling_and_copying(error: ErrclassError) -> None:
    """With its message, its attributes and its notes."""
    error.add_note("errclass: 2 attempts")
    for other in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert (type(error), str(error), vars(error)) == (type(other), str(other), vars(other))


def test_an_error_comes_back_from_a_worker_process() -> None:
    """As it is, and the pool goes on."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        for _ in range(2):
            with pytest.raises(CircuitOpenError, match="'deploy' refuses calls for 45 s") as caught:
                pool.submit(refuse).result(60)
            assert 45.0 == caught.value.retry_after


@pytest.mark.parametrize(
    ("wait", "told"),
    [(float("inf"), "until somebody closes it"), (60, "for 60 s"), (0, "just now, while another call tries")],
)
def test_a_refusal_says_for_how_long(wait: float, told: str) -> None:
    """Nobody is told to wait for 0 seconds."""
    assert f"'deploy' refuses calls {told}" in str(CircuitOpenError("deploy", wait))
