"""How far a recovery may go by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ...core.frozen import FrozenDict
from ...core.types import Autonomy, Classification, Decision
from .recipe import Recipe

Mode = Literal["off"] | Autonomy
_ORDER: tuple[Mode, ...] = ("off", "suggest", "ask", "auto")
"""Most careful first."""


@dataclass(frozen=True, slots=True)
class RecoveryOptions:
    """Hold what is allowed, and within which limits."""

    autonomy: Mode = "ask"
    """``off``: nothing at all; ``suggest``: only the plan; ``ask``: after a person agreed; ``auto``: by itself."""
    by_environment: Mapping[str, Mode] = field(default_factory=FrozenDict)
    """Takes the place of ``autonomy`` in an environment."""
    by_type: Mapping[str, Mode] = field(default_factory=FrozenDict)
    """Lowers it for a type of failure."""
    allow: tuple[str, ...] | None = None
    """Names of recipes that may run; None: all."""
    at_most: Mode = "auto"
    """Lowers all of it."""
    timeout: float = 1800.0
    """Seconds for all steps of one recovery together."""


def find_mode(
    recipe: Recipe, classification: Classification, environment: str | None, options: RecoveryOptions
) -> Mode:
    """Return how far one recipe may go: the most careful of all that applies."""
    modes: list[Mode] = [limit_mode(classification.type, environment, options), recipe.autonomy]
    consent = isinstance(classification, Decision) and classification.plan.approval
    if consent or recipe.effect == "irreversible" or classification.abstained is not None:
        modes.append("ask")
    return pick_most_careful(*modes)


def limit_mode(kind: str, environment: str | None, options: RecoveryOptions) -> Mode:
    """Return how far anything may go that repairs a failure of this type."""
    return pick_most_careful(limit_generally(environment, options), options.by_type.get(kind, "auto"))


def limit_generally(environment: str | None, options: RecoveryOptions) -> Mode:
    """Return how far anything may go in an environment, whatever failed."""
    return pick_most_careful(options.by_environment.get(environment or "", options.autonomy), options.at_most)


def pick_most_careful(*modes: Mode) -> Mode:
    """Return the one of several modes that allows least."""
    return min(modes, key=_ORDER.index)
