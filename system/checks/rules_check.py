"""The rules that decide: whether they are whole, which revision, and by which engine."""

from __future__ import annotations

from ...rules import Engine, find_obstacle
from ..rules_in_use import RulesInUse, find_rules
from ..settings import Settings
from ..taxonomy_in_use import find_taxonomy
from ..wiring import Parts
from .check import Check
from .distribution import find_version
from .finding import Finding, sum_up
from .looking import look_safely

_ADVICE = "run errclass rules check"


def check_rules(settings: Settings, parts: Parts | None = None) -> Check:
    """Look at the rules in use; ``parts`` are those that a process works with, without them they are loaded."""
    return look_safely("rules", lambda: _look(_take(parts) if parts else _load(settings)), advice=_ADVICE)


def _take(parts: Parts) -> RulesInUse:
    return RulesInUse(parts.engine, parts.faults, parts.held_back)


def _load(settings: Settings) -> RulesInUse:
    return find_rules(find_taxonomy(settings), settings.rule_layers)


def _look(rules: RulesInUse) -> Check:
    policy = rules.engine.policy
    details = {
        "revision": policy.revision,
        "name": policy.name,
        "rules": len(policy.rules),
        "facts": len(policy.reads),
        "engine": rules.engine.name,
        "held_back": rules.held_back,
    }
    message = f"revision {policy.revision} of {policy.name}, {len(policy.rules)} rules, engine {rules.engine.name}"
    return sum_up("rules", message, [*_tell_faults(rules), *_tell_engine(rules.engine)], details)


def _tell_faults(rules: RulesInUse) -> list[Finding]:
    advice = "mend the file that is named, then run errclass rules check"
    return [Finding("problem", fault, advice) for fault in rules.faults]


def _tell_engine(engine: Engine) -> list[Finding]:
    """Tell why durable-rules does not decide where it is installed; without it our own decides, as it should."""
    if find_version("durable-rules") is None:
        return []
    obstacle = find_obstacle(engine.policy)
    if obstacle is None:
        return []
    advice = "nothing has to be done, the own engine decides the same; or pip uninstall durable-rules"
    return [Finding("warning", f"durable-rules is installed and does not decide: {obstacle}", advice)]
