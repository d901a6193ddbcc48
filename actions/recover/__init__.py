"""Recovery by recipes: data that says what to do, what it touches, how to check it, and the way back."""

from __future__ import annotations

from .catalogue import load_recipes
from .context import RecoveryContext
from .interrupted import RolledBack, roll_back_interrupted
from .permission import Mode, RecoveryOptions, limit_mode, pick_most_careful
from .recipe import Recipe
from .results import PlannedPath, RecoveryOutcome, RecoveryPlan, RecoveryResult, Ruled
from .settings_files import find_broken_file, find_template
from .statistics import RecoveryStatistics
from .strategies import Ask, RecoveryStrategies

__all__ = [
    "Ask",
    "Mode",
    "PlannedPath",
    "Recipe",
    "RecoveryContext",
    "RecoveryOptions",
    "RecoveryOutcome",
    "RecoveryPlan",
    "RecoveryResult",
    "RecoveryStatistics",
    "RecoveryStrategies",
    "RolledBack",
    "Ruled",
    "find_broken_file",
    "find_template",
    "limit_mode",
    "load_recipes",
    "pick_most_careful",
    "roll_back_interrupted",
]
