"""The recoveries of one run: whether one may begin, and carrying it out."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from ...core.errors import ErrclassError
from ..pipeline import Answer
from ..settings import Settings
from .run_order import FinishedCall, Prospect, RunOrder
from .run_verdict import Verdict

if TYPE_CHECKING:
    from ...actions.recover import RecoveryPlan, RecoveryResult
    from ..recovering import RecoveryWish

MOST_RECOVERIES = 2
"""Recoveries within one run, each by another recipe."""
_NAMED = 2
"""Recipes that are named where none fits."""


class RunRecoveries:
    """Choose and carry out the recoveries of one run."""

    def __init__(self, order: RunOrder, settings: Settings) -> None:
        self._order, self._settings = order, settings
        self._tried: frozenset[str] = frozenset()
        self._answer: Answer | None = None

    def choose(self, answer: Answer, call: FinishedCall, prospect: Prospect) -> Verdict:
        """Return what is to be done about a call whose failure is to be recovered from."""
        self._answer = answer
        wanted = answer.decision.plan.recipe
        limit = self._find_limit(call, prospect)
        if limit:
            return _refuse(wanted, limit)
        try:
            plan = self._plan(answer)
        except (ErrclassError, OSError) as error:
            return _refuse(wanted, f"but {error}")
        obstacle = find_obstacle(plan, call, prospect)
        if obstacle:
            return _refuse(plan.recipe or wanted, obstacle)
        return Verdict(0.0, "", attempts=call.number + 1, recovery=plan)

    def carry_out(self, plan: RecoveryPlan, stopped: threading.Event, seconds: float | None) -> RecoveryResult:
        """Carry out what was planned, within so many seconds, and return what became of it."""
        from ..recovering import recover

        if self._answer is None:
            raise ValueError("a recovery is chosen before it is carried out")
        wish = self._make_wish(self._answer)
        result = recover(
            self._settings,
            wish,
            mode=self._order.recover,
            ask=lambda again: is_same(plan, again),
            seconds=seconds,
            cancelled=stopped,
        )
        self._tried |= {result.strategy} if result.strategy else set()
        return result

    def _find_limit(self, call: FinishedCall, prospect: Prospect) -> str:
        most = self._order.attempts
        if self._order.recover == "off":
            return "which --recover off leaves to you"
        if not _can_recover_here():
            return "but recoveries need what this operating system lacks"
        if len(self._tried) >= MOST_RECOVERIES:
            return f"but {len(self._tried)} were carried out already"
        if most is not None and call.number >= most:
            return f"but {call.number} of {most} calls were made"
        return f"but {prospect.obstacle}" if prospect.obstacle else ""

    def _plan(self, answer: Answer) -> RecoveryPlan:
        from ..recovering import plan_recovery

        return plan_recovery(self._settings, self._make_wish(answer), mode=self._order.recover)

    def _make_wish(self, answer: Answer) -> RecoveryWish:
        from ..recovering import RecoveryWish  # its locks are not there on every system

        return RecoveryWish(answer.decision, Path.cwd(), tool=answer.signals.tool, tried=self._tried)


def find_obstacle(plan: RecoveryPlan, call: FinishedCall, prospect: Prospect) -> str:
    """Return why a planned recovery may not begin; nothing where it may."""
    if plan.recipe is None:
        return f"but no recipe fits here{_name_nearest(plan)}"
    if plan.mode == "off":
        return "but recoveries are switched off"
    if plan.mode == "suggest":
        return "which the settings only suggest"
    if plan.mode == "ask" and not prospect.can_ask:
        return "but a person has to agree, and there is no terminal to ask at"
    took, left = call.ended.seconds, prospect.seconds_left
    if left is not None and plan.cost + took >= left:
        return f"but it (about {plan.cost:g} s) and the next call would cross the deadline"
    return ""


def is_same(plan: RecoveryPlan, again: RecoveryPlan) -> bool:
    """Tell whether a plan that was made anew would do what the first one said."""
    paths, paths_again = ([touch.path for touch in one.touches] for one in (plan, again))
    return (plan.recipe, plan.mode, plan.steps, paths) == (again.recipe, again.mode, again.steps, paths_again)


def describe_result(result: RecoveryResult) -> str:
    """Return a sentence about what became of a recovery."""
    by, details = f" by {result.strategy}" if result.strategy else "", result.details
    if result.outcome == "success":
        return f"recovered{by} in {result.seconds:.1f} s"
    if result.outcome == "partial":
        return f"the recovery{by} helped in part only, and stays: {details.get('failed_steps', '')}"
    what = "failed" if result.outcome == "failed" else "did not begin"
    fault = f": {details['fault']}" if "fault" in details else ""
    return f"the recovery{by} {what} ({result.reason.replace('_', ' ')}){fault}"


def describe_way_back(result: RecoveryResult) -> str:
    """Return what was put back, what could not be, and what no backup covers; nothing where nothing was changed."""
    if result.outcome != "failed":
        return ""
    parts = {
        "put back": ", ".join(result.restored) or "nothing had to be",
        "not put back": result.details.get("roll_back_faults"),
        "not covered": result.details.get("not_covered"),
    }
    return "; ".join(f"{name}: {text}" for name, text in parts.items() if text)


def _refuse(recipe: str | None, reason: str) -> Verdict:
    return Verdict(None, f"a recovery ({recipe or 'any'}) is due, {reason}")


def _name_nearest(plan: RecoveryPlan) -> str:
    named = [f"{one.recipe}: {one.detail}" for one in plan.ruled_out[:_NAMED]]
    return f" ({'; '.join(named)})" if named else ""


def _can_recover_here() -> bool:
    try:
        import fcntl  # noqa: F401 - where it is missing, so are the process groups that steps run in
    except ImportError:
        return False
    return True
