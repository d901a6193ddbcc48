"""Recover from a failure by the settings, and say what became of it as the store keeps it."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from ..actions.recover import (
    Ask,
    Mode,
    RecoveryContext,
    RecoveryOptions,
    RecoveryPlan,
    RecoveryResult,
    RecoveryStrategies,
    find_broken_file,
    find_template,
    load_recipes,
    pick_most_careful,
)
from ..core.clock import utc_now
from ..core.frozen import FrozenDict
from ..core.happenings import Action
from ..core.ids import new_id
from ..core.types import Classification, Decision
from .settings import Settings

FOLDER = "recovery"
"""Below the home: journals and backups."""


@dataclass(frozen=True, slots=True)
class RecoveryWish:
    """Name a failure that is to be recovered from, and where."""

    classification: Classification
    work: Path
    tool: str | None = None
    service: str | None = None
    deployment: str | None = None
    namespace: str | None = None
    tried: frozenset[str] = frozenset()
    """Recipes that are not to be tried again."""


def recover(
    settings: Settings,
    wish: RecoveryWish,
    *,
    mode: Mode | None = None,
    ask: Ask | None = None,
    seconds: float | None = None,
    cancelled: threading.Event | None = None,
) -> RecoveryResult:
    """Carry out the recipe that fits best.

    ``mode`` stands in place of ``recovery.autonomy``; what the settings say of the environment can only lower it.
    ``seconds`` lowers ``recovery.timeout``. Setting ``cancelled`` ends the step that runs, and all is put back.
    """
    strategies = build_strategies(_narrow(settings, wish), mode=mode, ask=ask, seconds=seconds)
    failure, tries = wish.classification, read_tries(wish.classification)
    return strategies.execute_recovery(failure, make_context(wish), tries=tries, cancelled=cancelled)


async def arecover(
    settings: Settings, wish: RecoveryWish, *, mode: Mode | None = None, ask: Ask | None = None
) -> RecoveryResult:
    """Await the same."""
    strategies = build_strategies(_narrow(settings, wish), mode=mode, ask=ask)
    return await strategies.aexecute_recovery(
        wish.classification, make_context(wish), tries=read_tries(wish.classification)
    )


def plan_recovery(settings: Settings, wish: RecoveryWish, *, mode: Mode | None = None) -> RecoveryPlan:
    """Return what ``recover`` would do, without doing it."""
    strategies = build_strategies(_narrow(settings, wish), mode=mode)
    return strategies.plan(wish.classification, make_context(wish), tries=read_tries(wish.classification))


def build_strategies(
    settings: Settings, *, mode: Mode | None = None, ask: Ask | None = None, seconds: float | None = None
) -> RecoveryStrategies:
    """Build what recovers by the settings; raises ConfigError for a recipe that is none."""
    recipes = load_recipes(settings.recipe_folders)
    options = make_options(settings, mode, seconds)
    if not settings.enable.recovery:
        options = replace(options, at_most="off")
    return RecoveryStrategies(settings.home / FOLDER, options=options, recipes=recipes, ask=ask)


def make_options(settings: Settings, mode: Mode | None = None, seconds: float | None = None) -> RecoveryOptions:
    """Return what the settings allow; ``mode`` stands for ``recovery.autonomy``, in at most ``seconds``."""
    chosen = settings.recovery
    allowed = settings.acting and chosen.autonomy != "off"
    switch: Mode = "auto" if allowed else "off"
    return RecoveryOptions(
        autonomy=mode or chosen.autonomy,
        by_environment=FrozenDict(_limit(chosen.by_environment, mode or "auto")),
        by_type=FrozenDict(chosen.by_type),
        allow=chosen.allow,
        at_most=pick_most_careful(
            switch,
            settings.decision.autonomy or "auto",
            settings.autonomy_cap or "auto",
            settings.recovery_cap or "auto",
        ),
        timeout=chosen.timeout if seconds is None else min(seconds, chosen.timeout),
    )


def _narrow(settings: Settings, wish: RecoveryWish) -> Settings:
    """Return the settings that hold for the component and the environment that failed."""
    context = wish.classification.context
    return settings.for_call(component=context.component, environment=context.environment)


def _limit(modes: Mapping[str, Mode], most: Mode) -> dict[str, Mode]:
    """Return modes with none above ``most``."""
    return {name: pick_most_careful(mode, most) for name, mode in modes.items()}


def make_context(wish: RecoveryWish) -> RecoveryContext:
    """Return where and with what a wish is recovered; a settings file is looked for in the evidence."""
    classification, work = wish.classification, wish.work.absolute()
    file = find_broken_file(work, classification.evidence)
    return RecoveryContext(
        work,
        environment=classification.context.environment,
        tool=wish.tool,
        file=file,
        template=find_template(work, file) if file else None,
        service=wish.service,
        deployment=wish.deployment,
        namespace=wish.namespace,
        tried=wish.tried,
    )


def read_tries(classification: Classification) -> dict[str, tuple[int, int]]:
    """Return successes and tries of each recipe for this fingerprint, as the decision knows them."""
    history = classification.history if isinstance(classification, Decision) else None
    chances = [one for one in history.recoveries if one.chance.level == "fingerprint"] if history else []
    return {one.recovery: (one.chance.successes, one.chance.tries) for one in chances}


def to_action(result: RecoveryResult, *, failure_id: str | None = None, decision_id: str | None = None) -> Action:
    """Return a recovery as the store keeps it."""
    ended = utc_now()
    return Action(
        id=result.recovery_id or new_id(),
        kind="recover",
        name=result.strategy or "none",
        result=result.outcome,
        failure_id=failure_id,
        decision_id=decision_id,
        started=ended - timedelta(seconds=result.seconds),
        ended=ended,
        details=FrozenDict({"reason": result.reason, "actions": list(result.actions), **result.details}),
    )
