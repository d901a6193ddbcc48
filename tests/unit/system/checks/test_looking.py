"""What looking at a broken thing comes to."""

from __future__ import annotations

import threading

import pytest

from errclass.core.errors import StoreError
from errclass.system.checks import Check, find_worst
from errclass.system.checks.finding import Finding, sum_up
from errclass.system.checks.looking import look_safely


def raise_error(error: BaseException) -> Check:
    raise error


def test_what_is_found_is_told() -> None:
    """As it is."""
    assert Check("x", "ok", "well") == look_safely("x", lambda: Check("x", "ok", "well"))


def test_an_error_of_ours_is_taken_apart() -> None:
    """It says what, then what to do."""
    check = look_safely("x", lambda: raise_error(StoreError("it is full; free some space; now")))
    assert ("problem", "it is full", "free some space; now") == (check.status, check.message, check.advice)


@pytest.mark.parametrize("error", [ValueError("odd"), SystemExit(3), RecursionError(), OSError(28, "No space left")])
def test_whatever_is_raised_is_a_problem_with_advice(error: BaseException) -> None:
    """A plug-in may raise anything."""
    check = look_safely("x", lambda: raise_error(error))
    assert ("problem", True, True) == (check.status, bool(check.message), bool(check.advice))


def test_no_answer_in_time_is_a_problem() -> None:
    """It is not waited for."""
    never = threading.Event()
    check = look_safely("x", lambda: Check("x", "ok", str(never.wait(60))), seconds=0.01)
    never.set()
    assert ("problem", "there was no answer within 0.01 s") == (check.status, check.message)


def test_secrets_are_masked() -> None:
    """In what went wrong and in what to do."""
    secret = "ghp_" + "a1B2" * 9
    check = look_safely("x", lambda: raise_error(ValueError(f"token {secret}")))
    assert secret not in check.message


def test_the_worst_comes_first() -> None:
    """And gives the check its status."""
    check = sum_up("x", "rest", [Finding("warning", "b", "do b"), Finding("problem", "a", "do a")], {"n": 1})
    assert ("problem", "a; b; rest", "do a; do b") == (check.status, check.message, check.advice)
    assert {"n": 1} == check.to_dict()["details"]


@pytest.mark.parametrize(
    ("statuses", "worst"),
    [
        ((), "ok"),
        (("off",), "off"),
        (("off", "ok"), "ok"),
        (("ok", "warning"), "warning"),
        (("warning", "problem"), "problem"),
    ],
)
def test_the_worst_of_several(statuses: tuple[str, ...], worst: str) -> None:
    """What is switched off is nothing bad."""
    assert worst == find_worst(Check("x", status, "") for status in statuses)  # type: ignore[arg-type]
