"""Carry out escalations that repair something here: a recovery, or a reset of the environment."""

from __future__ import annotations

import asyncio
import logging
from typing import cast

from ..actions.escalate import Case, Escalation, Handler, HandlerResult
from ..actions.recover import Mode, RecoveryResult, limit_mode, load_recipes
from ..actions.reset import EnvironmentReset, ResetResult
from ..core.clock import utc_now
from ..core.errors import StoreError
from ..core.frozen import FrozenDict
from ..core.happenings import Action
from ..core.ids import new_id
from ..core.types import Abstention, Context, Decision, History, Plan, Severity
from ..outcomes import Store
from .recovering import FOLDER, RecoveryWish, arecover, make_options, to_action
from .settings import Settings
from .work_places import find_place, find_tool

_log = logging.getLogger("errclass")
REPAIRS = ("auto_recovery", "environment_reset")
"""Targets that repair something here."""
_GRACE = 60.0
"""Seconds for putting all back where the steps' time is up."""
_BUSY = "recovery_already_active"


def find_repair_mode(settings: Settings, kind: str, environment: str | None, component: str | None = None) -> Mode:
    """Return how far a repair of a failure of this type may go by itself."""
    chosen = settings.for_call(component=component, environment=environment)
    return limit_mode(kind, environment, make_options(chosen))


def find_repair_deadline(settings: Settings) -> float:
    """Return the seconds within which a repair has ended by itself."""
    return settings.recovery.timeout + _GRACE


def build_reset(settings: Settings) -> EnvironmentReset:
    """Build what resets environments by the settings; it shares its folder, and so its locks, with recoveries."""
    return EnvironmentReset(
        settings.home / FOLDER,
        allow_destructive=settings.reset.allow_destructive,
        preserve_user_data=settings.reset.preserve_user_data,
        timeout=settings.recovery.timeout,
        recipes=load_recipes(settings.recipe_folders),
        acting=settings.acting,
    )


def make_recovery_handler(settings: Settings, store: Store) -> Handler:
    """Return the handler that carries out the recipe that fits best, where the failure happened."""

    async def recover(escalation: Escalation) -> HandlerResult:
        case, place = escalation.case, find_place(escalation.case)
        if isinstance(place, str):
            return _refuse("auto_recovery_failed", place)
        decision = await asyncio.to_thread(rebuild_decision, case, store)
        result = await arecover(
            settings,
            RecoveryWish(decision, place, tool=find_tool(case)),
            ask=lambda _: escalation.approved_by is not None,
        )
        action = to_action(result, failure_id=case.outcome_id, decision_id=case.decision_id or None)
        await asyncio.to_thread(_record, store, action)
        return _tell_recovery(result)

    return recover


def make_reset_handler(settings: Settings, store: Store) -> Handler:
    """Return the handler that does the least reset that may help, where the failure happened."""

    def reset(escalation: Escalation) -> HandlerResult:
        case, place = escalation.case, find_place(escalation.case)
        if isinstance(place, str):
            return _refuse("environment_reset_failed", place)
        refusal = _find_refusal(settings, escalation)
        if refusal is not None:
            return _refuse("environment_reset_failed", refusal)
        chosen = settings.for_call(component=case.component, environment=case.environment)
        result = build_reset(chosen).reset_for(rebuild_decision(case), place)
        _record(store, _to_action(result, case))
        return _tell_reset(result)

    return reset


def rebuild_decision(case: Case, store: Store | None = None) -> Decision:
    """Return the decision that a case tells of, as far as repairs look at it, with its history as it is now."""
    context = Context(operation=case.operation, environment=case.environment, component=case.component)
    return Decision(
        category=case.category,
        type=case.type,
        severity=cast("Severity", case.severity),
        retryable=case.retryable,
        confidence=case.confidence,
        suggested_action=case.suggested_action,
        abstained=cast("Abstention | None", case.abstained),
        evidence=case.evidence,
        fingerprint=case.fingerprint,
        context=context,
        fault_domain=case.fault_domain,
        strategy="escalate",
        plan=Plan(recipe=case.recipe, approval=case.approval),
        decision_id=case.decision_id,
        history=None if store is None else _read_history(store, case, context),
    )


def _read_history(store: Store, case: Case, context: Context) -> History | None:
    try:
        return store.history(case.fingerprint, context, type=case.type, category=case.category)
    except StoreError as error:  # the recipes are then tried in their usual order
        _log.warning("errclass.history_unreadable: %s", error)
        return None


def _find_refusal(settings: Settings, escalation: Escalation) -> str | None:
    case = escalation.case
    if not settings.for_call(component=case.component, environment=case.environment).enable.environment_reset:
        return "resets are switched off (enable.environment_reset)"
    mode = find_repair_mode(settings, case.type, case.environment, case.component)
    if mode in ("off", "suggest"):
        return f"the settings allow no reset here: they say {mode} (recovery.autonomy)"
    return "nobody agreed to it" if mode == "ask" and escalation.approved_by is None else None


def _refuse(action: str, said: str) -> HandlerResult:
    return HandlerResult(False, said, action)


def _tell_recovery(result: RecoveryResult) -> HandlerResult:
    success = result.outcome in ("success", "partial")
    said = f"{result.strategy or 'no recipe'}: {result.outcome}"
    return HandlerResult(
        success,
        f"{said}, {result.reason}" if result.reason else said,
        "auto_recovery_done" if success else "auto_recovery_failed",
        FrozenDict({"recovery": result.recovery_id, "reason": result.reason, "actions": list(result.actions)}),
        retryable=result.reason == _BUSY,
    )


def _tell_reset(result: ResetResult) -> HandlerResult:
    return HandlerResult(
        result.success,
        f"{result.kind or 'no'} reset: {result.outcome}; {result.message}",
        "environment_reset_done" if result.success else "environment_reset_failed",
        FrozenDict({"reset": result.reset_id, "reason": result.reason, "actions": list(result.actions)}),
        retryable=result.reason == _BUSY,
    )


def _to_action(result: ResetResult, case: Case) -> Action:
    return Action(
        result.reset_id or new_id(),
        "reset",
        result.kind or "none",
        result.outcome,
        case.outcome_id,
        case.decision_id or None,
        ended=utc_now(),
        details=FrozenDict({"reason": result.reason, "message": result.message, "actions": list(result.actions)}),
    )


def _record(store: Store, action: Action) -> None:
    try:
        store.record_action(action)
    except StoreError as error:  # what was done was done
        _log.warning("errclass.action_not_recorded: %s", error)
