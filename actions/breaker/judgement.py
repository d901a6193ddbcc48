"""What an error counts as, by a function of the user's that may be wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, get_args

from .circuit import Outcome

Judge = Callable[[BaseException], Outcome]

_OUTCOMES = get_args(Outcome)
_log = logging.getLogger("errclass")


def judge_by_kind(error: BaseException) -> Outcome:
    """Return ``failure`` for exceptions and ``cancelled`` for what is none, such as a cancelled task or Ctrl-C."""
    return "failure" if isinstance(error, Exception) else "cancelled"


class Judgement:
    """Ask a judge; what it raises, or says that is no outcome, is logged and stands for ``judge_by_kind``."""

    __slots__ = ("_judge", "_operation", "_told")

    def __init__(self, judge: Judge, operation: str) -> None:
        self._judge = judge
        self._operation = operation
        self._told = False

    def judge(self, error: BaseException) -> Outcome:
        """Return what the error counts as."""
        try:
            outcome = self._judge(error)
        except Exception:  # noqa: BLE001 - the rim: a fault of the judge must not replace the user's own error
            _log.exception("errclass.inner_fault")
            return judge_by_kind(error)
        return self.check(outcome, judge_by_kind(error))

    def check(self, outcome: Any, otherwise: Outcome = "failure") -> Outcome:
        """Return the outcome if it is one; else ``otherwise``, and log it the first time."""
        if isinstance(outcome, str) and outcome in _OUTCOMES:
            return outcome  # type: ignore[return-value] # one of the four
        if not self._told:
            self._told = True
            known = ", ".join(_OUTCOMES)
            _log.error(
                "errclass.unknown_outcome: the breaker of %s: %.80r is none of %s", self._operation, outcome, known
            )
        return otherwise
