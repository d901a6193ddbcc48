"""Choose a recipe for a failure, and say exactly what it would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ...core.types import Classification
from .confinement import locate
from .context import RecoveryContext
from .environment import reduce_environment
from .fitting import Obstacle, find_obstacle
from .ordering import Tries, order_recipes
from .permission import Mode, RecoveryOptions, find_mode
from .placeholders import fill_in
from .recipe import Command, FileCheck, FileCopy, Recipe, Touch
from .results import PlannedPath, RecoveryPlan, Ruled
from .safekeeping import is_there
from .touched_paths import list_touched


@dataclass(frozen=True, slots=True)
class Choice:
    """Hold the recipes that fit, best first, and those that do not."""

    fitting: tuple[Recipe, ...]
    ruled_out: tuple[tuple[Recipe, Obstacle], ...]


def choose_recipes(
    recipes: Sequence[Recipe],
    classification: Classification,
    context: RecoveryContext,
    options: RecoveryOptions,
    *,
    tries: Tries,
    environ: Mapping[str, str],
) -> Choice:
    """Look at all recipes and return which can run here; those of other types and tools are left out of the rest."""
    reduced = reduce_environment(environ, "")
    fitting: list[Recipe] = []
    ruled_out: list[tuple[Recipe, Obstacle]] = []
    for recipe in order_recipes(recipes, classification, tries):
        obstacle = find_obstacle(recipe, classification, context, reduced) or _find_refusal(recipe, options)
        if obstacle is None:
            fitting.append(recipe)
        elif obstacle.reason not in {"other_type", "other_tool"}:
            ruled_out.append((recipe, obstacle))
    return Choice(tuple(fitting), tuple(ruled_out))


def describe_plan(
    choice: Choice, classification: Classification, context: RecoveryContext, options: RecoveryOptions
) -> RecoveryPlan:
    """Return what the best recipe would do."""
    ruled_out = tuple(Ruled(recipe.name, one.reason, one.detail) for recipe, one in choice.ruled_out)
    if not choice.fitting:
        return RecoveryPlan(None, ruled_out=ruled_out)
    recipe, values = choice.fitting[0], context.values
    return RecoveryPlan(
        recipe=recipe.name,
        title=recipe.title,
        mode=find_mode(recipe, classification, context.environment, options),
        touches=tuple(_plan_path(one, context) for one in list_touched(recipe, context)),
        outside=recipe.outside,
        steps=tuple(_write(step, values) for step in recipe.steps),
        check=tuple(_write(check, values) for check in recipe.check),
        back=tuple(_write(command, values) for command in recipe.back),
        cost=recipe.cost,
        effect=recipe.effect,
        ruled_out=ruled_out,
        others=tuple(other.name for other in choice.fitting[1:]),
    )


def name_components(recipe: Recipe, context: RecoveryContext) -> tuple[str, ...]:
    """Return what no other recovery may work on meanwhile."""
    workload = f"{context.namespace}/{context.deployment}" if context.deployment else None
    named = {"{service}": context.service, "{deployment}": workload}
    used = {argument for command in recipe.commands for argument in command.argv}
    return (str(context.work), *(str(value) for word, value in named.items() if word in used))


def say_mode(mode: Mode) -> str:
    """Return the reason word for a recovery that a mode keeps from running."""
    return {"off": "switched_off", "suggest": "only_suggested"}.get(mode, "nobody_agreed")


def _find_refusal(recipe: Recipe, options: RecoveryOptions) -> Obstacle | None:
    if options.allow is None or recipe.name in options.allow:
        return None
    return Obstacle("not_allowed", "it is not on the list of recipes that may run")


def _plan_path(touch: Touch, context: RecoveryContext) -> PlannedPath:
    return PlannedPath(touch.path, touch.how, is_there(locate(context.work, touch.path)))


def _write(step: Command | FileCopy | FileCheck, values: Mapping[str, str]) -> tuple[str, ...]:
    if isinstance(step, FileCopy):
        return ("copy", fill_in(step.source, values), fill_in(step.target, values))
    if isinstance(step, FileCheck):
        return (fill_in(step.path, values), "must", step.must)
    return tuple(fill_in(argument, values) for argument in step.argv)
