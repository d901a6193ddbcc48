"""The presets of thresholds: a fact that names the row that counts, and the lookups that ask it."""

from __future__ import annotations

from ..effects import Lookup
from ..policy import Policy

PRESET = "preset"
"""The fact that names the row of thresholds that counts."""


def list_thresholds(policy: Policy) -> list[Lookup]:
    """Return the effects that look something up by the preset."""
    effects = (effect for rule in policy.rules for effect in rule.then)
    return [effect for effect in effects if isinstance(effect, Lookup) and effect.by == PRESET]


def list_presets(policy: Policy) -> list[str]:
    """Return the values that rules set the preset to."""
    effects = [effect for rule in policy.rules for effect in rule.then if effect.fact == PRESET]
    return sorted({value for effect in effects for value in effect.values if isinstance(value, str)})
