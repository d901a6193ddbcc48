"""Recover from failures by recipes: choose, ask, carry out, and tell what became of it."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from ...core.frozen import FrozenDict
from ...core.ids import new_id
from ...core.jsonable import to_jsonable
from ...core.types import Classification
from .carrying_out import Order, Performance
from .catalogue import load_recipes
from .component_locks import BusyError, hold_components
from .confinement import find_fault_of_folder
from .context import RecoveryContext
from .environment import MARKER, reduce_environment
from .fitting import find_obstacle
from .interrupted import LOCKS, RolledBack, roll_back_interrupted
from .ordering import Tries
from .permission import RecoveryOptions, limit_generally
from .planning import Choice, choose_recipes, describe_plan, name_components, say_mode
from .recipe import Recipe
from .results import RecoveryPlan, RecoveryResult
from .statistics import RecoveryLedger, RecoveryStatistics

Ask = Callable[[RecoveryPlan], bool]
"""Shows a plan to a person and returns whether they agree."""

_NOTHING_TRIED: Tries = FrozenDict()
_log = logging.getLogger("errclass")


class RecoveryStrategies:
    """Recover from failures by recipes; safe to share between threads and tasks.

    ``root`` is a folder of our own, outside of what recipes touch, for journals and backups. ``ask`` is asked where a
    person has to agree; without it nobody does. Nothing is raised: what goes wrong is a result.
    """

    def __init__(
        self,
        root: Path,
        *,
        options: RecoveryOptions | None = None,
        recipes: Sequence[Recipe] | None = None,
        ask: Ask | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        self._root, self._ask = root, ask
        self._options = options or RecoveryOptions()
        self._recipes = tuple(recipes) if recipes is not None else load_recipes()
        self._environ = environ
        self._ledger = RecoveryLedger()

    def execute_recovery(
        self,
        classification: Classification,
        context: RecoveryContext,
        *,
        tries: Tries = _NOTHING_TRIED,
        cancelled: threading.Event | None = None,
    ) -> RecoveryResult:
        """Carry out the recipe that fits best and return what became of it.

        ``tries`` are (successes, tries) per recipe for this fingerprint; recipes that helped come first. Setting
        ``cancelled`` ends the step that runs, and all is put back.
        """
        began = time.monotonic()
        with self._ledger.counting():
            try:
                result = self._execute(classification, context, tries, cancelled or threading.Event())
            except Exception as error:  # noqa: BLE001 - the rim: a fault in here must not become the user's
                _log.warning("errclass.recovery_failed: %r", error)
                result = RecoveryResult("failed", "inner_fault", details=FrozenDict({"fault": repr(error)}))
        result = replace(result, seconds=time.monotonic() - began)
        self._ledger.add(result)
        return result

    async def aexecute_recovery(
        self, classification: Classification, context: RecoveryContext, *, tries: Tries = _NOTHING_TRIED
    ) -> RecoveryResult:
        """Await the same; where it is cancelled, the step that runs is ended and all is put back first."""
        cancelled = threading.Event()
        work = asyncio.ensure_future(
            asyncio.to_thread(self.execute_recovery, classification, context, tries=tries, cancelled=cancelled)
        )
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            cancelled.set()
            await asyncio.wait([work])
            raise

    def plan(
        self, classification: Classification, context: RecoveryContext, *, tries: Tries = _NOTHING_TRIED
    ) -> RecoveryPlan:
        """Return what ``execute_recovery`` would do, without doing it."""
        context = _settle(context)
        choice = self._choose(classification, context, tries)
        return describe_plan(choice, classification, context, self._options)

    def roll_back_interrupted(self) -> tuple[RolledBack, ...]:
        """Roll back recoveries whose process was killed in the middle; call it at start."""
        return roll_back_interrupted(self._root)

    def get_statistics(self) -> RecoveryStatistics:
        """Return counts of this process's recoveries."""
        return self._ledger.read()

    def get_history(self, limit: int = 100) -> tuple[RecoveryResult, ...]:
        """Return the newest results, oldest first."""
        return self._ledger.list_newest(limit)

    def reset(self) -> None:
        """Forget statistics and history."""
        self._ledger.reset()

    @property
    def recipes(self) -> tuple[Recipe, ...]:
        """All recipes, by name."""
        return self._recipes

    def _execute(
        self, classification: Classification, context: RecoveryContext, tries: Tries, cancelled: threading.Event
    ) -> RecoveryResult:
        refused = self._refuse(context)
        if refused:
            return refused
        context = _settle(context)
        rolled_back = self.roll_back_interrupted()
        result = self._recover(classification, context, tries, cancelled)
        return _tell_rolled_back(result, rolled_back) if rolled_back else result

    def _recover(
        self, classification: Classification, context: RecoveryContext, tries: Tries, cancelled: threading.Event
    ) -> RecoveryResult:
        choice = self._choose(classification, context, tries)
        plan = describe_plan(choice, classification, context, self._options)
        if not choice.fitting:
            return _skip("no_recipe_fits", None, plan)
        recipe = choice.fitting[0]
        if plan.mode in {"off", "suggest"} or (plan.mode == "ask" and not self._agree(plan)):
            return _skip(say_mode(plan.mode), recipe.name, plan)
        return self._carry_out(recipe, classification, context, cancelled)

    def _refuse(self, context: RecoveryContext) -> RecoveryResult | None:
        if limit_generally(context.environment, self._options) == "off":
            return RecoveryResult("skipped", "switched_off")
        if MARKER in self._get_environ():
            return RecoveryResult("skipped", "inside_a_recovery")
        fault = find_fault_of_folder(context.work)
        return RecoveryResult("skipped", "folder_refused", details=FrozenDict({"fault": fault})) if fault else None

    def _carry_out(
        self, recipe: Recipe, classification: Classification, context: RecoveryContext, cancelled: threading.Event
    ) -> RecoveryResult:
        locks = name_components(recipe, context)
        order = Order(
            recipe=recipe,
            context=context,
            id=new_id(),
            root=self._root,
            locks=locks,
            timeout=self._options.timeout,
            environ=self._get_environ(),
            cancelled=cancelled,
        )
        try:
            with hold_components(self._root / LOCKS, locks):
                obstacle = find_obstacle(recipe, classification, context, reduce_environment(order.environ, order.id))
                if obstacle:  # while a person read the plan, or another process was faster
                    details = FrozenDict({"fault": obstacle.detail})
                    return RecoveryResult("skipped", "fits_no_longer", recipe.name, details=details)
                return replace(Performance(order).perform(), recovery_id=order.id)
        except BusyError as error:
            details = FrozenDict({"fault": str(error)})
            return RecoveryResult("skipped", "recovery_already_active", recipe.name, details=details)

    def _choose(self, classification: Classification, context: RecoveryContext, tries: Tries) -> Choice:
        return choose_recipes(
            self._recipes, classification, context, self._options, tries=tries, environ=self._get_environ()
        )

    def _agree(self, plan: RecoveryPlan) -> bool:
        return self._ask is not None and self._ask(plan)

    def _get_environ(self) -> Mapping[str, str]:
        return os.environ if self._environ is None else self._environ


def _settle(context: RecoveryContext) -> RecoveryContext:
    """Return the context with its work folder as it really lies, so that one folder has one name."""
    return replace(context, work=Path(os.path.realpath(context.work)))


def _tell_rolled_back(result: RecoveryResult, rolled_back: Sequence[RolledBack]) -> RecoveryResult:
    """Return a result that also tells which interrupted recoveries were rolled back before it."""
    return replace(result, details=FrozenDict({**result.details, "rolled_back": to_jsonable(list(rolled_back))}))


def _skip(reason: str, recipe: str | None, plan: RecoveryPlan) -> RecoveryResult:
    return RecoveryResult("skipped", reason, recipe, details=FrozenDict({"plan": plan.to_dict()}))
