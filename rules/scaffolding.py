"""The first draft of a rule: one that holds, and that decides otherwise than the set did without it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import get_args

from ..core.frozen import FrozenDict
from ..core.types import Decision, Facts, Scalar, Severity
from .chaining import ForwardChainer
from .conditions import Condition
from .deciding import fold_facts, is_automatic
from .effects import Constant, Copy, Lookup
from .engine import Engine
from .policy import Policy, add_rules
from .rule import Rule
from .vocabulary import INPUTS, WORDS

_USUAL: tuple[Facts, ...] = tuple(
    FrozenDict({"predicted_type": kind, "confidence": 0.92}) for kind in ("network", "dependency", "test", "database")
)
_STEP = 5
_REASON = "rerun_forbidden"
_CAREFUL = ("strategy", "notify")
_SEVERITIES: tuple[str, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True)
class Draft:
    """Hold what a new rule is about."""

    id: str
    title: str
    priority: int
    """Before all others of its stage."""
    component: str
    """The part of the user's system that it is for."""
    fact: str
    """What it sets."""
    value: Scalar
    situation: Facts = field(default_factory=FrozenDict)
    """Further facts, with which the set decides otherwise than without the rule."""


def draft_rule(policy: Policy, rule_id: str, title: str) -> Draft:
    """Return a draft for a stage of the policy: of what rules set there, the first that changes a decision.

    It never makes a decision bolder, as far as the set's own cases tell. Where nothing else changes any, it is the
    first of all.
    """
    stage, _, name = rule_id.partition("/")
    priority = min((rule.priority for rule in policy.rules if rule.stage == stage), default=2 * _STEP) - _STEP
    component = name.replace("_", "-")
    # A reason of its own: the usual ones say what is not so here, such as that a run was cancelled.
    effects = [(fact, name if fact == _REASON else value) for fact, value in _list_effects(policy, stage)] or [_CAREFUL]
    drafts = [Draft(rule_id, title, priority, component, *effect) for effect in effects]
    engine = ForwardChainer(policy)
    known = [(situation, _decide(engine, policy, situation, component)) for situation in _list_situations(policy)]
    changing = (found for draft in drafts if (found := _find_situation(draft, policy, known)) is not None)
    return next(changing, drafts[0])


def _list_effects(policy: Policy, stage: str) -> Iterator[tuple[str, Scalar]]:
    """Yield facts and values that rules set in the stage, the commonest facts first, then those of later stages."""
    guarded = _list_guarded(policy, stage)
    for later in policy.stages[policy.stages.index(stage) :]:
        counts = Counter(effect.fact for rule in policy.rules if rule.stage == later for effect in rule.then)
        for fact, _ in counts.most_common():
            if fact not in guarded:
                yield from ((fact, value) for value in _list_values(policy, fact, frozenset()))


def _list_guarded(policy: Policy, stage: str) -> frozenset[str]:
    """Return the facts that no further rule of the stage may set, for one there looks whether they are absent."""
    rules = [rule for rule in policy.rules if rule.stage == stage]
    tests = [test for rule in rules for test in (*rule.vetoing_tests, *rule.when) if _looks_back(test, rule)]
    lookups = [effect.by for rule in rules for effect in rule.then if isinstance(effect, Lookup)]
    return frozenset({*lookups, *(name for test in tests for name in test.reads)})


def _looks_back(test: Condition, rule: Rule) -> bool:
    return test.tests_absence or test in rule.vetoing_tests


def _list_values(policy: Policy, fact: str, above: frozenset[str]) -> list[Scalar]:
    """Return what the fact can be: set by rules, copied from another fact, or of its kind."""
    found: list[Scalar] = list(WORDS[fact].choices) if fact in WORDS else []
    for effect in (effect for rule in policy.rules for effect in rule.then if effect.fact == fact):
        found += effect.values
        if isinstance(effect, Copy) and effect.source not in above:
            found += _list_values(policy, effect.source, above | {fact})
    if fact in WORDS and WORDS[fact].kind == "flag":
        found += (True, False)
    return list(dict.fromkeys(found))


def _list_situations(policy: Policy) -> list[Facts]:
    """Return inputs to try: usual predictions, then what the set's own cases tell of inputs, the shortest first."""
    cases = [case for rule in policy.rules for case in rule.cases if case.fires] + list(policy.scenarios)
    told = [{name: value for name, value in case.facts.items() if name in INPUTS} for case in cases]
    told = [facts for facts in sorted(told, key=len) if facts and "component" not in facts]
    return [*_USUAL, *dict.fromkeys(map(FrozenDict, told))]


def _find_situation(draft: Draft, policy: Policy, known: Sequence[tuple[Facts, Decision]]) -> Draft | None:
    """Return the draft with the first situation in which it changes the decision; None where it makes any bolder."""
    engine = ForwardChainer(_add_draft(policy, draft))
    found: Draft | None = None
    for situation, before in known:
        after = _decide(engine, policy, situation, draft.component)
        if _is_bolder(after, before):
            return None
        if found is None and before != after:
            found = replace(draft, situation=situation)
    return found


def _add_draft(policy: Policy, draft: Draft) -> Policy:
    when = (Condition("component", "is", draft.component),)
    rule = Rule(draft.id, draft.title, draft.priority, when, (), (Constant(draft.fact, draft.value),), "")
    return add_rules(policy, [rule])


def _decide(engine: Engine, policy: Policy, situation: Facts, component: str) -> Decision:
    decision = fold_facts(engine.decide({"component": component, **situation}), policy)
    return replace(decision, decision_id="", because=(), rules_fired=(), rules_revision="")


def _is_bolder(decision: Decision, before: Decision) -> bool:
    """Say whether more is done by itself, or less is told: a draft that is left as it is must do no harm."""
    acts = _acts(decision) and not _acts(before)
    untold = not set(before.channels) <= set(decision.channels)
    return (
        acts
        or untold
        or any(
            _SEVERITIES.index(getattr(decision, name)) < _SEVERITIES.index(getattr(before, name))
            for name in ("severity", "priority")
        )
    )


def _acts(decision: Decision) -> bool:
    return is_automatic(decision.strategy, decision.plan.target)
