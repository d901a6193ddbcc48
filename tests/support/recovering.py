"""Parts of recoveries that several tests use."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from errclass.actions.recover import Recipe, RecoveryContext, RecoveryOptions, RecoveryStrategies
from errclass.actions.recover.parsing import parse_recipe
from errclass.core.types import Classification, Decision, Plan

AUTO = RecoveryOptions(autonomy="auto")


def make_classification(kind: str = "dependency") -> Classification:
    """Return a sure answer of a type."""
    return Classification("persistent", kind, "medium", False, 0.95, "fix_dependencies", fingerprint="f" * 16)


def make_decision(kind: str = "dependency", **plan: Any) -> Decision:
    """Return a decision to recover."""
    return Decision(
        "persistent", kind, "medium", False, 0.95, "fix_dependencies", strategy="recover", plan=Plan(**plan)
    )


def make_recipe(name: str = "mend", **changes: Any) -> Recipe:
    """Return a small recipe with some keys changed."""
    content: dict[str, Any] = {
        "title": "Mend it",
        "purpose": "reinstall_dependencies",
        "fits": {"types": ["dependency"]},
        "touches": {},
        "steps": [{"run": ["true"]}],
        "check": [{"run": ["true"]}],
        "cost": 1,
        "effect": "reversible",
    }
    return parse_recipe(name, {**content, **changes}, Path(f"recipes/{name}.yaml"))


def make_strategies(
    home: Path, *recipes: Recipe, options: RecoveryOptions = AUTO, environ: Mapping[str, str] | None = None, **rest: Any
) -> RecoveryStrategies:
    """Return strategies over given recipes only, or over those that are shipped."""
    return RecoveryStrategies(home, options=options, recipes=recipes or None, environ=environ, **rest)


def make_context(work: Path, **rest: Any) -> RecoveryContext:
    """Return a context in a folder."""
    return RecoveryContext(work, **rest)
