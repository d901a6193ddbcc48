"""What rules may say that come from somebody who is not trusted: no, and nothing else."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from .effects import Constant
from .place import Place
from .rule import Rule

ALLOWED = {"guard": "rerun_forbidden", "plan": "plan_approval"}
"""The stages in which such a rule may lie, and the one fact that it may set there."""
LAST = 1_000_000
"""Added to its priority: it speaks after all others of its stage, and so overrides none of them."""


def check_restricted(rule: Rule, others: Container[str], place: Place) -> None:
    """Raise ``PolicyError`` where a rule does more than forbid a re-run or ask for a person's consent."""
    if rule.id in others:
        place.refuse("would replace a rule, and this folder is not trusted; give it another name, or trust the folder")
    wanted = ALLOWED.get(rule.stage)
    if wanted is None or any(not _only_forbids(effect, wanted) for effect in rule.then):
        place.at("then").refuse(
            "this folder is not trusted: a rule of it may only set rerun_forbidden to a text, in the stage guard, or "
            "plan_approval to true, in the stage plan; change it, or trust the folder"
        )


def place_last(rule: Rule) -> Rule:
    """Return the rule with a priority behind all others."""
    return replace(rule, priority=max(0, min(rule.priority, LAST)) + LAST)


def _only_forbids(effect: object, wanted: str) -> bool:
    return isinstance(effect, Constant) and effect.fact == wanted and effect.value is not False
