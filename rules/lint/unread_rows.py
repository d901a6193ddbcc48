"""Tables that no rule reads, and rows that no fact can name: most often a slip of the pen that loosens a threshold."""

from __future__ import annotations

from collections.abc import Iterator

from ...core.suggesting import suggest_name
from ..effects import Lookup
from ..policy import Policy
from .finding import Finding
from .presets import list_presets, list_thresholds
from .search import Searcher

_OUTSIDE = ("type_", "category_")
"""Beginnings of the names of tables that the taxonomy brings, whoever reads them."""
_ADVICE = "Correct the name in policy.yaml, or remove it."
_ADVICE_PRESET = "Correct the name, or give it a row in environment_preset; any other environment counts as default."


def find_unread_rows(searcher: Searcher) -> Iterator[Finding]:
    """Yield tables and rows of the policy file that nothing will ever look at."""
    policy = searcher.policy
    read = {effect.table for rule in policy.rules for effect in rule.then if isinstance(effect, Lookup)}
    for name in policy.tables:
        if name not in read and not name.startswith(_OUTSIDE):
            message = f"No rule looks anything up in the table {name!r}{suggest_name(name, read)}."
            yield Finding("unread_rows", (), message, _ADVICE)
    yield from _find_presets(policy)


def _find_presets(policy: Policy) -> Iterator[Finding]:
    """Yield rows of thresholds for presets that no environment has, and presets without any row."""
    thresholds, presets = list_thresholds(policy), set(list_presets(policy))
    rows = {row for lookup in thresholds for row in lookup.rows}
    for lookup in thresholds:
        for row in lookup.rows:
            if presets and row not in presets and row != "default":
                message = f"No environment counts as {row!r}, a row of the table {lookup.table!r}"
                yield Finding("unread_rows", (), f"{message}{suggest_name(row, presets)}.", _ADVICE_PRESET)
    for preset in sorted(presets - rows - {"default"}):
        message = f"No table has a row for the preset {preset!r}{suggest_name(preset, rows)}."
        yield Finding(
            "unread_rows", (), message, "Correct the row in environment_preset, or give thresholds one for it."
        )
