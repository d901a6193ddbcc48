"""Which recipe to try first: what helped against this failure before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ...core.types import Classification, Decision
from .recipe import Recipe

Tries = Mapping[str, tuple[int, int]]
"""Successes and tries per recipe, for one fingerprint."""


def order_recipes(recipes: Iterable[Recipe], classification: Classification, tries: Tries) -> list[Recipe]:
    """Return recipes by the mean of Beta(1 + successes, 1 + failures).

    Among equals those come first that the decision asks for, then those that name the type first, then the cheaper.
    """
    asked = classification.plan.recipe if isinstance(classification, Decision) else None

    def rank(recipe: Recipe) -> tuple[float, bool, int, float, str]:
        unasked = asked not in {recipe.name, recipe.purpose}
        types = recipe.fits.types
        place = types.index(classification.type) if classification.type in types else len(types)
        return -estimate_success(tries.get(recipe.name, (0, 0))), unasked, place, recipe.cost, recipe.name

    return sorted(recipes, key=rank)


def estimate_success(counts: tuple[int, int]) -> float:
    """Return the posterior mean from successes and tries, with a uniform prior."""
    successes, tries = counts
    return (1 + successes) / (2 + max(tries, successes))
