"""Searches against the brute force of trying all facts that matter, on random policies."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from unit.rules.engine_comparison import policies

from errclass.core.types import Facts
from errclass.rules import INPUTS, ForwardChainer, Policy
from errclass.rules.conditions import Condition, FactRef, is_same
from errclass.rules.effects import Copy, Effect, Lookup
from errclass.rules.lint import lint_policy
from errclass.rules.lint.circles import list_circles
from errclass.rules.lint.contradictory import Clashes
from errclass.rules.lint.domains import list_inputs, list_values
from errclass.rules.lint.goals import Fires, Goal
from errclass.rules.lint.missing_outcomes import Lacks
from errclass.rules.lint.search import Searcher
from errclass.rules.lint.shadowed import Sets
from errclass.rules.lint.standstill import ask_standstill

REAL = {
    "i0": "predicted_type",
    "i1": "history_jobs",
    "i2": "confidence",
    "i3": "only_flaky_tests",
    "i4": "predicted_type",
}
"""Inputs of every kind: a text, a number that is always there, one that comes with the text, and a flag."""
TEXT = "predicted_type"
MOST = 2_500
"""Facts that brute force tries for one policy."""

hard = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)


def use_real_inputs(policy: Policy) -> Policy:
    """Return the policy with inputs of the vocabulary, and lookups by texts, as the loader asks for."""
    rules = tuple(
        replace(
            rule,
            when=tuple(map(rename_test, rule.when)),
            unless=tuple(tuple(map(rename_test, veto)) for veto in rule.unless),
            then=tuple(map(rename_effect, rule.then)),
        )
        for rule in policy.rules
    )
    return replace(policy, rules=rules)


def rename_test(test: Condition) -> Condition:
    value = FactRef(REAL.get(test.value.fact, test.value.fact)) if isinstance(test.value, FactRef) else test.value
    return Condition(REAL.get(test.fact, test.fact), test.operator, value)


def rename_effect(effect: Effect) -> Effect:
    if isinstance(effect, Copy):
        return replace(effect, source=REAL.get(effect.source, effect.source))
    if isinstance(effect, Lookup):
        return replace(effect, by=TEXT if effect.by in REAL else effect.by)
    return effect


def list_possible_facts(policy: Policy) -> Iterator[Facts]:
    """Yield every combination of the values that stand for all."""
    values = {name: known for name, known in list_values(policy).items() if name in list_inputs(policy)}
    assume(math.prod(map(len, values.values())) <= MOST)
    for chosen in product(*values.values()):
        facts = {name: value for name, value in zip(values, chosen, strict=True) if value is not None}
        if is_possible(facts, values):
            yield facts


def is_possible(facts: Facts, names: Any) -> bool:
    """Say whether facts that always come together do."""
    followed = {name: INPUTS[name].beside for name in names if name in INPUTS and INPUTS[name].beside}
    return all((name in facts) == (leader in facts or leader == name) for name, leader in followed.items())


def list_goals(policy: Policy) -> Iterator[Goal]:
    """Yield everything that a policy can be asked."""
    derived = sorted(policy.sets)
    yield from (Lacks(name) for name in derived)
    yield from map(ask_standstill, list_circles(policy))
    for rule in policy.rules:
        yield Fires(rule.id)
        yield from (Sets(rule.id, name) for name in rule.sets)
        for name in derived[:2]:
            ends = (Condition(name, "missing", True),)
            yield from (Fires(rule.id, ends), Sets(rule.id, rule.sets[0], ends))
        for other in policy.rules:
            if rule.stage == other.stage and rule.id < other.id and rule.priority == other.priority:
                yield from (Clashes(rule.id, other.id, name) for name in rule.sets if name in other.sets)


@hard
@given(policies().map(use_real_inputs))
def test_a_search_finds_what_brute_force_finds_and_nothing_else(policy: Policy) -> None:
    """Facts that it names lead to the goal; where it says that there are none, there are none."""
    searcher = Searcher(policy)
    tried = [searcher.engine.decide(facts) for facts in list_possible_facts(policy)]
    for goal in list_goals(policy):
        answer = searcher.find_facts(goal)
        assert any(goal.is_met(policy, derivation) for derivation in tried) == (answer.facts is not None), goal
        assert answer.facts is None or searcher.meets(goal, answer.facts), goal
    assert () == searcher.undecided


FREE = st.fixed_dictionaries(
    {"history_jobs": st.integers(0, 10**10)},
    optional={
        "predicted_type": st.one_of(st.text(max_size=3), st.sampled_from(["x", "y", "", "1", "other", 'q"\\'])),
        "confidence": st.floats(0, 1),
        "only_flaky_tests": st.booleans(),
    },
)


@hard
@given(policies().map(use_real_inputs), st.lists(FREE, min_size=30, max_size=30))
def test_what_cannot_be_found_never_happens(policy: Policy, batch: list[dict[str, Any]]) -> None:
    """Also on facts that the search never looked at: the few values that it tries stand for all."""
    searcher = Searcher(policy)
    tried = [searcher.engine.decide(facts) for facts in batch if is_possible(facts, FREE_NAMES)]
    for goal in list_goals(policy):
        if any(goal.is_met(policy, derivation) for derivation in tried):
            assert searcher.find_facts(goal).facts is not None, goal


FREE_NAMES = frozenset(REAL.values())


def test_a_question_that_takes_too_long_is_not_decided(default_policy: Policy) -> None:
    """It is neither found nor impossible, and it is named."""
    searcher = Searcher(default_policy, budget=1)
    answer = searcher.find_facts(Lacks("severity"))
    assert (None, False, False) == (answer.facts, answer.decided, answer.is_impossible)
    assert ("can severity be missing",) == searcher.undecided


@settings(hard, max_examples=30)
@given(policies().map(use_real_inputs))
def test_examples_do_what_findings_say(policy: Policy) -> None:
    """Told from the trace of the engine alone."""
    report = lint_policy(policy, only=["shadowed", "contradictory"])
    for finding in report.findings:
        trace = {firing.rule: firing for firing in ForwardChainer(policy).decide(finding.facts).trace}
        if finding.check == "shadowed":
            assert not trace[finding.rules[0]].sets
        else:
            winner, loser = (trace[rule] for rule in finding.rules)
            assert any(not is_same(value, loser.overridden.get(name, value)) for name, value in winner.sets.items())
