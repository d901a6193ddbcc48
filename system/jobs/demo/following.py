"""What follows on a failed call: people's habit, else what was decided; and whether it helps, which the cause says."""

from __future__ import annotations

import random
from dataclasses import dataclass

from ....actions.recover import Recipe
from ....core.types import Decision
from .calls import Call
from .plan import Break
from .world import Cause

_MOST_CALLS = 4
_PLAIN_SHARE = 0.3
"""Of those who recover by habit: they try an unchanged re-run first, so that both can be compared."""


@dataclass(frozen=True, slots=True)
class Step:
    """Hold what is done next."""

    wait: float
    """Seconds before it."""
    broken: Break | None
    """What the next call fails with."""
    recipe: str | None = None
    seconds: float = 0.0
    """That the recovery takes."""


def choose_next(
    call: Call, cause: Cause, decision: Decision, recipes: tuple[Recipe, ...], chance: random.Random
) -> Step | None:
    """Return what is done next; None where the run ends here."""
    habitual = chance.random()
    if call.number >= _MOST_CALLS or call.run.pipeline.effect == "irreversible":
        return None
    if cause.habit == "rerun":
        return _rerun(call, cause, chance, chance.uniform(40, 700)) if call.number < 3 else None
    if cause.habit == "recover" and cause.recipe and call.recovery is None:
        if call.number == 1 and habitual < _PLAIN_SHARE:
            return _rerun(call, cause, chance, chance.uniform(40, 700))
        return _recover(call, cause, cause.recipe, chance)
    return _follow(call, cause, decision, recipes, chance)


def _follow(
    call: Call, cause: Cause, decision: Decision, recipes: tuple[Recipe, ...], chance: random.Random
) -> Step | None:
    plan = decision.plan
    if decision.strategy == "retry" and call.number < plan.max_attempts:
        wait = max(plan.base_delay * plan.multiplier ** (call.number - 1), plan.retry_after or 0.0)
        return _rerun(call, cause, chance, min(wait, plan.max_delay) + chance.uniform(1, 5))
    recipe = _choose_recipe(decision, recipes)
    if decision.strategy == "recover" and call.recovery is None and recipe:
        return _recover(call, cause, recipe, chance)
    return None


def _choose_recipe(decision: Decision, recipes: tuple[Recipe, ...]) -> str | None:
    """Return the recipe that was decided on, by its name or its purpose, where it fits; else another that does."""
    fitting = [recipe for recipe in recipes if decision.type in recipe.fits.types]
    wanted = [recipe for recipe in fitting if decision.plan.recipe in {recipe.name, recipe.purpose}]
    return next((recipe.name for recipe in (*wanted, *fitting)), None)


def _rerun(call: Call, cause: Cause, chance: random.Random, wait: float) -> Step:
    return Step(wait, _still_broken(call, wait, cause.rerun, chance))


def _recover(call: Call, cause: Cause, recipe: str, chance: random.Random) -> Step:
    wait, seconds = chance.uniform(5, 240), chance.uniform(8, 90)
    return Step(wait, _still_broken(call, wait + seconds, cause.cure, chance), recipe, seconds)


def _still_broken(call: Call, seconds: float, hope: float, chance: random.Random) -> Break | None:
    """Return what the call that begins so many seconds later fails with."""
    broken, lucky = call.broken, chance.random() < hope
    if broken is None:
        return None
    begins = call.ended.timestamp() + seconds
    if broken.lasting and (broken.until is None or begins < broken.until.timestamp()):
        return broken
    return None if lucky else broken
