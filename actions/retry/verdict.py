"""What is to be done about one failed attempt, and who says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any, Protocol

from ...core.errors import UsageError
from ...core.responses import read_response
from ..breaker import Outcome
from .backoff import Backoff


@dataclass(frozen=True, slots=True)
class AttemptState:
    """Say where a call stands when an attempt of it has failed."""

    operation: str
    effect: str | None
    attempt: int
    """Which attempt failed, from 1."""
    elapsed: float
    """Seconds since the first attempt began."""
    time_left: float | None
    """Seconds until the deadline; None without one."""
    budget_spent: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether another attempt is worth it, and how to go about it."""

    retry: bool
    kind: str | None = None
    """Type of the failure."""
    outcome: Outcome = "failure"
    """What the circuit breaker is told: a failure that is not the other side's fault is ``ignored``."""
    backoff: Backoff | None = None
    """How long to wait, where the executor was not told."""
    attempts: int | None = None
    """Attempts in all, where the executor was not told."""
    timeout: float | None = None
    """Seconds for all attempts and waits together, where the executor was not told."""
    wait: float | None = None
    """Exact seconds to wait instead of a back-off."""
    retry_after: float | None = None
    """Seconds that the other side asked to wait."""
    decision_id: str = ""
    because: str = ""


class Decider(Protocol):
    """Say what is to be done about an error."""

    def __call__(self, error: Exception, state: AttemptState, /) -> Verdict:
        """Return the verdict; what it raises is the executor's to survive."""
        ...


On = type[Exception] | tuple[type[Exception], ...] | Callable[[Exception], bool | float | timedelta]


def decide_by(on: On) -> Decider:
    """Return the decider of ``on``: exception classes, or a function of the error.

    The function says whether to try again, or how many seconds to wait before (a float or a timedelta), as stamina's.
    """
    if isinstance(on, (type, tuple)):
        return _decide_by_class(on)
    if not callable(on):
        raise UsageError(f"on: give exception classes or a function of the error, not {on!r}")
    return _decide_by_hook(on)


def follow_response(status: int | None, retry_after: float | None, kind: str | None = None) -> Verdict:
    """Return the verdict on a response after which to try again; one that only asks for patience is no failure."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Verdict(True, kind="rate_limit", outcome="ignored", retry_after=retry_after)
    return Verdict(True, kind=kind, retry_after=retry_after)


def _decide_by_class(classes: type[Exception] | tuple[type[Exception], ...]) -> Decider:
    kinds = classes if isinstance(classes, tuple) else (classes,)
    wrong = [kind for kind in kinds if not (isinstance(kind, type) and issubclass(kind, Exception))]
    if wrong or not kinds:
        raise UsageError(f"on: {wrong[0] if wrong else '()'!r} is no class of exceptions that can be tried again")

    def decide(error: Exception, _: AttemptState) -> Verdict:
        return _follow(error) if isinstance(error, kinds) else _LEAVE

    return decide


def _decide_by_hook(hook: Callable[[Exception], Any]) -> Decider:
    def decide(error: Exception, _: AttemptState) -> Verdict:
        answer = hook(error)
        if isinstance(answer, timedelta):
            answer = answer.total_seconds()
        if isinstance(answer, bool):
            return _follow(error) if answer else _LEAVE
        if not isinstance(answer, int | float):
            raise UsageError(f"on: the function has to return True, False or seconds to wait, not {answer!r}")
        return Verdict(True, wait=max(0.0, float(answer)))

    return decide


_LEAVE = Verdict(retry=False, outcome="ignored")


def _follow(error: Exception) -> Verdict:
    """Return the verdict on an error that is to be tried again, with what the other side says of patience."""
    found = read_response(error)
    return follow_response(found.status, found.retry_after)
