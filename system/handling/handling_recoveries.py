"""The recoveries of one handled failure: whether one may begin, and carrying it out."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from ...core.errors import ErrclassError
from ..pipeline import Answer
from ..recovering import RecoveryWish, plan_recovery, recover, to_action
from ..settings import Settings
from .handling_order import HandlingOrder
from .handling_records import HandlingRecords

if TYPE_CHECKING:
    from ...actions.recover import RecoveryPlan, RecoveryResult

MOST_RECOVERIES = 2
"""Recoveries of one handled failure, each by another recipe."""
_OBSTACLES = {
    "off": "recoveries are switched off",
    "suggest": "the settings only suggest it",
    "ask": "a person has to agree to it",
}


class HandlingRecoveries:
    """Carry out the recipes that fit, one after the other, until one helps or none is left."""

    def __init__(self, order: HandlingOrder, settings: Settings, records: HandlingRecords) -> None:
        self._order, self._settings, self._records = order, settings, records
        self._tried: frozenset[str] = frozenset()
        self.cancelled = threading.Event()
        """Ends the step that runs; all is put back then."""
        self.obstacle = ""
        """Why no other was begun."""
        self.waits_for_consent = False
        """Whether all that lacks is a person who agrees."""
        self.results: list[RecoveryResult] = []

    def try_all(self, answer: Answer) -> RecoveryResult | None:
        """Return what helped; None where nothing did, or might begin."""
        self.obstacle, self.waits_for_consent = self._find_limit(), False
        while not self.obstacle:
            try:
                plan = plan_recovery(self._settings, self._make_wish(answer))
            except (ErrclassError, OSError) as fault:
                self.obstacle = str(fault)
                break
            self.obstacle = self._find_obstacle(plan)
            if not self.obstacle and self._carry_out(answer).outcome == "success":
                return self.results[-1]
        return None

    def _carry_out(self, answer: Answer) -> RecoveryResult:
        wish, left = self._make_wish(answer), self._order.deadline.left
        result = recover(self._settings, wish, seconds=left, cancelled=self.cancelled)
        self._tried |= {result.strategy} if result.strategy else set()
        self.results.append(result)
        decision_id = answer.decision.decision_id or None
        self._records.record_action(to_action(result, failure_id=self._records.failed, decision_id=decision_id))
        helped = result.outcome == "success"
        self._records.recipe = result.strategy if helped else None
        self.obstacle = "" if helped or result.outcome == "failed" else f"{result.outcome} {result.reason}".strip()
        self.obstacle = self.obstacle or ("" if helped else self._find_limit())
        return result

    def _find_limit(self) -> str:
        if self._order.hands_off:
            return "nothing is changed on this machine"
        if not self._settings.enable.recovery:
            return "recoveries are switched off (enable.recovery)"
        if self._order.work is None:
            return "the folder in which it failed was not given (work)"
        if self.cancelled.is_set():
            return "it was cancelled"
        return "" if len(self._tried) < MOST_RECOVERIES else f"{len(self._tried)} recoveries were carried out already"

    def _find_obstacle(self, plan: RecoveryPlan) -> str:
        if plan.recipe is None:
            return "no recipe fits here" if not self._tried else "no other recipe fits here"
        self.waits_for_consent = plan.mode == "ask"
        left = self._order.deadline.left
        if plan.mode == "auto" and left is not None and plan.cost >= left:
            return f"it (about {plan.cost:g} s) would cross the deadline"
        return _OBSTACLES.get(plan.mode, "")

    def _make_wish(self, answer: Answer) -> RecoveryWish:
        work = self._order.work
        if work is None:
            raise ValueError("a recovery is begun where its folder is known")
        return RecoveryWish(answer.decision, work, tool=answer.signals.tool, tried=self._tried)
