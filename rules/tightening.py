"""What rules may say that come from somebody who is not trusted: no, and nothing else."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace
from itertools import islice
from pathlib import Path

from ..core.errors import PolicyError
from .effects import Constant
from .place import Place
from .reading import SCENARIOS
from .rule import Rule

ALLOWED = {"guard": "rerun_forbidden", "plan": "plan_approval"}
"""The stages in which such a rule may lie, and the one fact that it may set there."""
REASON = "working_tree"
"""Why it forbids a re-run."""
LAST = 1_000_000
"""Added to its priority: it speaks after all others of its stage, and so overrides none of them."""
_MOST_FILES = 10_000


def check_folder(folder: Path) -> None:
    """Raise ``PolicyError`` where a folder that is not trusted holds links or scenarios.

    A link could show what the user may read and a stranger not; a scenario could take the place of one of the user's.
    """
    for path in (folder, *islice(folder.rglob("*"), _MOST_FILES)):
        if path.is_symlink():
            raise PolicyError(f"{path}: is a link, and its folder is not trusted; copy the file, or trust the folder")
    if (folder / SCENARIOS).exists():
        raise PolicyError(f"{folder / SCENARIOS}: this folder is not trusted and holds rules only; remove it")


def check_restricted(rule: Rule, others: Container[str], place: Place) -> None:
    """Raise ``PolicyError`` where a rule does more than forbid a re-run or ask for a person's consent."""
    if rule.id in others:
        place.refuse("would replace a rule, and this folder is not trusted; give it another name, or trust the folder")
    wanted = ALLOWED.get(rule.stage)
    if wanted is None or any(not _only_forbids(effect, wanted) for effect in rule.then):
        place.at("then").refuse(
            f"this folder is not trusted: a rule of it may only set rerun_forbidden to {REASON}, in the stage guard, "
            "or plan_approval to true, in the stage plan; change it, or trust the folder"
        )


def place_last(rule: Rule) -> Rule:
    """Return the rule with a priority behind all others."""
    return replace(rule, priority=max(0, min(rule.priority, LAST)) + LAST)


def _only_forbids(effect: object, wanted: str) -> bool:
    # A word of its own: other rules act on what some of the usual words mean.
    return isinstance(effect, Constant) and effect.fact == wanted and effect.value in (REASON, True)
