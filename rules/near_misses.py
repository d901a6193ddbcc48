"""Which rules nearly fired, and what each of them missed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..core.frozen import FrozenDict
from ..core.types import Facts, Scalar
from .aspects import Aspects, find_changes, judge_facts, rank_changes
from .chain import pick_inputs
from .chaining import ForwardChainer
from .conditions import Condition, all_hold
from .engine import Derivation
from .policy import Policy
from .rule import Rule


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Name a rule that one condition or one veto kept silent."""

    rule: str
    title: str
    condition: Condition | None
    """What did not hold; None where a veto held."""
    veto: tuple[Condition, ...]
    """What held and kept it silent; empty where a condition did not hold."""
    found: Facts
    """The facts that this is about, as far as they were there."""
    changes: Mapping[str, Scalar]
    """What of strategy, type, retryable and severity would be otherwise, had the rule fired, and how."""


def find_near_misses(policy: Policy, derivation: Derivation) -> tuple[NearMiss, ...]:
    """Return the rules that exactly one condition, or exactly one veto, kept silent.

    First those that would have changed most: strategy, then type, retryable, severity; then the later stages.
    """
    fired = {firing.rule for firing in derivation.trace}
    judged = judge_facts(derivation, policy)
    inputs = pick_inputs(derivation)
    found: list[tuple[int, int, NearMiss]] = []
    for place, (rule, facts) in enumerate(_list_stage_facts(policy, derivation)):
        miss = None if rule.id in fired else _find_miss(rule, facts)
        if miss is not None:
            changes = _try(rule, miss, policy, inputs, judged)
            found.append((rank_changes(changes), -place, replace(miss, changes=changes)))
    return tuple(miss for _, _, miss in sorted(found, key=lambda entry: entry[:2]))


def _list_stage_facts(policy: Policy, derivation: Derivation) -> Iterator[tuple[Rule, Facts]]:
    """Yield every rule with the facts that were there when its stage was over."""
    known = pick_inputs(derivation)
    firings = {firing.rule: firing for firing in derivation.trace}
    for rules in policy.by_stage:
        for rule in rules:
            if rule.id in firings:
                known.update(firings[rule.id].sets)
        yield from ((rule, dict(known)) for rule in rules)


def _find_miss(rule: Rule, facts: Facts) -> NearMiss | None:
    unmet = list(dict.fromkeys(condition for condition in rule.conditions if not condition.holds(facts)))
    held = [veto for veto in rule.unless if all_hold(veto, facts)]
    if len(unmet) + len(held) != 1:
        return None
    condition, veto = (unmet[0], ()) if unmet else (None, held[0])
    names = condition.reads if condition else dict.fromkeys(name for test in veto for name in test.reads)
    found = FrozenDict({name: facts[name] for name in names if name in facts})
    return NearMiss(rule.id, rule.title, condition, veto, found, FrozenDict())


def _try(rule: Rule, miss: NearMiss, policy: Policy, inputs: Facts, judged: Aspects) -> Mapping[str, Scalar]:
    """Return what would be otherwise, had the rule not asked for what it missed."""
    if miss.condition is not None and miss.condition not in rule.when:
        return FrozenDict()  # it lacks what it would set: nothing can be said of it
    eager = replace(
        rule,
        when=tuple(test for test in rule.when if test != miss.condition),
        unless=tuple(veto for veto in rule.unless if veto != miss.veto),
    )
    changed = replace(policy, rules=tuple(eager if other is rule else other for other in policy.rules))
    # Judged with the policy as it is: of the changed one only what it derives counts, and its revision takes long.
    return find_changes(judged, judge_facts(ForwardChainer(changed).decide(inputs), policy))
